import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { oauthRoutes } from '../../src/api/oauth.ts';
import { createOverview } from '../../src/api/ops/overview.ts';
import { isOperator, opsRoutes } from '../../src/api/ops/routes.ts';
import { temporalLinks } from '../../src/api/ops/temporal-links.ts';
import { createVisits } from '../../src/api/ops/visits.ts';
import { type Listening, listen } from '../../src/api/server.ts';
import { TokenEndpointFailed } from '../../src/hubspot/errors.ts';
import type { ActorId, PortalId } from '../../src/hubspot/ids.ts';
import type { AllowedPortals } from '../../src/installations/admission.ts';
import { createConnect } from '../../src/installations/connect.ts';
import { CALLBACK_PATH, INSTALL_PATH } from '../../src/installations/paths.ts';
import { createSeal } from '../../src/installations/seal.ts';
import { createInstallationStore, type InstallationStore } from '../../src/installations/store.ts';
import { createLogger } from '../../src/logging.ts';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';
import { tokenKeys } from '../support/oauth.ts';
import { ACCESS_TOKEN, AGENT_ID, AI_ACTOR_ID, testSimulator } from '../support/simulator.ts';
import { openSuiteDatabase } from '../support/suite-environment.ts';

const TOKEN = 'the-token-of-operations-page';
const SCOPES = ['oauth', 'tickets'];

const seal = createSeal(tokenKeys('key'));
let simulator: Simulator;
let database: OpenDatabase;
let store: InstallationStore;
let server: Listening | undefined;
let url: string;
let codes: string[];
let logged: string[];

beforeAll(async () => {
  database = await openSuiteDatabase();
  store = createInstallationStore(database.db, seal);
  simulator = await testSimulator();
  const { threadId } = simulator.customerWrites({ channel: 'chat', text: 'Hi' });
  simulator.assign(threadId, AGENT_ID);
});
afterAll(async () => {
  await simulator.close();
  await database.close();
});
beforeEach(async () => {
  for (const table of ['installations', 'waiting_installations', 'used_install_states'] as const) {
    await database.db.deleteFrom(table).execute();
  }
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** What HubSpot grants for a code such as `62515 oauth tickets`: the portal, and what the app may do there. */
const exchange = async (code: string) => {
  codes.push(code);
  const [portalId = '', ...scopes] = code.split(' ');
  if (portalId === 'broken') throw new TokenEndpointFailed('The app is refused: compare HUBSPOT_CLIENT_SECRET');
  const grant = {
    portalId: portalId as PortalId,
    accessToken: ACCESS_TOKEN,
    refreshToken: 'r',
    expiresInMs: 1_800_000,
  };
  return scopes.length > 0 ? { ...grant, scopes } : grant;
};

/** Installations that are older wait no more, in ms since the epoch. */
let waitingSince = 0;

const start = async (allowed: AllowedPortals, { withOps = true } = {}): Promise<void> => {
  codes = [];
  logged = [];
  const visits = createVisits(TOKEN, Date.now);
  waitingSince = 0;
  const logger = createLogger({ level: 'debug', destination: { write: (line: string) => void logged.push(line) } });
  const overview = createOverview(
    {
      runs: {
        needingAttention: async () => ({ runs: [], more: false }),
        skips: async () => ({ days: [], reasons: [] }),
        lastEvent: async () => null,
      },
      waits: null,
      outcomes: null,
      sessions: null,
      stops: null,
      configured: [],
      installed: { settings: async () => [], list: store.list, waiting: () => store.waiting(0) },
    },
    () => undefined,
  );
  const routes = oauthRoutes({
    authorizeUrl: (state) => `https://hubspot.example.com/?state=${encodeURIComponent(state)}`,
    connect: createConnect({
      store,
      oauth: { exchange },
      hubspot: { apiUrl: simulator.url, apiVersion: 'v3', timeoutMs: 5_000 },
      allowed,
      canBeConfirmed: withOps,
    }),
    useState: store.useState,
    list: store.list,
    ...(withOps ? { isOperator: (cookies: string | undefined) => isOperator(visits, cookies) } : {}),
    seal,
    aiActorId: AI_ACTOR_ID as ActorId,
    redirectUrl: 'https://threadkeeper.example.com/oauth/callback',
    logger,
    clock: Date.now,
  });
  const ops = opsRoutes({
    visits,
    overview,
    repeat: async () => 'repeated',
    settle: (portalId, askedAt, as) => store.settle(portalId, askedAt, as, waitingSince),
    links: temporalLinks(null, 'default'),
    logger,
    clock: Date.now,
    installCookiePath: '/oauth/',
  });
  server = await listen(express().use(routes).use(ops), { port: 0, host: '127.0.0.1' });
  url = server.url;
};

const begin = async (aiActorId: string, headers: Record<string, string> = {}) => {
  const begun = await fetch(`${url}${INSTALL_PATH}?aiActorId=${aiActorId}`, { headers, redirect: 'manual' });
  return {
    state: new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '',
    cookie: begun.headers.get('set-cookie')?.split(';')[0] ?? '',
  };
};
const comeBack = async (code: string, { state, cookie }: { state: string; cookie: string }) => {
  const query = new URLSearchParams({ code, state });
  const answer = await fetch(`${url}${CALLBACK_PATH}?${query}`, { headers: { cookie } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};
const install = async (code: string, aiActorId = AI_ACTOR_ID, headers: Record<string, string> = {}) =>
  await comeBack(code, await begin(aiActorId, headers));
const portals = async () => (await store.list()).map(({ portalId, aiActorId }) => `${portalId} ${aiActorId}`);

const post = async (path: string, fields: Record<string, string>, cookie = '') =>
  await fetch(url + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { cookie },
    redirect: 'manual',
  });
const signIn = async (): Promise<string> =>
  (await post('/ops/login', { token: TOKEN })).headers.getSetCookie()[0]?.split(';')[0] ?? '';
const opsPage = async (cookie: string): Promise<string> =>
  await (await fetch(`${url}/ops`, { headers: { cookie } })).text();
const answer = async (
  cookie: string,
  text: string,
  word: 'confirm' | 'refuse',
  changes: Record<string, string> = {},
) => {
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
  const fields = {
    key: field('key'),
    portalId: field('portalId'),
    askedAt: field('askedAt'),
    answer: word,
    ...changes,
  };
  return (await post('/ops/installation', fields, cookie)).headers.get('location');
};

describe('the portals that may connect themselves', () => {
  it('are the first, unless said otherwise: the owner’s, and no stranger’s after it', async () => {
    await start({ first: 1 });
    expect((await install('62515')).status).toBe(200);
    const stranger = await install('666');
    expect([stranger.status, stranger.text]).toEqual([403, expect.stringContaining('OAUTH_PORTALS')]);
    expect(await portals()).toEqual(['62515 A-500']);
    expect((await install('62515')).status).toBe(200);
  });

  it('are one only, also of two that come at the same moment', async () => {
    await start({ first: 1 });
    const both = await Promise.all([install('62515'), install('666')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(await portals()).toHaveLength(1);
  });

  it('are those that are named, and nothing is asked about another', async () => {
    await start({ portalIds: ['62515' as PortalId] });
    const before = simulator.calls.length;
    expect((await install('666')).status).toBe(403);
    expect(simulator.calls).toHaveLength(before);
    expect((await install('62515')).status).toBe(200);
    expect(await portals()).toEqual(['62515 A-500']);
  });

  it('are any for who has signed in, but not where another site began it', async () => {
    await start({ portalIds: [] });
    const cookie = await signIn();
    expect((await install('666', AI_ACTOR_ID, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await install('62515', AI_ACTOR_ID, { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect(await portals()).toEqual(['62515 A-500']);
  });
});

describe('the install page', () => {
  it('shows what is connected to those who have signed in, and to nobody else', async () => {
    await start({ first: 1 });
    await install('62515');
    await store.renewing('62515' as PortalId, async () => ({ reconnect: 'BAD_REFRESH_TOKEN', at: Date.now() }));
    const page = async (cookie: string, query = '') =>
      await (await fetch(`${url}${INSTALL_PATH}${query}`, { headers: { cookie } })).text();
    for (const cookie of ['', 'threadkeeper_ops=99999999999999.AAAAAAAAAAAAAAAA.forged']) {
      for (const query of ['', '?aiActorId=x', '?portalId=62515']) {
        expect(await page(cookie, query)).not.toMatch(/62515|connected/);
      }
    }
    const cookie = await signIn();
    expect(await page(cookie)).toContain('Portal 62515 has to be connected again');
    const key = /name="key" value="([^"]*)"/.exec(await opsPage(cookie))?.[1] ?? '';
    await post('/ops/logout', { key }, cookie);
    expect(await page(cookie)).not.toContain('62515');
  });
});

describe('a portal that is connected already', () => {
  beforeEach(async () => {
    await start({ first: 1 });
    expect((await install(`62515 ${SCOPES.join(' ')}`)).status).toBe(200);
  });

  it.each([
    ['the AI’s user', '62515 oauth tickets', AGENT_ID, 'The AI speaks as A-77, no longer as A-500'],
    ['more scopes', '62515 tickets oauth crm.lists.read', AI_ACTOR_ID, 'The app may do more: crm.lists.read'],
    ['fewer scopes', '62515 oauth', AI_ACTOR_ID, 'The app may do less: tickets'],
  ])('waits to be confirmed where an installation changes %s, and stays as it was', async (_, code, actor, change) => {
    const waiting = await install(code, actor);
    expect([waiting.status, waiting.text]).toEqual([202, expect.stringContaining(change)]);
    expect(await portals()).toEqual(['62515 A-500']);
    expect(logged.join()).toContain(change);
    const cookie = await signIn();
    const text = await opsPage(cookie);
    expect(text).toContain(change);
    expect(await answer('', text, 'confirm')).toBe('/ops');
    expect(await answer(cookie, text, 'confirm', { key: 'another' })).toBe('/ops');
    expect(await portals()).toEqual(['62515 A-500']);
    expect(await answer(cookie, text, 'confirm')).toBe('/ops?notice=installation-confirmed');
    expect(await portals()).toEqual([`62515 ${actor}`]);
    expect(logged.join()).toContain('A changed installation was confirmed');
    expect(await answer(cookie, text, 'confirm')).toBe('/ops?notice=installation-gone');
    // What was confirmed is what counts from now on.
    expect((await install(code, actor)).status).toBe(200);
  });

  it('stays as it was where that is refused', async () => {
    await install('62515', AGENT_ID);
    const cookie = await signIn();
    expect(await answer(cookie, await opsPage(cookie), 'refuse')).toBe('/ops?notice=installation-refused');
    expect(await portals()).toEqual(['62515 A-500']);
    expect(await opsPage(cookie)).not.toContain('Wait to be confirmed');
  });

  it('is not changed by a word that was meant for another installation', async () => {
    await install('62515 oauth', AI_ACTOR_ID);
    const cookie = await signIn();
    const seen = await opsPage(cookie);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await install('62515 oauth', AGENT_ID);
    expect(await answer(cookie, seen, 'confirm')).toBe('/ops?notice=installation-gone');
    expect(await portals()).toEqual(['62515 A-500']);
  });

  it('is connected again without a word where nothing changes, and so is one whose scopes nobody told', async () => {
    expect((await install('62515 tickets oauth oauth')).status).toBe(200);
    expect((await install('62515')).status).toBe(200);
  });

  it('is not changed by a page that was open for longer than an installation waits, and keeps none of its tokens', async () => {
    await install('62515 oauth', AGENT_ID);
    const cookie = await signIn();
    const seen = await opsPage(cookie);
    waitingSince = Date.now() + 1;
    expect(await answer(cookie, seen, 'confirm')).toBe('/ops?notice=installation-gone');
    expect(await portals()).toEqual(['62515 A-500']);
    expect(await store.waiting(0)).toEqual([]);
  });

  it('is changed at once by who has signed in', async () => {
    const cookie = await signIn();
    expect((await install('62515 oauth', AGENT_ID, { cookie })).status).toBe(200);
    expect(await portals()).toEqual(['62515 A-77']);
  });

  it('can’t be changed without a desk', async () => {
    await server?.close();
    await start({ first: 1 }, { withOps: false });
    const refused = await install('62515', AGENT_ID);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('OPS_TOKEN')]);
    expect(await store.waiting(0)).toEqual([]);
    expect(await portals()).toEqual(['62515 A-500']);
  });
});

describe('codes', () => {
  it('cost no call where they come without a state of ours', async () => {
    await start({ first: 1 });
    const { state, cookie } = await begin(AI_ACTOR_ID);
    for (let time = 0; time < 100; time += 1) {
      for (const [given, held] of [
        ['forged', cookie],
        ['', ''],
        [state, ''],
        [state, 'threadkeeper_install=another'],
      ] as const) {
        expect((await comeBack('62515', { state: given, cookie: held })).status).toBe(403);
      }
    }
    expect(codes).toEqual([]);
    expect((await comeBack('62515', { state, cookie })).status).toBe(200);
    expect((await comeBack('62515', { state, cookie })).status).toBe(403);
    expect(codes).toEqual(['62515']);
  });

  it('are limited where each comes with one, which stays good for later; who has signed in has tries of their own', async () => {
    await start({ portalIds: [] });
    const answers: number[] = [];
    for (let time = 0; time < 40; time += 1) answers.push((await install('666')).status);
    expect(answers.filter((status) => status === 429)).toHaveLength(30);
    expect(codes).toHaveLength(10);
    const limited = await install('666');
    expect(limited.text).toMatch(/Load this page again in \d+ seconds/);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await install('62515', AI_ACTOR_ID, { cookie: await signIn() })).status).toBe(200);
  });

  it('that the token endpoint refuses for a fault of ours are an error in the log, which says what to check', async () => {
    await start({ first: 1 });
    const { status, text } = await install('broken');
    expect([status, text]).toEqual([502, expect.stringContaining('HUBSPOT_CLIENT_SECRET')]);
    expect(logged.map((line) => JSON.parse(line).level)).toContain(50);
  });
});
