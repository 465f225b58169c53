import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readPanels, withVariables } from '../../scripts/dashboard/dashboard.ts';
import { hasPrometheus } from '../../scripts/dashboard/prometheus.ts';

const WINDOW_SECONDS = 300;
const HANDOFFS = 'threadkeeper_handoffs_total{portal="62515", cause="no-answer"}';
/** A worker that is read. */
const WORKER = { series: 'threadkeeper_stopped{scope="all"}', values: '0x700' };

const queryOf = (title: RegExp): string => {
  const { targets: [target] = [] } = readPanels().find((panel) => title.test(panel.title)) ?? {};
  return withVariables(target?.expr ?? '', WINDOW_SECONDS);
};
const ofTheDay = queryOf(/^Customers handed to agents, last 24 h/);
const now = queryOf(/^Handed to agents, by account/);

interface Case {
  says: string;
  /** A value each minute, in promtool's notation. */
  series: { series: string; values: string }[];
  asks: { query: string; at: string; gives: { labels: string; value: number }[] }[];
}

const cause = (value: number) => [{ labels: '{cause="no-answer"}', value }];
const portal = (value: number) => [{ labels: '{portal="62515"}', value }];

const CASES: Case[] = [
  {
    says: 'counts the first event of a kind, and does so once',
    series: [WORKER, { series: HANDOFFS, values: '_x30 1x100' }],
    asks: [
      { query: now, at: '32m', gives: portal(1) },
      { query: now, at: '40m', gives: portal(0) },
      { query: ofTheDay, at: '40m', gives: cause(1) },
    ],
  },
  {
    says: 'counts nothing twice when Prometheus could not read a worker for a while',
    series: [WORKER, { series: HANDOFFS, values: '500x20 _x20 500x20' }],
    asks: [{ query: now, at: '43m', gives: portal(0) }],
  },
  {
    says: 'counts what a worker did that is gone',
    series: [WORKER, { series: HANDOFFS, values: '_x10 1 2 3x60 stale' }],
    asks: [{ query: ofTheDay, at: '10h', gives: cause(3) }],
  },
  {
    says: 'says that there were none',
    series: [WORKER],
    asks: [{ query: ofTheDay, at: '10m', gives: [{ labels: '{cause="none"}', value: 0 }] }],
  },
  {
    says: 'does not say so where no worker is read',
    series: [],
    asks: [{ query: ofTheDay, at: '10m', gives: [] }],
  },
];

const describeWithPromtool = hasPrometheus ? describe : describe.skip;
const skipped = hasPrometheus ? '' : ' (skipped: not installed; Debian has it in its package prometheus)';

describeWithPromtool(`what ops/grafana-dashboard.json counts, by promtool${skipped}`, () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  it.each(CASES)('$says', async ({ series, asks }) => {
    const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-promtool-'));
    folders.push(folder);
    const promql_expr_test = asks.map(({ query, at, gives }) => ({ expr: query, eval_time: at, exp_samples: gives }));
    const tests = [{ interval: '1m', input_series: series, promql_expr_test }];
    const file = join(folder, 'counts.test.yaml');
    await writeFile(file, JSON.stringify({ rule_files: [], tests }));
    const { stdout } = await promisify(execFile)('promtool', ['test', 'rules', file]);
    expect(stdout).toContain('SUCCESS');
  });
});
