import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { checkInstallations } from '../../src/doctor/installations.ts';
import type { ActorId, PortalId } from '../../src/hubspot/ids.ts';
import { createOAuthClient } from '../../src/hubspot/oauth.ts';
import { createSeal } from '../../src/installations/seal.ts';
import { createInstallationStore, type InstallationStore } from '../../src/installations/store.ts';
import { openDatabase } from '../../src/sessions/open-session-store.ts';
import { tokenKeySetting, tokenKeys } from '../support/oauth.ts';
import { ACCESS_TOKEN, AI_ACTOR_ID, CLIENT_SECRET, PORTAL_ID, testSimulator } from '../support/simulator.ts';
import { createSuiteDatabase } from '../support/suite-environment.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';

const APP = {
  HUBSPOT_CLIENT_ID: 'client-id',
  HUBSPOT_CLIENT_SECRET: CLIENT_SECRET,
  TOKEN_KEYS: tokenKeySetting('key'),
  WEBHOOK_PUBLIC_URL: 'https://threadkeeper.example.com/webhooks/hubspot',
};
const REDIRECT_URL = 'https://threadkeeper.example.com/oauth/callback';
const INSTALL_URL = 'https://threadkeeper.example.com/oauth/install';

it('is silent about an app that nobody installs', async () => {
  expect(await checkInstallations({ ...loadConfig(APP), oauth: null }, 5_000)).toEqual([]);
});

it('leaves the embedded database to its process', async () => {
  expect(await checkInstallations(loadConfig(APP), 5_000)).toMatchObject([{ level: 'info' }]);
});

(suiteTemporal().databaseUrl === null ? describe.skip : describe)('portals that installed the app', () => {
  let simulator: Simulator;
  let config: Config;
  let store: InstallationStore;
  let close: () => Promise<void>;

  beforeEach(async () => {
    simulator = await testSimulator();
    const DATABASE_URL = (await createSuiteDatabase()) ?? '';
    config = loadConfig({ ...APP, DATABASE_URL, HUBSPOT_API_URL: simulator.url });
    const database = await openDatabase({ ...config, databaseUrl: DATABASE_URL });
    close = database.close;
    store = createInstallationStore(database.db, createSeal(tokenKeys('key')));
  });
  afterEach(async () => {
    await close();
    await simulator.close();
  });

  const connect = (aiActorId = AI_ACTOR_ID, expiresInMs = 1_800_000) =>
    store.save(
      { portalId: PORTAL_ID as PortalId, accessToken: ACCESS_TOKEN, refreshToken: 'refresh-unknown', expiresInMs },
      aiActorId as ActorId,
      Date.now(),
    );

  it('says where to install where no portal has yet', async () => {
    expect(await checkInstallations(config, 5_000)).toMatchObject([
      { level: 'info', message: expect.stringContaining(INSTALL_URL) },
    ]);
  });

  it('are checked as the ones that are configured', async () => {
    await connect();
    const findings = await checkInstallations(config, 5_000);
    expect(findings.map(({ check }) => check)).toContain('portal 62515: token');
    expect(findings.map(({ level }) => level)).not.toContain('problem');
  });

  it('are a problem where HubSpot takes their refresh token no more, and it says where to mend it', async () => {
    await connect(AI_ACTOR_ID, 0);
    for (const _ of ['found by the check', 'known from before']) {
      const [token] = await checkInstallations(config, 5_000);
      expect(token).toMatchObject({ check: 'portal 62515: token', level: 'problem' });
      expect(token?.message).toContain('has to be connected again');
      expect(token?.remedy).toContain(INSTALL_URL);
    }
  });

  it('are a problem of our own where HubSpot refuses the client secret: nobody has to connect anything again', async () => {
    await connect(AI_ACTOR_ID, 0);
    const wrong = {
      ...config,
      ...loadConfig({ ...APP, HUBSPOT_CLIENT_SECRET: 'wrong', HUBSPOT_API_URL: simulator.url }),
    };
    const [token] = await checkInstallations({ ...wrong, databaseUrl: config.databaseUrl }, 5_000);
    expect(token).toMatchObject({ check: 'portal 62515: token', level: 'problem' });
    expect(token?.message).toContain('HUBSPOT_CLIENT_SECRET');
    expect(token?.remedy).toBeUndefined();
    expect(await store.list()).toMatchObject([{ reconnect: null }]);
  });

  it('are a problem while their tokens serve, where the next can’t be had', async () => {
    await connect();
    await store.renewing(PORTAL_ID as PortalId, async () => ({ trouble: 'a firewall answers' }));
    expect(await checkInstallations(config, 5_000)).toContainEqual(
      expect.objectContaining({
        check: 'portal 62515: next token',
        level: 'problem',
        message: expect.stringContaining('a firewall answers'),
      }),
    );
  });

  it('are good again where HubSpot takes their refresh token after all', async () => {
    const query = new URLSearchParams({ client_id: 'client-id', redirect_uri: REDIRECT_URL });
    const granted = await fetch(`${simulator.url}/oauth/authorize?${query}`, { redirect: 'manual' });
    const code = new URL(granted.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const app = { clientId: 'client-id', clientSecret: CLIENT_SECRET, redirectUrl: REDIRECT_URL };
    const oauth = createOAuthClient({ apiUrl: simulator.url, apiVersion: 'v3', app, timeoutMs: 5_000 });
    await store.save(await oauth.exchange(code), AI_ACTOR_ID as ActorId, Date.now());
    await store.renewing(PORTAL_ID as PortalId, async () => ({ reconnect: 'BAD_REFRESH_TOKEN', at: Date.now() }));
    const findings = await checkInstallations(config, 5_000);
    expect(findings[0]).toMatchObject({ check: 'portal 62515: token', level: 'ok' });
    expect(await store.list()).toMatchObject([{ reconnect: null }]);
  });

  it('are a problem where they have not the AI’s user', async () => {
    await connect('A-404');
    const findings = await checkInstallations(config, 5_000);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'portal 62515: AI user',
        level: 'problem',
        remedy: expect.stringContaining(INSTALL_URL),
      }),
    );
  });
});
