import type { RequestListener } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CannotListen, type Listening, type ListenOptions, listen } from '../../src/api/server.ts';
import { deliver, LAST, messages, newMessage, rawPost, sendRaw, signedHeaders, startApi } from './support.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const serve = async (app: RequestListener, options: Partial<ListenOptions> = {}): Promise<Listening> => {
  const server = await listen(app, { port: 0, host: '127.0.0.1', ...options });
  open.push(server);
  return server;
};

const startedApi = async (...options: Parameters<typeof startApi>) => {
  const api = await startApi(...options);
  open.push(api);
  return api;
};

const connect = (url: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(url).port) }, () => resolve(socket));
    socket.on('error', reject);
    socket.resume();
  });

const gone = async (socket: Socket): Promise<void> => {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
};

/** An answer that waits until it is told, and a promise that a request is waiting for it. */
const held = () => {
  let answer = () => {};
  let arrived = () => {};
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const app: RequestListener = (_request, response) => {
    answer = () => response.end('done');
    arrived();
  };
  return { app, waiting, answer: () => answer() };
};

describe('listen', () => {
  it('says where it listens', async () => {
    const { url } = await serve((_request, response) => response.end('hello'));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(url)).text()).toBe('hello');
  });

  it('says it so that it can be called, on all interfaces too', async () => {
    const server = await listen((_request, response) => response.end('hello'), { port: 0 });
    open.push(server);
    expect(server.url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(await (await fetch(server.url)).text()).toBe('hello');
  });

  it('says in one line that the port is in use, and which setting to change', async () => {
    const { url } = await serve(() => {});
    const port = Number(new URL(url).port);
    const taken = serve(() => {}, { port });
    await expect(taken).rejects.toThrow(CannotListen);
    await expect(taken).rejects.toThrow(`Port ${port} is in use: stop what listens there, or set PORT to a free one.`);
  });

  it('says in one line that an address is not of this machine', async () => {
    await expect(serve(() => {}, { host: '192.0.2.1' })).rejects.toThrow(
      /^Port 0 can't be listened on \(EADDRNOTAVAIL\)/,
    );
  });
});

describe('close', () => {
  it('lets a request in flight have its answer, then takes no more', async () => {
    const { app, waiting, answer } = held();
    const { url, close } = await serve(app);
    const response = fetch(url);
    await waiting;
    const closed = close();
    answer();
    expect(await (await response).text()).toBe('done');
    await closed;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('does not wait for connections that are idle, kept alive or silent from the start', async () => {
    const { url, close } = await serve((_request, response) => response.end('hello'), { closeGraceMs: 600_000 });
    const silent = await connect(url);
    const keptAlive = await connect(url);
    const answered = new Promise((resolve) => keptAlive.once('data', resolve));
    keptAlive.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await answered;
    await Promise.all([close(), gone(silent), gone(keptAlive)]);
  });

  it('gives up on a request that never ends', async () => {
    const { app, waiting } = held();
    const { url, close } = await serve(app, { closeGraceMs: 20 });
    const response = fetch(url);
    await waiting;
    await Promise.all([close(), expect(response).rejects.toThrow()]);
  });

  it('may be called twice', async () => {
    const { close } = await serve(() => {});
    await Promise.all([close(), close()]);
  });
});

describe('a slow or broken sender', () => {
  const impatient = { headersTimeoutMs: 100, requestTimeoutMs: 200 };

  it('of headers is cut off', async () => {
    const { url } = await serve(() => {}, impatient);
    expect(await sendRaw(url, 'POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('of a body that is shorter than promised is cut off, without effect', async () => {
    const api = await startedApi({ listen: impatient });
    const body = JSON.stringify([newMessage()]);
    const promised = rawPost(body).replace(/Content-Length: (\d+)/, `Content-Length: ${body.length + 1}`);
    expect(await sendRaw(api.url, promised)).toMatch(/^HTTP\/1\.1 408 /);
    expect(api.starter.runs.size).toBe(0);
    expect(await api.counted('threadkeeper_http_refusals_total')).toEqual({ 'reason=incomplete': 1 });
  });

  it('keeps nobody else from an answer, five hundred times over', async () => {
    // Enough for the others on a busy machine.
    const api = await startedApi({ listen: { headersTimeoutMs: 2_000, requestTimeoutMs: 10_000 } });
    const slow = await Promise.all(Array.from({ length: 500 }, () => connect(api.url)));
    const allGone = Promise.all(slow.map(gone));
    for (const socket of slow) socket.write('POST /webhooks/hubspot HTTP/1.1\r\nHost: x\r\n');
    expect((await deliver(api, messages(3))).status).toBe(200);
    await allGone;
    expect((await deliver(api, messages(3))).status).toBe(200);
  });

  it.each([
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]', 400],
    ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['a broken chunk', 'Transfer-Encoding: chunked\r\n\r\nxyz\r\n', 400],
    ['a NUL in a header', 'X-Evil: a\0b\r\n\r\n', 400],
    ['a bare carriage return', 'X-Evil: a\rb\r\n\r\n', 400],
    ['headers of more than 16 kB', `X-Long: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
  ])('of %s is refused and cut off', async (_what, rest, status) => {
    const api = await startedApi();
    const head = 'POST /webhooks/hubspot HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    expect(await sendRaw(api.url, head + rest)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(api.starter.runs.size).toBe(0);
  });

  it('of 2,500 headers harms nobody', async () => {
    const api = await startedApi();
    const head = `POST /webhooks/hubspot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${'a:\r\n'.repeat(2500)}`;
    expect(await sendRaw(api.url, `${head}\r\n`)).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await deliver(api, [newMessage()])).status).toBe(200);
  });
});

describe('when as many connections are open as there may be', () => {
  const idle = async (url: string, count: number) => {
    const sockets: Socket[] = [];
    for (let at = 0; at < count; at += 1) sockets.push(await connect(url));
    return sockets;
  };
  const destroyed = (sockets: Socket[]) => sockets.map((socket) => socket.closed);
  const hello: RequestListener = (_request, response) => response.end('hello');

  it('the oldest is closed that has said nothing yet, and the next one is served: 1,001 shut nobody out', async () => {
    let dropped = 0;
    const { url } = await serve(hello, {
      headersTimeoutMs: 60_000,
      requestTimeoutMs: 60_000,
      onDropped: () => (dropped += 1),
    });
    const sockets = await idle(url, 1001);
    await gone(sockets[0] as Socket);
    expect(await sendRaw(url, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/hello$/);
    expect(dropped).toBe(2);
    await gone(sockets[1] as Socket);
    expect(destroyed(sockets.slice(2))).toEqual(Array(999).fill(false));
    for (const socket of sockets) socket.destroy();
  });

  it('one that was answered is closed before one that has just come, and one that is being answered never', async () => {
    const { app, waiting, answer } = held();
    const both: RequestListener = (request, response) =>
      request.url === '/held' ? app(request, response) : hello(request, response);
    const { url } = await serve(both, { maxConnections: 4, closeGraceMs: 0 });
    const working = fetch(`${url}/held`);
    await waiting;
    const answered = (await idle(url, 2)) as [Socket, Socket];
    for (const socket of answered) {
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await new Promise((resolve) => socket.once('data', resolve));
    }
    const justCome = await idle(url, 4);
    await Promise.all([...answered, justCome[0] as Socket].map(gone));
    expect(destroyed(justCome)).toEqual([true, false, false, false]);
    answer();
    expect(await (await working).text()).toBe('done');
  });

  it('one that has sent no request for a second is closed before one that was answered', async () => {
    const { url } = await serve(hello, { maxConnections: 2, closeGraceMs: 0 });
    const [silent, answered] = (await idle(url, 2)) as [Socket, Socket];
    await new Promise((passed) => setTimeout(passed, 1100));
    answered.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => answered.once('data', resolve));
    const [next] = (await idle(url, 1)) as [Socket];
    await gone(silent);
    expect(destroyed([answered, next])).toEqual([false, false]);
  });

  it('one that brought a delivery is closed last', async () => {
    const api = await startedApi({ listen: { maxConnections: 2, closeGraceMs: 0 } });
    const [genuine] = (await idle(api.url, 1)) as [Socket];
    const deliverOnce = async (): Promise<string> => {
      const answered = new Promise((resolve) => genuine.once('data', resolve));
      genuine.write(rawPost(JSON.stringify([newMessage()])));
      return String(await answered);
    };
    expect(await deliverOnce()).toMatch(/^HTTP\/1\.1 200 /);
    const others = await idle(api.url, 3);
    await Promise.all(others.slice(0, 2).map(gone));
    expect(await deliverOnce()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('one whose body does not come is closed for the next', async () => {
    const api = await startedApi({ listen: { maxConnections: 5, closeGraceMs: 0 } });
    const unfinished = await idle(api.url, 5);
    const body = JSON.stringify([newMessage()]);
    for (const socket of unfinished) socket.write(rawPost(body).slice(0, -1));
    while ((await api.counted('threadkeeper_webhook_body_bytes'))[''] !== 5 * 1024) {
      await new Promise((again) => setTimeout(again, 5));
    }
    const answer = await sendRaw(api.url, rawPost(body, { ...signedHeaders(body), ...LAST }));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(destroyed(unfinished)).toEqual([true, false, false, false, false]);
  });

  it('the next one is closed where all others are at work', async () => {
    const { app, waiting, answer } = held();
    const { url } = await serve(app, { maxConnections: 1 });
    const working = fetch(url);
    await waiting;
    await gone(await connect(url));
    answer();
    expect(await (await working).text()).toBe('done');
  });
});
