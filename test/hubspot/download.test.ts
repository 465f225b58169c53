import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type DownloadOptions, download, FileTooLarge, FileUnavailable } from '../../src/hubspot/download.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

/** A host on this machine, which is not on the internet; gives its port and how often it was called. */
const host = async (answer: RequestListener) => {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  return { port: (server.address() as AddressInfo).port, calls };
};
const saying =
  (words: string): RequestListener =>
  (_request, response) =>
    void response.end(words);

const fetched = async (url: string, options: Partial<DownloadOptions> = {}): Promise<string> => {
  const signal = new AbortController().signal;
  const all = { mostBytes: 1_000, signal, trustedOrigin: 'https://api.example.com', ...options };
  return (await download(url, all)).toString();
};

describe('a download', () => {
  it('comes from HubSpot’s API wherever that is', async () => {
    const { port } = await host(saying('hello'));
    expect(await fetched(`http://localhost:${port}/a`, { trustedOrigin: `http://localhost:${port}` })).toBe('hello');
  });

  it('comes from another host whose addresses may be called', async () => {
    const { port } = await host(saying('hello'));
    const asked: string[] = [];
    const mayConnectTo = (address: string) => asked.push(address) > 0;
    expect(await fetched(`http://localhost:${port}/a`, { mayConnectTo })).toBe('hello');
    expect(asked).toEqual(expect.arrayContaining([expect.stringMatching(/^(127\.0\.0\.1|::1)$/)]));
  });

  it.each([
    ['a name that leads here', (port: number) => `http://localhost:${port}/`],
    ['an address', (port: number) => `http://127.0.0.1:${port}/`],
    ['a decimal address', (port: number) => `http://2130706433:${port}/`],
    ['a hexadecimal address', (port: number) => `http://0x7f.1:${port}/`],
    ['an IPv6 address', (port: number) => `http://[::1]:${port}/`],
    ['a mapped address', (port: number) => `http://[::ffff:127.0.0.1]:${port}/`],
    ['another port of the trusted host', (port: number) => `http://localhost:${port}/`],
    ['a file', () => 'file:///etc/passwd'],
    ['data', () => 'data:text/plain,hello'],
    ['FTP', () => 'ftp://example.com/a'],
    ['no URL', () => 'not a url'],
  ])('never comes from %s', async (_what, url) => {
    const { port, calls } = await host(saying('secret'));
    await expect(fetched(url(port), { trustedOrigin: 'http://localhost:1' })).rejects.toBeInstanceOf(FileUnavailable);
    expect(calls).toEqual([]);
  });

  it('follows a redirect only to where it could go itself', async () => {
    const inside = await host(saying('secret'));
    const to =
      (location: string): RequestListener =>
      (request, response) =>
        void (request.url === '/there' ? response.end('hello') : response.writeHead(302, { location }).end());
    const outwards = await host(to(`http://localhost:${inside.port}/`));
    const trusting = (port: number) => ({ trustedOrigin: `http://localhost:${port}` });
    const led = fetched(`http://localhost:${outwards.port}/`, trusting(outwards.port));
    await expect(led).rejects.toBeInstanceOf(FileUnavailable);
    expect(inside.calls).toEqual([]);
    const home = await host(to('/there'));
    expect(await fetched(`http://localhost:${home.port}/`, trusting(home.port))).toBe('hello');
    const round = await host(to('/'));
    await expect(fetched(`http://localhost:${round.port}/`, trusting(round.port))).rejects.toThrow(/without an end/);
    expect(round.calls).toHaveLength(4);
  });

  it.each<[string, RequestListener, object]>([
    ['is too large', saying('a'.repeat(1_001)), FileTooLarge],
    [
      'goes on without an end',
      (_request, response) => {
        const go = (): void => {
          while (!response.destroyed) if (!response.write('a'.repeat(500))) return void response.once('drain', go);
        };
        go();
      },
      FileTooLarge,
    ],
    ['is gone', (_request, response) => void response.writeHead(404).end(), FileUnavailable],
    [
      'is packed',
      (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(),
      FileUnavailable,
    ],
    [
      'breaks off',
      (_request, response) =>
        void response.writeHead(200, { 'content-length': 9 }).write('a', () => response.destroy()),
      FileUnavailable,
    ],
  ])('that %s is none, and no error tells its URL', async (_what, answer, kind) => {
    const { port } = await host(answer);
    const failed = await fetched(`http://localhost:${port}/a?signature=s3cret`, {
      trustedOrigin: `http://localhost:${port}`,
    }).catch((error: Error) => error);
    expect(failed).toBeInstanceOf(kind);
    expect(String((failed as Error).stack) + JSON.stringify(failed)).not.toContain('s3cret');
  });

  it('ends with its signal, and carries no token', async () => {
    const controller = new AbortController();
    const why = new Error('a human took over');
    const { port, calls } = await host(() => controller.abort(why));
    const url = `http://localhost:${port}/a`;
    const given = { signal: controller.signal, trustedOrigin: `http://localhost:${port}` };
    await expect(fetched(url, given)).rejects.toBe(why);
    expect(calls).toEqual(['/a']);
  });
});
