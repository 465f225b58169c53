import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPanels } from '../../scripts/dashboard/dashboard.ts';
import { openDashboard } from '../../scripts/dashboard/page.ts';
import { hasPrometheus, type Prometheus, startPrometheus } from '../../scripts/dashboard/prometheus.ts';
import { askPanels, type Shown, type Window, withoutData } from '../../scripts/dashboard/shown.ts';
import { type Stage, startStage } from '../../scripts/dashboard/stage.ts';
import { breakHubSpot, machineWrites, play, strangerSends } from '../../scripts/dashboard/story.ts';
import { Resources } from '../../src/processes/lifecycle.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { suiteEnvironment } from '../support/suite-environment.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName } from '../support/temporal.ts';

const SCRAPE_SECONDS = 1;
const PACE = { quietPeriod: '0s', pickUp: '3s', attentionAfter: '2s', dailyBudget: 0.02 };

const describeWithPrometheus = hasPrometheus ? describe : describe.skip;
const itWithChromium = hasChromium ? it : it.skip;
const skipped = hasPrometheus ? '' : ' (skipped: not installed; Debian has it in its package prometheus)';

describeWithPrometheus(`ops/grafana-dashboard.json, by Prometheus${skipped}`, () => {
  const resources = new Resources();
  let stage: Stage;
  let prometheus: Prometheus;
  let window: Window;
  let shown: Shown[];
  let workerPage: string;

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-dashboard-test-'));
    resources.add(() => rm(dataDir, { recursive: true, force: true }));
    const ground = {
      ...(await suiteEnvironment(dataDir)),
      TEMPORAL_ADDRESS: suiteTemporal().address,
      TEMPORAL_TASK_QUEUE: uniqueName('dashboard'),
    };
    stage = await startStage(ground, PACE, resources);
    prometheus = await startPrometheus(stage.metrics, SCRAPE_SECONDS, resources);
    const from = Math.floor(Date.now() / 1_000);
    const [shop, second] = stage.shops;
    await play(stage, {
      seconds: 14,
      everyMs: 400,
      acts: [
        { at: 1, act: () => machineWrites(shop, 9, 500) },
        { at: 2, act: () => strangerSends(shop, 3) },
        { at: 5, act: () => breakHubSpot(shop, { kind: 'status', status: 500 }) },
        { at: 5, act: () => breakHubSpot(second, { kind: 'rate-limit' }, 0.5) },
        {
          at: 9,
          act: () => {
            for (const { faults } of stage.shops) faults.clear();
          },
        },
      ],
    });
    // Nobody writes any more: what is counted stays as it is, and Prometheus reads it.
    const readWorker = async (): Promise<string> =>
      await (await fetch(`http://${stage.metrics.worker}/metrics`)).text();
    const counted = (page: string): string[] => page.split('\n').filter((line) => /^threadkeeper_\w+_total/.test(line));
    workerPage = await readWorker();
    for (let before = ''; counted(before).join() !== counted(workerPage).join(); workerPage = await readWorker()) {
      before = workerPage;
      await sleep(4_000);
    }
    await sleep(2_000 * SCRAPE_SECONDS);
    const to = Math.floor(Date.now() / 1_000);
    window = { from, to, stepSeconds: SCRAPE_SECONDS, scrapeSeconds: SCRAPE_SECONDS };
    shown = await askPanels(prometheus, window);
  });
  afterAll(() => resources.close());

  it('gives data in every panel, after minutes in which everything happens that a panel shows', async () => {
    expect(await prometheus.healthy()).toEqual(['api', 'worker']);
    expect(withoutData(shown)).toEqual([]);
  });

  it('counts each handoff and each alarm of the day, the first of its kind too', () => {
    const ofWorker = (metric: string): number =>
      workerPage
        .split('\n')
        .filter((line) => line.startsWith(`${metric}{`))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    const ofPanel = (title: RegExp): number =>
      shown
        .filter(({ panel }) => title.test(panel.title))
        .flatMap(({ series }) => series)
        .reduce((sum, { values }) => sum + (values[0] ?? Number.NaN), 0);
    expect(ofPanel(/^Customers handed to agents/)).toBe(ofWorker('threadkeeper_handoffs_total'));
    expect(ofPanel(/^Runs that a person must look at/)).toBe(ofWorker('threadkeeper_needs_attention_total'));
  });

  itWithChromium(`is drawn${hasChromium ? '' : ' (skipped: no Chromium)'}, each panel with its title`, async () => {
    const browser = await startChromium();
    try {
      const page = await openDashboard(browser, shown, window);
      expect(await page.locator('h2').allTextContents()).toEqual(readPanels().map(({ title }) => title));
      expect(await page.getByText('No data').count()).toBe(0);
      const { length: drawn } = readPanels().filter(({ type }) => type === 'timeseries');
      expect(await page.locator('canvas').count()).toBe(drawn);
      expect(await page.locator('.figure', { hasText: 'no' }).allTextContents()).toEqual(['no']);
    } finally {
      await browser.close();
    }
  });
});
