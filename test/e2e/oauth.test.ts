import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { AiRefused } from '../../src/ai/errors.ts';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { CALLBACK_PATH, INSTALL_PATH } from '../../src/installations/paths.ts';
import { createLogger } from '../../src/logging.ts';
import { startApi } from '../../src/processes/api.ts';
import { Resources } from '../../src/processes/lifecycle.ts';
import { startWorker } from '../../src/processes/worker.ts';
import { openDatabase } from '../../src/sessions/open-session-store.ts';
import { eventually } from '../support/eventually.ts';
import { install, tokenKeySetting } from '../support/oauth.ts';
import { PUBLIC_URL, reply, ScriptedAi } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID, CLIENT_SECRET, PORTAL_ID, testSimulator } from '../support/simulator.ts';
import { suiteEnvironment } from '../support/suite-environment.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const resources = new Resources();
const logged: string[] = [];
let simulator: Simulator;
let config: Config;
let apiUrl: string;
const ai = new ScriptedAi();

const OPS_TOKEN = 'the-token-of-operations-page';

/** The whole product, into which no portal is configured. */
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-oauth-'));
  resources.add(() => rm(dataDir, { recursive: true, force: true }));
  simulator = await testSimulator();
  resources.add(() => simulator.close());
  config = loadConfig({
    PORT: '0',
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
    OPS_TOKEN,
    TEMPORAL_UI_URL: 'https://temporal.example.com/',
    ...(await suiteEnvironment(dataDir)),
  });
  const logger = createLogger({ level: 'trace', destination: { write: (line: string) => void logged.push(line) } });
  await temporal.workerConnection();
  const database = await openDatabase({ ...config, logger });
  const parts = { workflows: temporal.workflows, ai, database };
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

  describe('the desk', () => {
    let visit: string;
    const ops = async () => await page('/ops', { cookie: visit });
    const send = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      await fetch(apiUrl + path, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });
    const field = (text: string, name: string): string =>
      new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
    const formIn = (text: string) => ({
      key: field(text, 'key'),
      workflowId: field(text, 'workflowId'),
      runId: field(text, 'runId'),
    });

    it('shows nothing but a form to whoever is not known', async () => {
      const { status, headers, text } = await page('/ops');
      expect([status, text]).toEqual([200, expect.stringContaining('type="password"')]);
      expect(text).not.toContain(PORTAL_ID);
      expect(headers.get('content-security-policy')).toBe(
        ["default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "base-uri 'none'"]
          .concat("frame-ancestors 'none'")
          .join('; '),
      );
      expect((await page('/ops', { cookie: 'threadkeeper_ops=99999999999999.AAAAAAAAAAAAAAAA.forged' })).text).toBe(
        text,
      );
    });

    it('lets in whoever knows the token, by a cookie that scripts and other sites don’t get', async () => {
      expect((await send('/ops/login', { token: 'another' })).status).toBe(401);
      const answer = await send('/ops/login', { token: OPS_TOKEN });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/ops']);
      const [cookie = '', ...attributes] = answer.headers.get('set-cookie')?.split('; ') ?? [];
      expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Strict', 'Path=/ops']));
      expect(cookie).not.toContain(OPS_TOKEN);
      visit = cookie;
    });

    it('asks browsers to keep the cookie off plain http but to this machine', async () => {
      const elsewhere = await send('/ops/login', { token: OPS_TOKEN }, { 'x-forwarded-proto': 'https' });
      expect(elsewhere.headers.get('set-cookie')).toMatch(/; Secure/);
    });

    it('shows portals, sessions and skipped runs, each with its way into the Temporal Web UI', async () => {
      const { threadId, messageId } = simulator.customerWrites({ channel: 'chat', text: 'A secret of mine' });
      await simulator.settle();
      await temporal.client.workflow.getHandle(`message:${PORTAL_ID}:${threadId}-${messageId}`).result();
      simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'It ships today' });
      await eventually(async () => {
        const { text } = await ops();
        expect(text).toMatch(new RegExp(`>${PORTAL_ID}</a></th><td>connected</td><td><time`));
        expect(text).toContain('AI answers');
        expect(text).toContain(threadId);
        expect(text).toContain(
          `https://temporal.example.com/namespaces/default/workflows?query=HubSpotThreadId%3D%22${threadId}%22`,
        );
        // The agent's message needs no answer.
        expect(text).toContain('SkipReason%3D%22outgoing%22');
        expect(text).not.toMatch(/secret/);
      });
    });

    it('runs a run again that gave up, once, and only for its own page', async () => {
      ai.answer = () => {
        throw new AiRefused('The AI refused the key: correct it');
      };
      const { threadId, messageId } = simulator.customerWrites({ channel: 'chat', text: 'Do you ship abroad?' });
      await simulator.settle();
      const workflowId = `message:${PORTAL_ID}:${threadId}-${messageId}`;
      const run = temporal.client.workflow.getHandle(workflowId);
      expect(await run.result()).toMatchObject({ outcome: 'needs-attention' });
      const form = await eventually(async () => {
        const { text } = await ops();
        expect(text).toContain('The AI gave no answer');
        return formIn(text);
      });
      expect(form.workflowId).toBe(workflowId);
      ai.answer = () => reply('Yes, within Europe.');

      const cookie = visit;
      const refused = [
        await send('/ops/retry', form),
        await send('/ops/retry', { ...form, key: 'another' }, { cookie }),
        await send('/ops/retry', form, { cookie, 'sec-fetch-site': 'cross-site' }),
      ];
      expect(refused.map(({ headers }) => headers.get('location'))).toEqual(['/ops', '/ops', '/ops']);
      expect((await run.describe()).runId).toBe(form.runId);

      const unknown = await send('/ops/retry', { ...form, workflowId: 'message:1:2-3' }, { cookie });
      expect(unknown.headers.get('location')).toBe('/ops?notice=unknown-run');
      const retried = await send('/ops/retry', form, { cookie });
      expect(retried.headers.get('location')).toBe('/ops?notice=repeated');
      expect(await temporal.client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: 'replied' });
      const again = await send('/ops/retry', form, { cookie });
      expect(again.headers.get('location')).toBe('/ops?notice=changed-meanwhile');
      expect((await page('/ops?notice=changed-meanwhile', { cookie })).text).toContain('role="status"');
      expect(JSON.stringify(simulator.messages(threadId)).split('"text":"Yes, within Europe.').length).toBe(2);
      expect((await ops()).text).not.toContain(form.runId);
    });

    it('ends a visit', async () => {
      const { key } = formIn((await ops()).text);
      const answer = await send('/ops/logout', { key }, { cookie: visit });
      expect(answer.headers.get('set-cookie')).toMatch(/^threadkeeper_ops=; Path=\/ops; Expires=Thu, 01 Jan 1970/);
    });
  });

  it('no token, code or secret is in the log', () => {
    const log = logged.join('');
    expect(log).toContain('Portal connected');
    const code = new URL(callback).searchParams.get('code') ?? '?';
    for (const secret of [code, CLIENT_SECRET, OPS_TOKEN, 'access-', 'refresh-', cookie.split('=')[1] ?? '?']) {
      expect(log).not.toContain(secret);
    }
  });
});
