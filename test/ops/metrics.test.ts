import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { findFreePort } from '../../src/temporal/ports.ts';
import { ROOT, read } from '../docs/markdown.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { portalEnvironment, testSimulator } from '../support/simulator.ts';
import { spawnNode } from '../support/spawned.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName } from '../support/temporal.ts';

const ALERTS = 'ops/alerts.yaml';
const DASHBOARD = 'ops/grafana-dashboard.json';

interface Rules {
  groups: { rules: { alert: string; expr: string }[] }[];
}
interface Dashboard {
  panels: { title: string; targets?: { expr: string }[] }[];
}
const rules = (parse(read(ALERTS)) as Rules).groups.flatMap((group) => group.rules);
const panels = (JSON.parse(read(DASHBOARD)) as Dashboard).panels;
const expressions: [string, string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }): [string, string] => [title, expr])),
];

/** Every metric that an expression names, with the labels that it chooses by. */
const metricsIn = (expression: string): { name: string; labels: string[] }[] =>
  [...expression.matchAll(/\b((?:threadkeeper|temporal)_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', chosen = '']) => ({
    name,
    labels: [...chosen.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  }));

describe(`${ALERTS} and ${DASHBOARD}`, () => {
  const closers: (() => Promise<unknown>)[] = [];
  let simulator: Simulator;
  let ai: ModelServer;
  /** The labels of each metric that the real pages show, by the name that a query uses. */
  const shown = new Map<string, Set<string>>();

  const scrape = async (url: string): Promise<void> => {
    for (const line of (await (await fetch(url)).text()).split('\n')) {
      const [, type] = /^# TYPE (\w+) /.exec(line) ?? [];
      if (type) shown.set(type, shown.get(type) ?? new Set());
      const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
      if (name === '') continue;
      const known = shown.get(name) ?? new Set();
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
      shown.set(name, known);
    }
  };

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-ops-'));
    closers.push(() => rm(dataDir, { recursive: true, force: true }));
    simulator = await testSimulator();
    closers.push(() => simulator.close());
    ai = await startModelServer();
    closers.push(() => ai.close());
    const port = await findFreePort();
    const publicUrl = `http://localhost:${port}/webhooks/hubspot`;
    simulator.setWebhookUrl(publicUrl);
    const metricsAddress = `127.0.0.1:${await findFreePort()}`;
    const product = spawnNode(['src/start.ts'], {
      PORT: String(port),
      DATA_DIR: dataDir,
      TEMPORAL_ADDRESS: suiteTemporal().address,
      TEMPORAL_TASK_QUEUE: uniqueName('ops'),
      ...portalEnvironment(simulator, publicUrl),
      QUIET_PERIOD: '0s',
      AI_BACKEND: 'http',
      AI_HTTP_URL: `${ai.url}/answer`,
      AI_HTTP_SECRET: 'a-secret-only-for-tests',
      LLM_INPUT_PRICE: '3',
      LLM_OUTPUT_PRICE: '15',
      // The first answer spends it.
      AI_DAILY_BUDGET: '0.000001',
      WORKER_METRICS_ADDRESS: metricsAddress,
    });
    closers.push(() => product.ends('SIGKILL'));
    await product.says(/Worker polls/);

    const usage = { inputTokens: 1_234, outputTokens: 56 };
    const answer = { says: JSON.stringify({ action: 'reply', text: 'It ships tomorrow.', usage }) };
    ai.script = () => (ai.calls.length === 1 ? { status: 500 } : answer);
    simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    const until = async (names: string[]): Promise<void> => {
      for (let tries = 0; tries < 150 && !names.every((name) => shown.get(name)?.size); tries++) {
        await sleep(200);
        await scrape(`http://${metricsAddress}/metrics`);
      }
    };
    await until(['threadkeeper_reply_latency_bucket']);
    simulator.customerWrites({ channel: 'chat', text: 'And when will it arrive?' });
    await until(['threadkeeper_ai_over_budget_total']);
    ai.script = () => ({ status: 401 });
    simulator.customerWrites({ channel: 'chat', text: 'Hello?' });
    await until(['threadkeeper_needs_attention_total']);
    await fetch(publicUrl, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '[]' });
    await scrape(`http://localhost:${port}/metrics`);
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  it.each(expressions)('%s asks only for metrics and labels that the pages show', (_, expression) => {
    const asked = metricsIn(expression);
    expect(asked).not.toEqual([]);
    expect(asked.filter(({ name }) => !shown.has(name)).map(({ name }) => name)).toEqual([]);
    for (const { name, labels } of asked) {
      expect(labels.filter((label) => !shown.get(name)?.has(label)).map((label) => `${name}{${label}}`)).toEqual([]);
    }
  });
});

const hasPromtool = ((): boolean => {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const itWithPromtool = hasPromtool ? it : it.skip;

describe(`${ALERTS}, by promtool${hasPromtool ? '' : ' (skipped: not installed; Debian has it in its package prometheus)'}`, () => {
  itWithPromtool('is valid', async () => {
    await promisify(execFile)('promtool', ['check', 'rules', ALERTS], { cwd: ROOT });
  });

  itWithPromtool('raises an alarm when it should, and none when it should not', async () => {
    await promisify(execFile)('promtool', ['test', 'rules', 'ops/alerts.test.yaml'], { cwd: ROOT });
  });
});
