import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { MAX_BODY_BYTES } from '../../../src/api/webhook/body.ts';
import { deferred } from '../../support/deferred.ts';
import { type Api, deliver, messages, newMessage, post, rawPost, signedHeaders, startApi } from '../support.ts';

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

/** A connection of its own: what came back on it, and a promise that the server ended it. */
const connect = async () => {
  const { port } = new URL(api.url);
  const socket = createConnection({ host: '127.0.0.1', port: Number(port) });
  open.push(socket);
  let received = '';
  socket.on('data', (data) => {
    received += data.toString('latin1');
  });
  socket.on('error', () => {});
  const ended = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  const answers = () => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
  return {
    socket,
    ended,
    received: () => received,
    answers,
    /** Resolves when so many answers have come. */
    answered: async (count: number) => {
      while (answers().length < count) await new Promise((again) => setTimeout(again, 5));
      return answers();
    },
  };
};

const MEBIBYTE = Buffer.alloc(1024 * 1024, ' ');
const bytesHeld = async (): Promise<number> => (await api.counted('threadkeeper_webhook_body_bytes'))[''] ?? 0;
const untilHeld = async (wanted: (bytes: number) => boolean): Promise<void> => {
  while (!wanted(await bytesHeld())) await new Promise((again) => setTimeout(again, 5));
};

const BODY = JSON.stringify([newMessage()]);
const head = (changes: Record<string, string>, body = BODY): string => {
  const { 'Content-Length': length, ...headers } = changes;
  const bytes = rawPost(body, { ...signedHeaders(body), ...headers }).slice(0, -body.length);
  return length === undefined ? bytes : bytes.replace(/Content-Length: \d+/, length);
};

describe('the bytes of a body are counted, and given back once,', () => {
  const EIGHT = 'Content-Length: 8000000';

  it.each([
    ['another content type', 415, { 'content-type': 'text/plain', 'Content-Length': EIGHT }],
    ['a label of gzip', 415, { 'content-encoding': 'gzip', 'Content-Length': EIGHT }],
    ['a label of gzip among others', 415, { 'content-encoding': 'identity, gzip', 'Content-Length': EIGHT }],
    ['a length over the limit', 413, { 'Content-Length': 'Content-Length: 8388609' }],
    ['a length over all limits', 413, { 'Content-Length': `Content-Length: ${Number.MAX_SAFE_INTEGER}` }],
    ['no form of a signature', 401, { 'x-hubspot-signature-v3': 'none', 'Content-Length': EIGHT }],
    [
      'an old signature, in chunks',
      401,
      { 'x-hubspot-request-timestamp': '1', 'Content-Length': 'Transfer-Encoding: chunked' },
    ],
  ])(
    'after an upload that its head refuses for %s: the connection ends, whatever follows',
    async (_what, status, changes) => {
      api = await startApi({ inFlightBounds: { deliveries: 10, bodyBytes: MAX_BODY_BYTES } });
      const upload = async (): Promise<void> => {
        const { socket, answered, ended, received } = await connect();
        socket.write(head(changes));
        expect(await answered(1)).toEqual([status]);
        expect(received()).toMatch(/\r\nConnection: close\r\n/i);
        // As long as it takes them, and never to the end.
        const more = setInterval(() => socket.write(MEBIBYTE), 10);
        await ended;
        clearInterval(more);
      };
      await Promise.all([upload(), upload(), upload()]);
      expect(await bytesHeld()).toBe(0);
      expect((await deliver(api, [newMessage()])).status).toBe(200);
    },
  );

  it('after one that is refused when it has come', async () => {
    api = await startApi();
    const body = BODY.padEnd(300_000);
    expect((await post(api.webhook, body, signedHeaders('another'))).status).toBe(401);
    expect((await post(api.webhook, '{}')).status).toBe(400);
    expect((await post(api.webhook, body)).status).toBe(200);
    expect(await bytesHeld()).toBe(0);
  });

  it.each([
    ['hangs up', EIGHT, (socket: Socket) => socket.destroy()],
    ['resets the connection', EIGHT, (socket: Socket) => socket.resetAndDestroy()],
    ['says that no more comes', EIGHT, (socket: Socket) => socket.end()],
    ['hangs up between two chunks', 'Transfer-Encoding: chunked', (socket: Socket) => socket.destroy()],
    ['breaks the form of chunks', 'Transfer-Encoding: chunked', (socket: Socket) => socket.write('no chunk\r\n')],
  ])('after one whose caller %s in the middle', async (_what, length, end) => {
    api = await startApi();
    const { socket, ended } = await connect();
    const part = ' '.repeat(100_000);
    socket.write(head({ 'Content-Length': length }));
    socket.write(length === EIGHT ? part : `${part.length.toString(16)}\r\n${part}\r\n`);
    await untilHeld((bytes) => bytes >= part.length);
    end(socket);
    await Promise.all([ended, untilHeld((bytes) => bytes === 0)]);
    expect(await api.counted('threadkeeper_http_refusals_total')).toEqual({ 'reason=incomplete': 1 });
  });

  it('after one that does not come to its end in time', async () => {
    api = await startApi({ bodyDeadlineMs: 50 });
    const { socket, answered, ended } = await connect();
    socket.write(`${head({ 'Content-Length': EIGHT })}[`);
    expect(await answered(1)).toEqual([408]);
    await ended;
    expect(await bytesHeld()).toBe(0);
    expect(await api.counted('threadkeeper_http_refusals_total')).toEqual({ 'reason=too-slow': 1 });
  });

  it('after one in chunks that grows over the limit', async () => {
    api = await startApi();
    const { socket, answered, ended } = await connect();
    socket.write(head({ 'Content-Length': 'Transfer-Encoding: chunked' }));
    for (let count = 0; count < 9; count += 1) {
      socket.write('100000\r\n');
      socket.write(MEBIBYTE);
      socket.write('\r\n');
    }
    expect(await answered(1)).toEqual([413]);
    await ended;
    expect(await bytesHeld()).toBe(0);
  });

  it('after one in crumbs, which take much more than their bytes', async () => {
    api = await startApi();
    const { socket, answered, ended } = await connect();
    socket.write(head({ 'Content-Length': 'Transfer-Encoding: chunked' }));
    socket.write('1\r\n \r\n'.repeat(10_000));
    expect(await answered(1)).toEqual([413]);
    await ended;
    expect(await bytesHeld()).toBe(0);
  });

  it('after two on one connection, one by one and pipelined, and one that is refused between them', async () => {
    api = await startApi();
    const { socket, answered } = await connect();
    const wrong = rawPost(BODY, signedHeaders('another'));
    socket.write(rawPost(BODY));
    await answered(1);
    socket.write(rawPost(BODY));
    await answered(2);
    socket.write(rawPost(BODY) + wrong + rawPost(BODY));
    expect(await answered(5)).toEqual([200, 200, 200, 401, 200]);
    expect(await bytesHeld()).toBe(0);
  });

  it('after one that asks whether it may come: it may once its head is taken', async () => {
    api = await startApi();
    const expecting = { expect: '100-continue' };
    const taken = await connect();
    taken.socket.write(head(expecting));
    await taken.answered(1);
    taken.socket.write(BODY);
    expect(await taken.answered(2)).toEqual([100, 200]);

    const refused = await connect();
    refused.socket.write(head({ ...expecting, 'content-type': 'text/plain' }));
    await refused.ended;
    expect(refused.answers()).toEqual([415]);
    expect(await bytesHeld()).toBe(0);
  });

  it('after one whose caller is gone while it is at work', async () => {
    api = await startApi();
    const held = deferred();
    api.starter.before = () => held.promise;
    const { socket, ended } = await connect();
    socket.write(rawPost(BODY));
    await untilHeld((bytes) => bytes > 0);
    await untilInFlight(1);
    socket.destroy();
    await ended;
    await untilInFlight(0);
    held.resolve();
    await untilHeld((bytes) => bytes === 0);
  });
});

it('an answer to a request of any path ends the connection when nobody has read the body', async () => {
  api = await startApi();
  for (const path of ['/healthz', '/nowhere', '/webhooks/hubspot/']) {
    const { socket, answered, ended, received } = await connect();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n`);
    await answered(1);
    expect(received()).toMatch(/\r\nConnection: close\r\n/i);
    await ended;
  }
});

describe('past the bound of bytes', () => {
  it('the unfinished upload that has taken most for longest is dropped, to come again, and not the newcomer', async () => {
    api = await startApi({ inFlightBounds: { deliveries: 10, bodyBytes: 1_000_000 } });
    const { socket, answered, ended, received } = await connect();
    socket.write(head({ 'Content-Length': 'Content-Length: 999999' }) + ' '.repeat(900_000));
    await untilHeld((bytes) => bytes >= 900_000);
    const long = JSON.stringify([newMessage()]).padEnd(200_000);
    expect((await post(api.webhook, long)).status).toBe(200);
    expect(await answered(1)).toEqual([503]);
    expect(received()).toMatch(/\r\nRetry-After: 10\r\n[\s\S]*overloaded/);
    await ended;
    expect(await bytesHeld()).toBe(0);
  });

  it('is dropped what holds little for long, before what has just begun', async () => {
    api = await startApi({ inFlightBounds: { deliveries: 10, bodyBytes: 1_000_000 } });
    // As many as there is room for, each as large as a delivery of 100 events.
    for (let count = 0; count < 20; count += 1) await beginBody('Content-Length: 60000', ' '.repeat(50_000));
    await untilHeld((bytes) => bytes >= 950_000);
    await new Promise((passed) => setTimeout(passed, 300));
    const genuine = messages(5).map((event) => post(api.webhook, JSON.stringify([event]).padEnd(60_000)));
    expect((await Promise.all(genuine)).map(({ status }) => status)).toEqual(Array(5).fill(200));
  });

  it('nine unfinished uploads of 8 MiB shut out none of 269 deliveries', async () => {
    api = await startApi();
    for (let count = 0; count < 9; count += 1) {
      const { socket } = await connect();
      socket.write(head({ 'Content-Length': `Content-Length: ${MAX_BODY_BYTES}` }));
      for (let sent = 0; sent < 7; sent += 1) socket.write(MEBIBYTE);
    }
    await untilHeld((bytes) => bytes > 40 * MEBIBYTE.length);
    const statuses: number[] = [];
    for (const events of messages(269).map((event) => JSON.stringify([event]).padEnd(60_000))) {
      statuses.push((await post(api.webhook, events)).status);
    }
    expect(statuses).toEqual(Array(269).fill(200));
  });

  it('large bodies leave the part that is for small ones', async () => {
    api = await startApi({ inFlightBounds: { deliveries: 10, bodyBytes: 2 * MAX_BODY_BYTES } });
    const held = deferred();
    api.starter.before = () => held.promise;
    const large = Array.from({ length: 2 }, (_, at) =>
      post(api.webhook, JSON.stringify([newMessage({ messageId: `large-${at}` })]).padEnd(MAX_BODY_BYTES)),
    );
    await untilInFlight(1);
    expect((await Promise.race(large)).status).toBe(503);
    const small = deliver(api, [newMessage({ messageId: 'small' })]);
    await untilInFlight(2);
    held.resolve();
    expect((await small).status).toBe(200);
    expect((await Promise.all(large)).map(({ status }) => status).sort()).toEqual([200, 503]);
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
