import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { type OpsDependencies, opsRoutes } from '../../src/api/ops/routes.ts';
import { temporalLinks } from '../../src/api/ops/temporal-links.ts';
import { createVisits, type VisitOptions } from '../../src/api/ops/visits.ts';
import { type Listening, listen } from '../../src/api/server.ts';
import { createLogger } from '../../src/logging.ts';
import { createEndedVisits } from '../../src/sessions/ended-visits.ts';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';
import { createStops, type StopScope } from '../../src/sessions/stops.ts';
import { openSuiteDatabase } from '../support/suite-environment.ts';

const TOKEN = 'the-token-of-operations-page';

const open: Listening[] = [];
afterEach(async () => {
  for (const { close } of open.splice(0)) await close();
});

/** An API process with a desk. */
const start = async (options: Partial<OpsDependencies> & { visitOptions?: VisitOptions } = {}): Promise<string> => {
  const { visitOptions, ...others } = options;
  const nothing = { known: [] };
  const routes = opsRoutes({
    visits: createVisits(TOKEN, Date.now, visitOptions),
    overview: async () => ({
      attention: { known: { runs: [], more: false } },
      stops: { known: [] },
      waits: { known: { count: 0, longest: [] } },
      outcomes: { unknown: 'not here' },
      sessions: { known: { counts: [], latest: [] } },
      skips: { known: { days: [], reasons: [] } },
      portals: nothing,
    }),
    repeat: async () => 'repeated',
    links: temporalLinks(null, 'default'),
    logger: createLogger({ level: 'silent' }),
    clock: Date.now,
    ...others,
  });
  const server = await listen(express().use(routes), { port: 0, host: '127.0.0.1' });
  open.push(server);
  return server.url;
};

const send = async (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  await fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });
const signIn = (url: string, token = TOKEN, headers: Record<string, string> = {}) =>
  send(`${url}/ops/login`, { token }, headers);
const cookieIn = (answer: Response, name: string): string =>
  answer.headers
    .getSetCookie()
    .find((one) => one.startsWith(`${name}=`))
    ?.split(';')[0] ?? '';
const visitOf = async (url: string): Promise<string> => cookieIn(await signIn(url), 'threadkeeper_ops');
const pageFor = async (url: string, cookie: string): Promise<string> =>
  await (await fetch(`${url}/ops`, { headers: { cookie } })).text();
const signOut = async (url: string, cookie: string) => {
  const key = /name="key" value="([^"]*)"/.exec(await pageFor(url, cookie))?.[1] ?? '';
  return await send(`${url}/ops/logout`, { key }, { cookie });
};

describe('signing in', () => {
  it('is limited: after some wrong tokens none is looked at, and it says for how long', async () => {
    const url = await start();
    const statuses: number[] = [];
    for (let time = 0; time < 40; time += 1) statuses.push((await signIn(url, `wrong-${time}`)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    const refused = await signIn(url);
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    expect(await refused.text()).toMatch(/Try again in \d+ seconds/);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(10);
  });

  it('stays open to a browser that has signed in before, whatever others try', async () => {
    const url = await start();
    const browser = cookieIn(await signIn(url), 'threadkeeper_ops_browser');
    for (let time = 0; time < 20; time += 1) await signIn(url, 'wrong');
    expect((await signIn(url)).status).toBe(429);
    expect((await signIn(url, TOKEN, { cookie: browser })).status).toBe(303);
    expect((await signIn(url, TOKEN, { cookie: 'threadkeeper_ops_browser=AAAAAAAAAAAAAAAA.forged' })).status).toBe(429);
  });

  it('does not count what was right', async () => {
    const url = await start();
    for (let time = 0; time < 30; time += 1) expect((await signIn(url)).status).toBe(303);
  });

  it.each([
    ['/ops/conversations?period=yesterday', '/ops/conversations?period=yesterday'],
    ['/ops', '/ops'],
    ['https://evil.example.com/ops', '/ops'],
    ['//evil.example.com', '/ops'],
    ['/opsy', '/ops'],
    ['/ops/\\evil\r\nX: y', '/ops'],
  ])('goes on to the page that was wanted, and to none elsewhere: %s', async (next, to) => {
    const answer = await send(`${await start()}/ops/login`, { token: TOKEN, next });
    expect(answer.headers.get('location')).toBe(to);
  });

  it('opens nothing to a browser that is only known', async () => {
    const url = await start();
    const browser = cookieIn(await signIn(url), 'threadkeeper_ops_browser').split('=')[1] ?? '';
    expect(await pageFor(url, `threadkeeper_ops=${browser}`)).toContain('type="password"');
  });
});

describe('the cookie of a visit', () => {
  const signInAs = (url: string, host: string): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const body = new URLSearchParams({ token: TOKEN }).toString();
      const headers = { host, 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
      request(`${url}/ops/login`, { method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.headers['set-cookie'] ?? []);
      })
        .on('error', reject)
        .end(body);
    });

  it.each([
    [true, 'localhost'],
    [true, 'localhost:3000'],
    [true, '127.0.0.1'],
    [true, '[::1]:3000'],
    [true, 'ops.example.com'],
    [false, 'ops.example.com'],
  ])('goes over https only where the public URL has it (%s) or the host is elsewhere: %s', async (overHttps, host) => {
    const cookies = await signInAs(await start({ overHttps, installCookiePath: '/oauth/' }), host);
    expect(cookies).toHaveLength(3);
    for (const cookie of cookies) expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
  });

  it('goes over http to this machine where nothing speaks of https', async () => {
    const cookies = await signInAs(await start(), 'localhost:3000');
    for (const cookie of cookies) expect(cookie).not.toContain('Secure');
  });
});

describe('signing out', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openSuiteDatabase();
  });
  afterAll(async () => {
    await database.close();
  });

  it('ends the visit: a copied cookie shows nothing and changes nothing any more', async () => {
    const url = await start();
    const [visit, another] = [await visitOf(url), await visitOf(url)];
    const key = /name="key" value="([^"]*)"/.exec(await pageFor(url, visit))?.[1] ?? '';
    const cleared = (await signOut(url, visit)).headers.get('set-cookie');
    expect(cleared).toMatch(/^threadkeeper_ops=; Path=\/ops; Expires=Thu, 01 Jan 1970/);
    expect(await pageFor(url, visit)).toContain('type="password"');
    const retried = await send(`${url}/ops/retry`, { key, workflowId: 'w', runId: 'r' }, { cookie: visit });
    expect(retried.headers.get('location')).toBe('/ops');
    expect(await pageFor(url, another)).toContain('Needs attention');
  });

  it('stops the AI by the page’s own form alone, and ends the stop', async () => {
    const stops = createStops(database.db);
    const stop = (scope: StopScope, by: string | null) => (by === null ? stops.release(scope) : stops.stop(scope, by));
    const url = await start({ stop });
    const cookie = await visitOf(url);
    const key = /name="key" value="([^"]*)"/.exec(await pageFor(url, cookie))?.[1] ?? '';
    const become = async (form: Record<string, string>) =>
      (await send(`${url}/ops/stop`, form, { cookie })).headers.get('location');
    expect(await become({ key: 'another', do: 'stop', scope: 'all' })).toBe('/ops');
    expect(await stops.list()).toEqual([]);
    expect(await become({ key, do: 'stop', scope: 'all' })).toBe('/ops?notice=stop-begun');
    expect(await stops.list()).toMatchObject([{ scope: 'all', by: 'an operator on /ops' }]);
    expect(await become({ key, do: 'stop', scope: 'all' })).toBe('/ops?notice=stop-held');
    expect(await become({ key, do: 'stop', scope: 'drop table' })).toBe('/ops?notice=stop-failed');
    expect(await become({ key, do: 'end', scope: 'all' })).toBe('/ops?notice=stop-ended');
    expect(await become({ key, do: 'end', scope: 'all' })).toBe('/ops?notice=stop-gone');
    expect(await stops.list()).toEqual([]);
  });

  it('ends it in every process with the same database, and after a restart', async () => {
    const process = () => start({ visitOptions: { ended: createEndedVisits(database.db) } });
    const [one, two] = [await process(), await process()];
    const visit = await visitOf(one);
    expect(await pageFor(two, visit)).toContain('Needs attention');
    await signOut(two, visit);
    for (const url of [one, two, await process()]) expect(await pageFor(url, visit)).toContain('type="password"');
  });

  it('counts in its own process while the database is away, where those who sign in see the page', async () => {
    const away = () => Promise.reject(new Error('down'));
    const failed: unknown[] = [];
    const ended = { add: away, has: away };
    const process = () => start({ visitOptions: { ended, failed: (error) => failed.push(error) } });
    const url = await process();
    const visit = await visitOf(url);
    expect(await pageFor(url, visit)).toContain('Needs attention');
    expect(failed).toHaveLength(1);
    expect(await pageFor(await process(), visit)).toContain('type="password"');
    await signOut(url, visit);
    expect(await pageFor(url, visit)).toContain('type="password"');
  });

  it('needs no database where a visit is good in one process only', async () => {
    const process = () => start({ visitOptions: { onlyHere: true } });
    const url = await process();
    const visit = await visitOf(url);
    expect(await pageFor(url, visit)).toContain('Needs attention');
    expect(await pageFor(await process(), visit)).toContain('type="password"');
  });
});
