import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { examine } from '../../src/doctor/finding.ts';
import { selfTest } from '../../src/doctor/webhook-self-test.ts';
import { SECRET, startApi } from '../api/support.ts';
import { freePort } from '../support/free-port.ts';

const servers: Server[] = [];
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
  for (const close of closers.splice(0)) await close();
});

/** Something that isn't Threadkeeper. */
const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${WEBHOOK_PATH}`;
};
/** The real API, where the world finds it. */
const threadkeeper = async (settings: Parameters<typeof startApi>[0] = {}) => {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}${WEBHOOK_PATH}`;
  const api = await startApi({ ...settings, settings: { publicUrl, ...settings.settings }, listen: { port } });
  closers.push(api.close);
  return { publicUrl, api };
};
const test = (publicUrl: string, { secret = SECRET, now = Date.now(), timeoutMs = 24_000 } = {}) =>
  examine(selfTest({ publicUrl, secret, which: '', timeoutMs, clock: () => now }), 30_000);

it('is passed by the running product, and starts nothing there', async () => {
  const { publicUrl, api } = await threadkeeper();
  expect(await test(publicUrl)).toMatchObject({ check: 'webhook self-test', level: 'ok' });
  expect(api.starter.runs.size).toBe(0);
});

it('finds a client secret that differs between here and there; with the same one it passes', async () => {
  const { publicUrl } = await threadkeeper();
  const found = await test(publicUrl, { secret: 'another-secret' });
  expect(found).toMatchObject({
    level: 'problem',
    message: expect.stringContaining('401 (signature-mismatch)'),
    remedy: expect.stringContaining('HUBSPOT_CLIENT_SECRET or WEBHOOK_PUBLIC_URL differs'),
  });
  expect(JSON.stringify(found)).not.toMatch(/another-secret|client-secret/);
  expect(await test(publicUrl)).toMatchObject({ level: 'ok' });
});

it('finds a public URL that differs between here and there', async () => {
  const { publicUrl } = await threadkeeper({ settings: { publicUrl: 'https://example.com/webhooks/hubspot' } });
  expect((await test(publicUrl)).remedy).toContain('WEBHOOK_PUBLIC_URL differs');
});

it('finds clocks that are apart', async () => {
  const { publicUrl } = await threadkeeper();
  for (const now of [Date.now() - 3_600_000, Date.now() + 3_600_000]) {
    expect(await test(publicUrl, { now })).toMatchObject({ level: 'problem', remedy: expect.stringContaining('NTP') });
  }
});

it('finds a proxy that hands the call to another path of Threadkeeper', async () => {
  const { api } = await threadkeeper();
  expect((await test(`${api.url}/hooks${WEBHOOK_PATH}`)).remedy).toContain(`hand the call on as ${WEBHOOK_PATH}`);
});

it.each([
  ['a 404 of something else', 404, 'correct the path'],
  ['a login in front', 401, 'let it pass POSTs'],
  ['a redirect', 302, 'follows no redirect'],
  ['a proxy without a Threadkeeper behind it', 502, 'reaches no Threadkeeper'],
  ['a tunnel without a Threadkeeper behind it', 503, 'reaches no Threadkeeper'],
  ['a page of something else', 200, "HubSpot would take such an answer for Threadkeeper's"],
])('finds %s', async (_, status, advice) => {
  const url = await serve((_request, response) => {
    response.writeHead(status, { location: 'https://example.com/' }).end('<html></html>');
  });
  const found = await test(url);
  expect(found).toMatchObject({ level: 'problem', remedy: expect.stringContaining(advice) });
  expect(found.message).toContain(`answers ${status}`);
});

it('finds nothing that listens', async () => {
  expect(await test(`http://127.0.0.1:${await freePort()}${WEBHOOK_PATH}`)).toMatchObject({
    level: 'problem',
    message: expect.stringContaining('ECONNREFUSED'),
    remedy: expect.stringContaining('npm start'),
  });
});

it('finds a host name that nobody knows', async () => {
  expect(await test('https://threadkeeper.invalid/webhooks/hubspot')).toMatchObject({
    level: 'problem',
    remedy: expect.stringContaining('DNS'),
  });
});

it('finds a port that speaks no https', async () => {
  const url = await serve((_request, response) => response.end());
  expect(await test(url.replace('http:', 'https:'))).toMatchObject({
    level: 'problem',
    remedy: expect.stringContaining('certificate'),
  });
});

it('does not wait for ever', async () => {
  const url = await serve(() => undefined);
  expect(await test(url, { timeoutMs: 200 })).toMatchObject({
    level: 'problem',
    message: expect.stringContaining('within 0.2 s'),
  });
});
