import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { findFreePort } from '../../src/lib/ports.ts';
import { withEmbeddedDatabase } from '../support/embedded-database.ts';
import { expressions, labelsOn, metricsIn } from '../support/metrics-page.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { PORTAL_ID, portalEnvironment, testSimulator } from '../support/simulator.ts';
import { type Spawned, spawnNode } from '../support/spawned.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();

let simulator: Simulator;
let ai: ModelServer;
let environment: Record<string, string>;
let product: Spawned;
let metricsAddress: string;
let publicUrl: string;
const closers: (() => Promise<unknown>)[] = [];

const UNSURE = 'And when will it arrive?';

const run = async (...words: string[]) => {
  const command = spawnNode(words, environment);
  const code = await command.ends();
  return { code, output: command.output() };
};
const pageAt = async (address: string): Promise<string> => await (await fetch(`${address}/metrics`)).text();
const ask = async (text: string) => {
  const { threadId, messageId } = simulator.customerWrites({ channel: 'chat', text });
  await simulator.settle();
  return await temporal.client.workflow.getHandle(`message:${PORTAL_ID}:${threadId}-${messageId}`).result();
};

// One product for both: its start is most of what they take.
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-reports-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  simulator = await testSimulator();
  closers.push(() => simulator.close());
  ai = await startModelServer();
  closers.push(() => ai.close());
  const usage = { inputTokens: 1_234, outputTokens: 56 };
  const answer = (confidence: number) => ({
    says: JSON.stringify({ action: 'reply', text: 'It ships tomorrow.', confidence, usage }),
  });
  // The first call fails, and one question has no sure answer.
  ai.script = ({ body }) => (ai.calls.length === 1 ? { status: 500 } : answer(body.includes(UNSURE) ? 0.3 : 0.9));
  const port = await findFreePort();
  publicUrl = `http://localhost:${port}/webhooks/hubspot`;
  simulator.setWebhookUrl(publicUrl);
  metricsAddress = `127.0.0.1:${await findFreePort()}`;
  environment = {
    PORT: String(port),
    DATA_DIR: await withEmbeddedDatabase(dataDir),
    TEMPORAL_ADDRESS: suiteTemporal().address,
    PAYLOAD_KEYS: suiteTemporal().payloadKeys,
    TEMPORAL_TASK_QUEUE: uniqueName('reports'),
    ...portalEnvironment(simulator, publicUrl),
    QUIET_PERIOD: '0s',
    AI_BACKEND: 'http',
    AI_HTTP_URL: `${ai.url}/answer`,
    AI_HTTP_SECRET: 'a-secret-only-for-tests',
    LLM_INPUT_PRICE: '3',
    LLM_OUTPUT_PRICE: '15',
    MIN_CONFIDENCE: '0.5',
    LOW_CONFIDENCE: 'draft',
    // The first answer spends it.
    AI_DAILY_BUDGET: '0.004',
    // Two spend this.
    AI_DAILY_CEILING: '0.009',
    WORKER_METRICS_ADDRESS: metricsAddress,
  };
  product = spawnNode(['src/start.ts'], environment);
  closers.push(() => product.ends('SIGKILL'));
  await product.says(/Worker polls/);
}, 120_000);
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

describe('what a running Threadkeeper tells of its AI', () => {
  it('is on the metrics page at once', async () => {
    expect(await ask('Where is my order?')).toMatchObject({ outcome: 'replied' });
    const metrics = await pageAt(`http://${metricsAddress}`);
    const countedAs = (name: string, ...labels: string[]) =>
      metrics
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
        .map((line) => line.split(' ').at(-1));
    const portal = `portal="${PORTAL_ID}"`;
    expect(countedAs('threadkeeper_ai_tokens_total', portal, 'kind="input"')).toEqual(['1234']);
    expect(countedAs('threadkeeper_ai_tokens_total', portal, 'kind="output"')).toEqual(['56']);
    expect(countedAs('threadkeeper_ai_cost_millionths_total', portal)).toEqual(['4542']);
  });

  it('is not told by npm run usage while the embedded database is in use, with a line that says so', async () => {
    const { code, output } = await run('src/usage.ts');
    expect(code).toBe(1);
    expect(output).toContain('Another Threadkeeper process uses the embedded database');
  });
});

/** Shown only where portals install the app, of which there are none here. */
const OF_INSTALLATIONS = 'threadkeeper_installations';

describe('the alert rules and the dashboard', () => {
  let shown: Map<string, Set<string>>;

  beforeAll(async () => {
    // After the answer that has spent the budget: a run that needs attention, a draft that is held back and spends the
    // day's ceiling, and a question that the AI is not asked any more.
    const { script } = ai;
    ai.script = () => ({ status: 401 });
    await ask('Hello?');
    ai.script = script;
    await ask(UNSURE);
    await ask('Is anybody there?');
    await fetch(publicUrl, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '[]' });
    const looked = async () =>
      labelsOn((await pageAt(`http://${metricsAddress}`)) + (await pageAt(new URL(publicUrl).origin)));
    const awaited = [
      'threadkeeper_reply_latency_bucket',
      'threadkeeper_ai_over_budget_total',
      'threadkeeper_needs_attention_total',
      'threadkeeper_ai_limited_total',
      'threadkeeper_escalations_total',
    ];
    for (let tries = 0; tries < 150; tries += 1) {
      shown = await looked();
      if (awaited.every((name) => shown.get(name)?.size)) break;
      await sleep(200);
    }
  });

  it.each(expressions().filter(([, expression]) => !expression.includes(OF_INSTALLATIONS)))(
    '%s asks only for metrics and labels that the pages show',
    (_, expression) => {
      const asked = metricsIn(expression);
      expect(asked).not.toEqual([]);
      expect(asked.filter(({ name }) => !shown.has(name)).map(({ name }) => name)).toEqual([]);
      for (const { name, labels } of asked) {
        expect(labels.filter((label) => !shown.get(name)?.has(label)).map((label) => `${name}{${label}}`)).toEqual([]);
      }
    },
  );
});

describe('once it has ended, what its AI took', () => {
  it('is told by npm run usage, as a table and for programs', async () => {
    expect(await product.ends('SIGTERM')).toBe(0);
    const { code, output } = await run('src/usage.ts');
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`${PORTAL_ID} +2 +2 +2,468 +112 +0\\.009084`));
    expect(output).toMatch(new RegExp(`${PORTAL_ID} +0\\.009084 +0\\.004 +spent`));
    const json = JSON.parse((await run('src/usage.ts', '--json', '--days', '1')).output);
    expect(json).toMatchObject({ days: [{ portalId: PORTAL_ID, calls: 2, inputTokens: 2_468, cost: 0.009084 }] });
  });

  it('and what became of its conversations by npm run outcomes', async () => {
    const { code, output } = await run('src/outcomes.ts');
    expect(code).toBe(0);
    expect(output).toMatch(/^limit +1$/m);
    const json = JSON.parse((await run('src/outcomes.ts', '--json', '--days', '1')).output);
    const [window] = json.windows;
    expect(window.figures).toMatchObject({ resolved: 0, 'handed-off': 1, drafted: 1 });
    expect(json.by.portal).toMatchObject([{ name: PORTAL_ID }]);
    expect(json.waiting.count).toBeGreaterThan(0);
  });

  it('is told by npm run shadow, also where no draft was kept', async () => {
    const { code, output } = await run('src/shadow.ts');
    expect([code, output]).toEqual([0, 'No draft was kept in the last 30 days: is a channel in shadow mode?\n']);
    expect(JSON.parse((await run('src/shadow.ts', '--json')).output)).toMatchObject({ pairs: 0, waiting: 0 });
  });

  it('refuses words of the command line that it doesn’t know', async () => {
    for (const words of [
      ['--weeks', '2'],
      ['--days', 'all'],
    ]) {
      const { code, output } = await run('src/usage.ts', ...words);
      expect([code, output]).toEqual([2, expect.stringMatching(/npm run usage -- --help says what it takes\.\n$/)]);
    }
  });
});
