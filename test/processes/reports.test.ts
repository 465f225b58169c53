import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { findFreePort } from '../../src/temporal/ports.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { PORTAL_ID, portalEnvironment, testSimulator } from '../support/simulator.ts';
import { type Spawned, spawnNode } from '../support/spawned.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();

describe('what a running Threadkeeper tells of its AI', () => {
  let simulator: Simulator;
  let ai: ModelServer;
  let environment: Record<string, string>;
  let product: Spawned;
  let metricsAddress: string;
  const closers: (() => Promise<unknown>)[] = [];

  const run = async (...words: string[]) => {
    const command = spawnNode(words, environment);
    const code = await command.ends();
    return { code, output: command.output() };
  };

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-reports-'));
    closers.push(() => rm(dataDir, { recursive: true, force: true }));
    simulator = await testSimulator();
    closers.push(() => simulator.close());
    ai = await startModelServer();
    closers.push(() => ai.close());
    const usage = { inputTokens: 1_234, outputTokens: 56 };
    ai.script = () => ({ says: JSON.stringify({ action: 'reply', text: 'It ships tomorrow.', usage }) });
    const port = await findFreePort();
    const publicUrl = `http://localhost:${port}/webhooks/hubspot`;
    simulator.setWebhookUrl(publicUrl);
    metricsAddress = `127.0.0.1:${await findFreePort()}`;
    environment = {
      PORT: String(port),
      DATA_DIR: dataDir,
      TEMPORAL_ADDRESS: suiteTemporal().address,
      TEMPORAL_TASK_QUEUE: uniqueName('reports'),
      ...portalEnvironment(simulator, publicUrl),
      QUIET_PERIOD: '0s',
      AI_BACKEND: 'http',
      AI_HTTP_URL: `${ai.url}/answer`,
      AI_HTTP_SECRET: 'a-secret-only-for-tests',
      LLM_INPUT_PRICE: '3',
      LLM_OUTPUT_PRICE: '15',
      AI_DAILY_BUDGET: '5',
      WORKER_METRICS_ADDRESS: metricsAddress,
    };
    product = spawnNode(['src/start.ts'], environment);
    closers.push(() => product.ends('SIGKILL'));
    await product.says(/Worker polls/);
  }, 120_000);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  it('is on the metrics page at once', async () => {
    const { threadId, messageId } = simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    await simulator.settle();
    const result = await temporal.client.workflow.getHandle(`message:${PORTAL_ID}:${threadId}-${messageId}`).result();
    expect(result).toMatchObject({ outcome: 'replied' });
    const metrics = await (await fetch(`http://${metricsAddress}/metrics`)).text();
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

  it('is told by npm run usage, as a table and for programs', async () => {
    expect(await product.ends('SIGTERM')).toBe(0);
    const { code, output } = await run('src/usage.ts');
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`${PORTAL_ID} +1 +1 +1,234 +56 +0\\.004542`));
    expect(output).toMatch(new RegExp(`${PORTAL_ID} +0\\.004542 +5\\.00`));
    const json = JSON.parse((await run('src/usage.ts', '--json', '--days', '1')).output);
    expect(json).toMatchObject({ days: [{ portalId: PORTAL_ID, calls: 1, inputTokens: 1_234, cost: 0.004542 }] });
  });

  it('is told by npm run shadow, also where no draft was kept', async () => {
    const { code, output } = await run('src/shadow.ts');
    expect([code, output]).toEqual([0, 'No draft was kept in the last 30 days: is a channel in shadow mode?\n']);
    expect(JSON.parse((await run('src/shadow.ts', '--json')).output)).toMatchObject({ pairs: 0, waiting: 0 });
  });

  it('is not told to whoever asks in a way that isn’t known', async () => {
    for (const words of [
      ['--weeks', '2'],
      ['--days', 'all'],
    ]) {
      const { code, output } = await run('src/usage.ts', ...words);
      expect([code, output]).toEqual([2, expect.stringMatching(/Usage: npm run usage/)]);
    }
  });
});
