import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { HubSpotUnauthorized, HubSpotUnavailable } from '../../src/hubspot/errors.ts';
import type { ActorId, PortalId } from '../../src/hubspot/ids.ts';
import { createOAuthClient, type OAuthClient } from '../../src/hubspot/oauth.ts';
import { createSeal } from '../../src/installations/seal.ts';
import { createInstallationStore, type InstallationStore } from '../../src/installations/store.ts';
import { createTokens } from '../../src/installations/tokens.ts';
import { type OpenDatabase, openDatabase, type SessionStoreOptions } from '../../src/sessions/open-session-store.ts';
import { tokenKeys } from '../support/oauth.ts';
import { CLIENT_SECRET, PORTAL_ID, testSimulator } from '../support/simulator.ts';

const PORTAL = PORTAL_ID as PortalId;
const REDIRECT = 'https://threadkeeper.example.com/oauth/callback';
const MINUTE = 60_000;

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error) => error,
  );

/** The tests of the tokens of installed portals, for a `describe`. `database`: what two processes open, or one. */
export const tokensIn = (database: () => SessionStoreOptions) => () => {
  let simulator: Simulator;
  /** Two processes, each with connections of its own where the database has a server. */
  let databases: [OpenDatabase, OpenDatabase];
  let stores: [InstallationStore, InstallationStore];
  let oauth: OAuthClient;
  let now: number;

  const tokensWith = (store: InstallationStore) =>
    createTokens({ store, oauth, installUrl: 'https://threadkeeper.example.com/oauth/install', now: () => now })(
      PORTAL,
    );
  const asked = () => simulator.calls.filter(({ path }) => path.endsWith('/token')).length;
  const works = async (token: string): Promise<number> =>
    (
      await fetch(`${simulator.url}/account-info/v3/details`, {
        headers: { authorization: `Bearer ${token}` },
      })
    ).status;
  const code = async (): Promise<string> => {
    const query = new URLSearchParams({ client_id: 'client-id', redirect_uri: REDIRECT });
    const granted = await fetch(`${simulator.url}/oauth/authorize?${query}`, { redirect: 'manual' });
    return new URL(granted.headers.get('location') ?? '').searchParams.get('code') ?? '';
  };

  beforeAll(async () => {
    const options = database();
    const first = await openDatabase(options);
    databases = [first, options.databaseUrl === undefined ? first : await openDatabase(options)];
    const seal = createSeal(tokenKeys('key'));
    stores = [createInstallationStore(databases[0].db, seal), createInstallationStore(databases[1].db, seal)];
  });
  afterAll(async () => {
    for (const { close } of databases) await close();
  });

  beforeEach(async () => {
    simulator = await testSimulator();
    oauth = createOAuthClient({
      apiUrl: simulator.url,
      apiVersion: '2026-09',
      app: { clientId: 'client-id', clientSecret: CLIENT_SECRET, redirectUrl: REDIRECT },
      timeoutMs: 5_000,
    });
    now = Date.now();
    await stores[0].save(await oauth.exchange(await code()), 'A-500' as ActorId, now);
  });
  afterEach(() => simulator.close());

  it('are used until shortly before they end, with one look at the database', async () => {
    const tokens = tokensWith(stores[0]);
    const token = await tokens.current();
    now += 24 * MINUTE;
    expect(await tokens.current()).toBe(token);
    expect(await works(token)).toBe(200);
    expect(asked()).toBe(1);
  });

  it('are replaced before they end, and the next refresh has the new refresh token', async () => {
    const tokens = tokensWith(stores[0]);
    const first = await tokens.current();
    now += 26 * MINUTE;
    const second = await tokens.current();
    expect(second).not.toBe(first);
    expect(await works(second)).toBe(200);
    now += 26 * MINUTE;
    expect(await works(await tokens.current())).toBe(200);
    expect(asked()).toBe(3);
  });

  it('are refreshed once, however many processes and calls want them at once', async () => {
    const [first, second] = [tokensWith(stores[0]), tokensWith(stores[1])];
    now += 26 * MINUTE;
    const given = await Promise.all([first, second, first, second, first, second].map((tokens) => tokens.current()));
    expect(new Set(given).size).toBe(1);
    expect(await works(given[0] ?? '')).toBe(200);
    expect(asked()).toBe(2);
  });

  it('wait to be connected again where HubSpot takes the refresh token no more, and ask HubSpot no more', async () => {
    simulator.behaviour.badRefreshToken = true;
    now += 26 * MINUTE;
    for (const store of stores) {
      const error = await failure(tokensWith(store).current());
      expect(error).toBeInstanceOf(HubSpotUnauthorized);
      expect((error as Error).message).toMatch(
        /^Portal 62515 has to be connected again at https:\/\/threadkeeper\.example\.com\/oauth\/install .*BAD_REFRESH_TOKEN/,
      );
    }
    expect(asked()).toBe(2);
    expect(await stores[0].list()).toMatchObject([{ portalId: PORTAL, reconnect: expect.stringContaining('400') }]);

    simulator.behaviour.badRefreshToken = false;
    await stores[0].save(await oauth.exchange(await code()), 'A-501' as ActorId, now);
    expect(await works(await tokensWith(stores[1]).current())).toBe(200);
    expect(await stores[0].list()).toEqual([{ portalId: PORTAL, aiActorId: 'A-501', reconnect: null }]);
  });

  it('are read anew after HubSpot has refused one: somebody may have connected the portal again', async () => {
    const tokens = tokensWith(stores[0]);
    await tokens.current();
    await stores[1].save(await oauth.exchange(await code()), 'A-500' as ActorId, now);
    tokens.refused('whatever it was');
    expect(await tokens.current()).toBe((await stores[1].tokens(PORTAL))?.accessToken);
  });

  it('are replaced before their time where HubSpot refuses one, once a minute at most', async () => {
    const tokens = tokensWith(stores[0]);
    const first = await tokens.current();
    tokens.refused(first);
    const second = await tokens.current();
    expect(second).not.toBe(first);
    tokens.refused(second);
    expect(await tokens.current()).toBe(second);
    expect(asked()).toBe(2);
  });

  it('show at once that the app was uninstalled', async () => {
    const tokens = tokensWith(stores[0]);
    const token = await tokens.current();
    simulator.uninstallApp();
    expect(await works(token)).toBe(401);
    tokens.refused(token);
    expect(await failure(tokens.current())).toBeInstanceOf(HubSpotUnauthorized);
    expect(await stores[1].list()).toMatchObject([{ reconnect: expect.stringContaining('BAD_REFRESH_TOKEN') }]);
  });

  it('serve to their end while HubSpot gives no new ones, and not beyond it', async () => {
    const tokens = tokensWith(stores[0]);
    const token = await tokens.current();
    await simulator.close();
    now += 26 * MINUTE;
    expect(await tokens.current()).toBe(token);
    now += 4 * MINUTE;
    expect(await failure(tokens.current())).toBeInstanceOf(HubSpotUnavailable);
    expect(await stores[0].list()).toMatchObject([{ reconnect: null }]);
  });

  it('are refused to a portal that is not installed', async () => {
    const other = createTokens({ store: stores[0], oauth, installUrl: 'https://x.example', now: () => now })(
      '99' as PortalId,
    );
    expect(await failure(other.current())).toBeInstanceOf(HubSpotUnauthorized);
  });

  it('stand in the database sealed only, each for its own portal', async () => {
    const { accessToken, refreshToken } = (await stores[0].tokens(PORTAL)) ?? { accessToken: '?', refreshToken: '?' };
    const { rows } = await sql<Record<string, unknown>>`select * from installations`.execute(databases[0].db);
    expect(JSON.stringify(rows)).not.toContain(accessToken);
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
    await sql`update installations set access_token = refresh_token`.execute(databases[0].db);
    const error = await failure(tokensWith(stores[1]).current());
    expect(error).toBeInstanceOf(HubSpotUnavailable);
    expect((error as Error).message).not.toContain(refreshToken);
  });

  it('come of one installation at a time: of many portals at once, through two processes, only the first is the first', async () => {
    await sql`delete from installations`.execute(databases[0].db);
    const decisions = await Promise.all(
      Array.from({ length: 10 }, (_, at) => {
        const grant = { portalId: `${at + 1}` as PortalId, accessToken: 'a', refreshToken: 'r', expiresInMs: MINUTE };
        return stores[at % 2 === 0 ? 0 : 1].install(grant, 'A-500' as ActorId, now, ({ others }) =>
          others < 1 ? 'install' : 'refuse',
        );
      }),
    );
    expect(decisions.filter((decision) => decision === 'install')).toHaveLength(1);
    expect(await stores[0].list()).toHaveLength(1);
  });

  it('come of a state that counts once', async () => {
    const nonce = `${now}`;
    expect(await stores[0].useState(nonce)).toBe(true);
    expect(await stores[1].useState(nonce)).toBe(false);
  });
};
