import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { MAX_BODY_BYTES } from '../../src/api/body.ts';
import { deferred } from '../support/deferred.ts';
import { type Api, deliver, messages, newMessage, post, rawPost, signedHeaders, startApi } from './support.ts';

let api: Api;
const open: Socket[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await api.close();
});

const FEW = { deliveries: 2, bodyBytes: 20_000_000 };
const inFlight = async (): Promise<number> => (await api.counted('threadkeeper_webhook_requests_in_flight'))[''] ?? 0;

/** Resolves when so many deliveries are at work. */
const untilInFlight = async (count: number): Promise<void> => {
  while ((await inFlight()) !== count) await new Promise((again) => setTimeout(again, 5));
};

/** Deliveries that are at work until `release`. */
const hold = (count: number) => {
  const held = deferred();
  api.starter.before = () => held.promise;
  const answers = Promise.all(messages(count).map((event) => deliver(api, [event])));
  return { answers, release: () => held.resolve() };
};

/** Sends the head of a delivery and the beginning of its body, then nothing. */
const beginBody = async (length: string, beginning = '['): Promise<Socket> => {
  const { port } = new URL(api.url);
  const socket = createConnection({ host: '127.0.0.1', port: Number(port) });
  open.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(rawPost('').replace('Content-Length: 0', length) + beginning);
  socket.resume();
  return socket;
};

const codeOf = async (answer: Promise<{ body: unknown }>): Promise<string> =>
  ((await answer).body as { error: string }).error;

describe('past the bound of deliveries at work', () => {
  it('the next is refused at once, to come again; those at work are answered, and then there is room', async () => {
    api = await startApi({ inFlightBounds: FEW });
    const { answers, release } = hold(2);
    await untilInFlight(2);

    const refused = await deliver(api, [newMessage({ messageId: 'm-late' })]);
    expect(refused).toMatchObject({ status: 503, body: { error: 'overloaded' } });
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await api.counted('threadkeeper_http_refusals_total')).toEqual({ 'reason=overloaded': 1 });

    release();
    expect((await answers).map(({ status }) => status)).toEqual([200, 200]);
    await untilInFlight(0);
    expect((await deliver(api, [newMessage({ messageId: 'm-late' })])).body).toMatchObject({ accepted: 1 });
  });

  it('health and metrics still answer', async () => {
    api = await startApi({ inFlightBounds: FEW });
    const { answers, release } = hold(2);
    await untilInFlight(2);
    for (const path of ['/healthz', '/readyz']) expect((await fetch(api.url + path)).status).toBe(200);
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).toContain('threadkeeper_webhook_requests_in_flight 2');
    release();
    await answers;
  });

  it('a refused delivery takes no place, whatever it was refused for', async () => {
    api = await startApi({ inFlightBounds: { deliveries: 1, bodyBytes: MAX_BODY_BYTES } });
    const bodies = ['no JSON', '{}', '['.repeat(100), ''];
    for (const body of bodies) expect((await post(api.webhook, body)).status).toBe(400);
    expect((await post(api.webhook, '[]', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await deliver(api, [newMessage()])).status).toBe(200);
  });

  it('nor does one that has not come, or that nobody signed', async () => {
    api = await startApi({ inFlightBounds: { deliveries: 1, bodyBytes: 20_000_000 } });
    for (let count = 0; count < 20; count += 1) await beginBody('Content-Length: 8000000');
    const { 'x-hubspot-signature-v3': _, ...unsigned } = signedHeaders('[]') as Record<string, string>;
    expect((await fetch(api.webhook, { method: 'POST', body: '[]', headers: unsigned })).status).toBe(401);
    expect((await deliver(api, [newMessage()])).status).toBe(200);
  });
});

describe('past the bound of bytes', () => {
  it('the delivery that goes past it is refused, the others are taken, and then there is room', async () => {
    api = await startApi({ inFlightBounds: { deliveries: 10, bodyBytes: 1_000_000 } });
    // Bytes that have come and wait for the rest.
    const slow = await beginBody('Content-Length: 999999', ' '.repeat(900_000));
    const long = JSON.stringify([newMessage()]).padEnd(200_000);
    // Until they have come.
    for (;;) {
      const answer = await post(api.webhook, long);
      if (answer.status === 503) {
        expect(answer).toMatchObject({ body: { error: 'overloaded' } });
        expect(answer.headers.get('retry-after')).toBe('10');
        break;
      }
    }
    expect((await deliver(api, [newMessage({ messageId: 'small' })])).status).toBe(200);
    slow.destroy();
    while ((await post(api.webhook, long)).status === 503) await new Promise((again) => setTimeout(again, 5));
    expect((await api.counted('threadkeeper_http_refusals_total'))['reason=overloaded']).toBeGreaterThan(0);
  });

  it('a body that is too long for any bound is refused for its length', async () => {
    api = await startApi({ inFlightBounds: { deliveries: 10, bodyBytes: 2 * MAX_BODY_BYTES } });
    expect(await codeOf(post(api.webhook, Buffer.alloc(MAX_BODY_BYTES + 1, ' ')))).toBe('too-large');
  });
});

describe('a place that is taken', () => {
  it('is given back when the caller hangs up', async () => {
    api = await startApi({ inFlightBounds: { ...FEW, deliveries: 1 } });
    const held = deferred();
    api.starter.before = () => held.promise;
    const caller = new AbortController();
    const body = JSON.stringify([newMessage()]);
    const hungUp = fetch(api.webhook, { method: 'POST', body, headers: signedHeaders(body), signal: caller.signal });
    await untilInFlight(1);
    caller.abort();
    await expect(hungUp).rejects.toThrow();
    await untilInFlight(0);
    held.resolve();
    expect((await deliver(api, [newMessage({ messageId: 'next' })])).status).toBe(200);
  });
});
