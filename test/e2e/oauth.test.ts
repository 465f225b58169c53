import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { CALLBACK_PATH, INSTALL_PATH } from '../../src/installations/paths.ts';
import { createLogger } from '../../src/logging.ts';
import { startApi } from '../../src/processes/api.ts';
import { Resources } from '../../src/processes/lifecycle.ts';
import { startWorker } from '../../src/processes/worker.ts';
import { openDatabase } from '../../src/sessions/open-session-store.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { withEmbeddedDatabase } from '../support/embedded-database.ts';
import { install, tokenKeySetting } from '../support/oauth.ts';
import { PUBLIC_URL, ScriptedAi } from '../support/product.ts';
import { AI_ACTOR_ID, CLIENT_SECRET, PORTAL_ID, testSimulator } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const resources = new Resources();
const logged: string[] = [];
let simulator: Simulator;
let config: Config;
let apiUrl: string;

/** The whole product, into which no portal is configured. */
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-oauth-'));
  resources.add(() => rm(dataDir, { recursive: true, force: true }));
  simulator = await testSimulator();
  resources.add(() => simulator.close());
  config = loadConfig({
    PORT: '0',
    DATA_DIR: await withEmbeddedDatabase(dataDir),
    TEMPORAL_TASK_QUEUE: uniqueName('oauth'),
    HUBSPOT_API_URL: simulator.url,
    HUBSPOT_API_VERSION: '2026-09',
    HUBSPOT_CLIENT_ID: 'client-id',
    HUBSPOT_CLIENT_SECRET: CLIENT_SECRET,
    TOKEN_KEYS: tokenKeySetting('key'),
    WEBHOOK_PUBLIC_URL: PUBLIC_URL,
    QUIET_PERIOD: '0s',
    DELIVERY_CHECK: '0s',
    CATCH_UP_INTERVAL: '0s',
  });
  const logger = createLogger({ level: 'trace', destination: { write: (line: string) => void logged.push(line) } });
  await temporal.workerConnection();
  const database = await openDatabase({ ...config, logger });
  const parts = { workflows: temporal.workflows, ai: new ScriptedAi(), database };
  const { work } = await startWorker(config, temporal.settings, logger, resources, parts);
  work.catch(() => undefined);
  apiUrl = (await startApi(config, temporal.settings, logger, resources, { database })).url;
  simulator.setWebhookUrl(PUBLIC_URL, apiUrl + WEBHOOK_PATH);
});
afterAll(async () => {
  await resources.close();
  expect(simulator.contractViolations).toEqual([]);
});

const installAs = (aiActorId: string, cookie?: string) =>
  install(apiUrl + INSTALL_PATH, apiUrl + CALLBACK_PATH, aiActorId, cookie);
const page = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(apiUrl + path, { headers, redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const metrics = async (): Promise<string[]> =>
  (await page('/metrics')).text.split('\n').filter((line) => line.startsWith('threadkeeper_installations{'));

describe('before a portal is connected', () => {
  it('the install page asks for the user of the AI', async () => {
    const { status, headers, text } = await page(INSTALL_PATH);
    expect(status).toBe(200);
    expect(text).toContain('name="aiActorId"');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await page(`${INSTALL_PATH}?aiActorId=<script>`)).status).toBe(400);
  });

  it('HubSpot is asked for the scopes of the app, with a cookie that scripts don’t see', async () => {
    const { status, headers } = await page(`${INSTALL_PATH}?aiActorId=500`);
    const location = new URL(headers.get('location') ?? '');
    expect(status).toBe(302);
    expect(location.searchParams.get('scope')?.split(' ')).toEqual(expect.arrayContaining(['conversations.write']));
    expect(location.searchParams.get('redirect_uri')).toBe(`https://threadkeeper.example.com${CALLBACK_PATH}`);
    expect(headers.get('set-cookie')).toMatch(/; Path=\/oauth\/; .*HttpOnly; Secure; SameSite=Lax$/);
  });

  it.each([
    ['a forged state', 'forged', undefined],
    ['no state', '', undefined],
  ])('%s is refused, and no code exchanged', async (_, state, cookie) => {
    const { status, text } = await page(`${CALLBACK_PATH}?code=x&state=${state}`, cookie ? { cookie } : {});
    expect([status, text]).toEqual([403, expect.stringContaining('not begun here')]);
    expect(simulator.calls.filter(({ path }) => path.endsWith('/token'))).toEqual([]);
  });

  it('another browser can’t end what one began', async () => {
    expect(await installAs(AI_ACTOR_ID, 'threadkeeper_install=another')).toMatchObject({ status: 403 });
  });

  it('a user that the portal hasn’t is refused, and nothing stored', async () => {
    const { status, text } = await installAs('A-404');
    expect([status, text]).toEqual([422, expect.stringContaining('Portal 62515 has no user A-404')]);
    expect(await metrics()).toEqual([
      'threadkeeper_installations{state="reconnect-needed"} 0',
      'threadkeeper_installations{state="connected"} 0',
    ]);
  });

  it('a refusal at HubSpot is said', async () => {
    const begun = await page(`${INSTALL_PATH}?aiActorId=500`);
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    const back = `${CALLBACK_PATH}?error=access_denied&state=${encodeURIComponent(state)}`;
    expect(await page(back, { cookie })).toMatchObject({ status: 400, text: expect.stringContaining('not granted') });
  });
});

describe('once a portal is connected', () => {
  let callback: string;
  let cookie: string;

  beforeAll(async () => {
    const done = await installAs(AI_ACTOR_ID);
    expect(done).toMatchObject({ status: 200, text: expect.stringContaining(`Portal ${PORTAL_ID} is connected`) });
    ({ callback, cookie } = done);
  });

  it('a customer is answered, without a restart', async () => {
    // The list of portals that was read before counts for two seconds.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const { threadId, messageId } = simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    await simulator.settle();
    const run = temporal.client.workflow.getHandle(`message:${PORTAL_ID}:${threadId}-${messageId}`);
    expect(await run.result()).toMatchObject({ outcome: 'replied' });
    expect(simulator.messages(threadId).at(-1)).toMatchObject({ text: 'You asked: Where is my order?' });
    const paths = simulator.calls.map(({ path }) => path).filter((path) => !path.startsWith('/oauth/authorize'));
    expect(paths.filter((path) => !path.includes('/2026-09/'))).toEqual([]);
  });

  it('the same answer of HubSpot doesn’t count twice', async () => {
    const again = await fetch(callback, { headers: { cookie } });
    expect([again.status, await again.text()]).toEqual([403, expect.stringContaining('has been used already')]);
  });

  it('the metrics count it', async () => {
    expect(await metrics()).toContain('threadkeeper_installations{state="connected"} 1');
  });

  it('no token, code or secret is in the log', () => {
    const log = logged.join('');
    expect(log).toContain('Portal connected');
    const code = new URL(callback).searchParams.get('code') ?? '?';
    for (const secret of [code, CLIENT_SECRET, 'access-', 'refresh-', cookie.split('=')[1] ?? '?']) {
      expect(log).not.toContain(secret);
    }
  });
});
