import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { startChromium } from '../test/support/chromium.ts';
import { spawnNode } from '../test/support/spawned.ts';

// The README's pictures of the playground, light and dark: a demo is started and played with, as a visitor would.

const SIZE = { width: 1440, height: 900 };
const SCHEMES = ['light', 'dark'] as const;
const pathOf = (scheme: string): string =>
  fileURLToPath(new URL(`../docs/images/playground-${scheme}.png`, import.meta.url));

const untilRun = async (page: Page, text: string, state: string): Promise<void> => {
  await page.locator(`.event.customer[data-run=${state}]`, { hasText: text }).first().waitFor({ timeout: 60_000 });
};

/** A conversation in which the AI answers, a person takes over, and the worker is killed while a message waits. */
const play = async (page: Page): Promise<void> => {
  const step = (title: string): Promise<void> =>
    page.locator('.tour button', { has: page.locator('b', { hasText: title }) }).click();
  await step('Ask a question');
  await untilRun(page, 'How long does shipping take?', 'replied');
  await step('Take over');
  await untilRun(page, 'Thank you!', 'skipped');
  await step('Give back');
  await untilRun(page, 'How do I return an item?', 'replied');
  await step('Deliver twice');
  await page.locator('.event[data-became=duplicate]').waitFor();
  await step('Kill the worker');
  await page.getByText('safe in Temporal until a worker is back').waitFor();
};

const demo = spawnNode(['dev/demo.ts'], {});
try {
  await demo.says(/It stays up/);
  const [, url = ''] = await demo.says(/Playground\s+(\S+)/);
  const browser = await startChromium();
  const page = await browser.newPage({ viewport: SIZE, reducedMotion: 'reduce' });
  await page.goto(url);
  await page.getByText('Worker running').waitFor();
  await play(page);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: pathOf(colorScheme) });
    process.stdout.write(`${pathOf(colorScheme)}\n`);
  }
  await browser.close();
} finally {
  await demo.ends('SIGINT');
}
