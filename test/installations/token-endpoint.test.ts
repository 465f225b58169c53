import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HubSpotUnauthorized, HubSpotUnavailable, TokenEndpointFailed } from '../../src/hubspot/errors.ts';
import type { ActorId, PortalId } from '../../src/hubspot/ids.ts';
import { createOAuthClient } from '../../src/hubspot/oauth.ts';
import { createSeal } from '../../src/installations/seal.ts';
import { createInstallationStore, type InstallationStore } from '../../src/installations/store.ts';
import { createTokens } from '../../src/installations/tokens.ts';
import { createLogger } from '../../src/logging.ts';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';
import { tokenKeys } from '../support/oauth.ts';
import { openSuiteDatabase } from '../support/suite-environment.ts';
import { goodGrant, type TokenAnswer, tokenEndpoint } from '../support/token-endpoint.ts';

const PORTAL = '62515' as PortalId;
const SECRET = 'the-client-secret';
const MINUTE = 60_000;

let database: OpenDatabase;
let store: InstallationStore;
let endpoint: Awaited<ReturnType<typeof tokenEndpoint>>;
let now: number;
let logged: string[];
let refreshes: string[];

beforeAll(async () => {
  database = await openSuiteDatabase();
  store = createInstallationStore(database.db, createSeal(tokenKeys('key')));
});
afterAll(async () => {
  await database.close();
});
beforeEach(async () => {
  now = Date.now();
  logged = [];
  refreshes = [];
  await store.save(
    { portalId: PORTAL, accessToken: 'access-old', refreshToken: 'refresh-old', expiresInMs: 30 * MINUTE },
    'A-500' as ActorId,
    now,
  );
});
afterEach(() => endpoint.close());

/** The tokens of the portal as a process sees them that starts now. */
const processWith = (options: { impatient?: boolean } = {}) =>
  createTokens({
    store,
    oauth: createOAuthClient({
      apiUrl: endpoint.url,
      apiVersion: 'v3',
      app: { clientId: 'client-id', clientSecret: SECRET, redirectUrl: 'https://example.com/oauth/callback' },
      timeoutMs: 5_000,
    }),
    installUrl: 'https://example.com/oauth/install',
    now: () => now,
    logger: createLogger({ level: 'trace', destination: { write: (line: string) => void logged.push(line) } }),
    onRefresh: (_portalId, result) => refreshes.push(result),
    ...options,
  })(PORTAL);

const answering = async (...answers: [TokenAnswer, ...TokenAnswer[]]): Promise<void> => {
  endpoint = await tokenEndpoint(...answers);
};
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('no failure'),
    (error) => error,
  );
const LEVELS: Record<string, string> = { 30: 'info', 40: 'warn', 50: 'error' };
const levels = (): (string | undefined)[] => logged.map((line) => LEVELS[String(JSON.parse(line).level)]);

const WRONG_SECRET = {
  status: 400,
  body: { status: 'BAD_CLIENT_SECRET', message: 'missing or unknown client secret' },
};
const DEAD = { status: 400, body: { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN', message: 'unknown' } };

describe('what is wrong between us and the token endpoint', () => {
  it.each<[string, TokenAnswer]>([
    ['a wrong client secret', WRONG_SECRET],
    ['a wrong client id', { status: 400, body: { status: 'BAD_CLIENT_ID' } }],
    ['a wrong redirect URL', { status: 400, body: { status: 'BAD_REDIRECT_URI' } }],
    ['a firewall’s page', { status: 403, body: '<html>blocked</html>' }],
    ['a proxy’s login', { status: 401, body: '<html>login</html>' }],
    ['a proxy’s own login', { status: 407, body: '<html>login</html>' }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['a page with 200', { status: 200, body: '<html>welcome</html>' }],
    ['half a JSON', { status: 400, body: '{"status":"BAD_REFRESH' }],
  ])('ends no portal: %s. The old token serves, and the next try counts', async (_, answer) => {
    await answering(answer, goodGrant('new'));
    const tokens = processWith();
    now += 26 * MINUTE;
    expect(await tokens.current()).toBe('access-old');
    expect(await store.list()).toMatchObject([{ reconnect: null, trouble: expect.stringContaining('token endpoint') }]);
    expect(await tokens.current()).toBe('access-new');
    expect(await store.list()).toEqual([{ portalId: PORTAL, aiActorId: 'A-500', reconnect: null }]);
    expect(refreshes).toEqual(['failed', 'renewed']);
  });

  it('is an error in the log that says what to do, and no secret', async () => {
    await answering(WRONG_SECRET);
    now += 26 * MINUTE;
    await processWith().current();
    expect(levels()).toEqual(['error']);
    expect(logged[0]).toContain('HUBSPOT_CLIENT_SECRET');
    for (const secret of [SECRET, 'refresh-old', 'access-old']) expect(logged.join()).not.toContain(secret);
  });

  it('makes calls fail once the old token has ended, so that they are tried again, until it is put right', async () => {
    await answering(WRONG_SECRET, WRONG_SECRET, WRONG_SECRET, goodGrant('new'));
    const tokens = processWith();
    now += 31 * MINUTE;
    for (const _ of [1, 2, 3]) {
      const error = await failure(tokens.current());
      expect(error).toBeInstanceOf(HubSpotUnavailable);
      expect(error).toBeInstanceOf(TokenEndpointFailed);
      now += 24 * 60 * MINUTE;
    }
    expect(await tokens.current()).toBe('access-new');
  });

  it('is put right in another process, and seen by those that have failed', async () => {
    await answering(WRONG_SECRET, WRONG_SECRET, goodGrant('new'));
    const [failing, another] = [processWith(), processWith()];
    now += 31 * MINUTE;
    await failure(failing.current());
    await failure(failing.current());
    expect(await another.current()).toBe('access-new');
    expect(await failing.current()).toBe('access-new');
  });

  it('is not asked of HubSpot at every call', async () => {
    await answering(WRONG_SECRET);
    const tokens = processWith();
    now += 31 * MINUTE;
    for (let call = 0; call < 600; call += 1) {
      await failure(tokens.current());
      now += 1_000;
    }
    expect(endpoint.asked.length).toBeGreaterThan(10);
    expect(endpoint.asked.length).toBeLessThan(25);
  });

  it('passes by itself where HubSpot is away: a warning while the old token serves, and nobody has to act', async () => {
    await answering({ status: 503 }, { status: 429 }, { status: 503 }, goodGrant('new'));
    const tokens = processWith();
    now += 26 * MINUTE;
    expect(await tokens.current()).toBe('access-old');
    expect(await tokens.current()).toBe('access-old');
    expect(levels()).toEqual(['warn', 'warn']);
    expect(await store.list()).toEqual([{ portalId: PORTAL, aiActorId: 'A-500', reconnect: null }]);
    now += 5 * MINUTE;
    expect(await failure(tokens.current())).toBeInstanceOf(HubSpotUnavailable);
    expect(levels()).toEqual(['warn', 'warn', 'error']);
    now += MINUTE;
    expect(await tokens.current()).toBe('access-new');
  });
});

describe('a refresh token that HubSpot refuses', () => {
  it('ends the portal’s connection, said once, and is presented again every ten minutes by one of all processes', async () => {
    await answering(DEAD, DEAD, goodGrant('new'));
    now += 26 * MINUTE;
    const processes = [processWith(), processWith()] as const;
    const ask = async () => await Promise.all(processes.map((tokens) => failure(tokens.current())));
    for (const error of await ask()) expect(error).toBeInstanceOf(HubSpotUnauthorized);
    now += 9 * MINUTE;
    await ask();
    expect(endpoint.asked).toHaveLength(1);
    now += 2 * MINUTE;
    await ask();
    expect(endpoint.asked).toHaveLength(2);
    expect(levels()).toEqual(['error']);
    now += 11 * MINUTE;
    expect(await processes[0].current()).toBe('access-new');
    expect(await processes[1].current()).toBe('access-new');
    expect(await store.list()).toEqual([{ portalId: PORTAL, aiActorId: 'A-500', reconnect: null }]);
    expect(levels()).toEqual(['error', 'info']);
  });

  it('is presented at once by who can’t wait, such as the doctor', async () => {
    await answering(DEAD, goodGrant('new'));
    now += 26 * MINUTE;
    await failure(processWith().current());
    expect(await processWith({ impatient: true }).current()).toBe('access-new');
  });

  it('stays refused while the token endpoint fails otherwise, and works after that', async () => {
    await answering(DEAD, WRONG_SECRET, goodGrant('new'));
    now += 26 * MINUTE;
    const tokens = processWith();
    await failure(tokens.current());
    now += 11 * MINUTE;
    expect(await failure(tokens.current())).toBeInstanceOf(HubSpotUnauthorized);
    expect(await tokens.current()).toBe('access-new');
  });
});
