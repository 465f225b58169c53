import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { startEmbeddedTemporal } from '../../src/processes/embedded-temporal.ts';
import { Resources } from '../../src/processes/lifecycle.ts';
import { openDashboard } from './page.ts';
import { hasPrometheus, startPrometheus } from './prometheus.ts';
import { askPanels } from './shown.ts';
import { startStage } from './stage.ts';
import { type Act, breakHubSpot, machineWrites, play, strangerSends } from './story.ts';

const SECONDS = 510;
/** So long customers of a shop are apart. */
const EVERY_MS = 1_800;
const WARM_UP_SECONDS = 30;
/** As long as runs take to end once nobody writes any more. */
const REST_MS = 15_000;
const SCRAPE_SECONDS = 5;

/** What goes wrong in these minutes, and what people do. */
const ACTS: Act[] = [
  { at: 0, act: ({ ai }) => Object.assign(ai, { delayMs: 1_500 }) },
  { at: 40, act: ({ shops: [shop] }) => Object.assign(shop.webhook, { duplicate: 'same-event-id' }) },
  { at: 70, act: ({ shops: [shop] }) => Object.assign(shop.webhook, { duplicate: 'none' }) },
  { at: 75, act: ({ shops: [shop] }) => machineWrites(shop, 9, 6_000) },
  { at: 110, act: ({ shops: [shop] }) => strangerSends(shop, 6) },
  { at: 140, act: ({ shops: [shop] }) => breakHubSpot(shop, { kind: 'status', status: 500 }) },
  { at: 185, act: ({ shops: [shop] }) => shop.faults.clear() },
  { at: 200, act: ({ shops: [, shop] }) => breakHubSpot(shop, { kind: 'rate-limit', retryAfter: 1 }, 0.6) },
  { at: 235, act: ({ shops: [, shop] }) => shop.faults.clear() },
  {
    at: 260,
    act: async ({ killWorker, startWorker }) => {
      await killWorker();
      await sleep(20_000);
      await startWorker();
    },
  },
  { at: 330, act: ({ ai }) => Object.assign(ai, { isDown: true }) },
  { at: 350, act: ({ ai }) => Object.assign(ai, { isDown: false }) },
  { at: 360, act: ({ agentGivesBack, shops: [shop] }) => agentGivesBack(shop) },
  { at: 380, act: ({ agentGivesBack, shops: [shop] }) => agentGivesBack(shop) },
  { at: 400, act: ({ ai }) => Object.assign(ai, { delayMs: 5_000 }) },
  { at: 440, act: ({ ai }) => Object.assign(ai, { delayMs: 1_500 }) },
];

/**
 * The dashboard of a run of some minutes, drawn from what a real Prometheus answers to its queries: a picture of its
 * first row, and one of the others.
 * @throws {Error} without a Prometheus on this machine
 */
export const pictureDashboard = async (browser: Browser): Promise<{ lead: Buffer; engineer: Buffer }> => {
  if (!hasPrometheus) throw new Error('Install Prometheus for the picture of the dashboard: apt install prometheus.');
  const resources = new Resources();
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-picture-'));
    resources.add(() => rm(dataDir, { recursive: true, force: true }));
    const ownTemporal = { temporalCliPath: undefined, xdgCacheHome: undefined, dataDir };
    const temporal = await startEmbeddedTemporal(ownTemporal, () => undefined, resources);
    const ground = { TEMPORAL_ADDRESS: temporal.settings.address, DATA_DIR: dataDir };
    const pace = { quietPeriod: '2s', pickUp: '45s', attentionAfter: '30s', dailyBudget: 0.2 };
    const stage = await startStage(ground, pace, resources);
    const prometheus = await startPrometheus(stage.metrics, SCRAPE_SECONDS, resources);
    // From here on everything has been counted once.
    const from = Math.floor(Date.now() / 1_000) + WARM_UP_SECONDS;
    await play(stage, { seconds: SECONDS, everyMs: EVERY_MS, acts: ACTS });
    await sleep(REST_MS);
    const to = Math.floor(Date.now() / 1_000);
    const window = { from, to, stepSeconds: SCRAPE_SECONDS, scrapeSeconds: SCRAPE_SECONDS };
    const page = await openDashboard(browser, await askPanels(prometheus, window), window);
    const [, second] = await page.locator('.row').all();
    const { height = 0 } = (await page.locator('body').boundingBox()) ?? {};
    const { y = height } = (await second?.boundingBox()) ?? {};
    const shoot = (top: number, bottom: number): Promise<Buffer> =>
      page.screenshot({ fullPage: true, clip: { x: 0, y: top, width: 1_440, height: bottom - top } });
    const pictures = { lead: await shoot(0, y), engineer: await shoot(y, height) };
    await page.close();
    return pictures;
  } finally {
    await resources.close();
  }
};
