import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { startChromium } from '../test/support/chromium.ts';
import { spawnNode } from '../test/support/spawned.ts';
import { animate, type Frame } from './animate.ts';
import { pictureDashboard } from './dashboard/picture.ts';

// Every picture of the docs: a demo is started and played with, as a visitor would. The dashboard's has a run of its
// own, of some minutes. Words behind the script's name choose some of film, playground, desk, temporal, dashboard.

const SIZE = { width: 1440, height: 900 };
const PATIENCE_MS = 90_000;

const pathOf = (name: string): string => fileURLToPath(new URL(`../docs/images/${name}`, import.meta.url));

const keep = async (name: string, picture: Buffer): Promise<void> => {
  await writeFile(pathOf(name), picture);
  process.stdout.write(`docs/images/${name}  ${Math.round(picture.length / 1024)} KB\n`);
};

/** A picture of a page, or of a part of it. */
const picture = async (name: string, page: Page, part?: Locator): Promise<void> =>
  keep(`${name}.png`, await (part ?? page).screenshot({ animations: 'disabled' }));

const open = async (browser: Browser, url: string): Promise<Page> => {
  const page = await browser.newPage({ viewport: SIZE, reducedMotion: 'reduce', colorScheme: 'light' });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  return page;
};

/** One who visits the playground. */
const visitorOf = (page: Page) => {
  const event = (text: string, state: string): Locator =>
    page.locator(`.event.customer[data-run=${state}]`, { hasText: text }).first();
  return {
    step: (title: string) => page.locator('.tour button', { has: page.locator('b', { hasText: title }) }).click(),
    untilRun: (text: string, state: string) => event(text, state).waitFor(),
    writes: async (text: string) => {
      await page.getByLabel('Message as the customer').fill(text);
      await page.getByLabel('Message as the customer').press('Enter');
    },
    lets: (autonomy: string) => page.locator('select[name=autonomy]').selectOption(autonomy),
  };
};

/** A question is answered; the worker is killed; the reply comes once there is a worker again. */
const film = async (browser: Browser, url: string): Promise<void> => {
  const page = await open(browser, url);
  const { writes } = visitorOf(page);
  const frames: Frame[] = [];
  const shoot = async (ms: number): Promise<void> => {
    frames.push({ png: await page.screenshot({ animations: 'disabled' }), ms });
  };
  const replies = page.locator('#customer .theirs');
  const say = async (text: string): Promise<void> => {
    await page.getByLabel('Message as the customer').fill(text);
    await shoot(1_200);
    await writes(text);
    await page.locator('.event.customer', { hasText: text }).first().waitFor();
  };
  await page.getByText('Worker running').waitFor();
  await page.getByRole('button', { name: 'New chat', exact: true }).click();
  await shoot(900);
  await say('How long does shipping take?');
  await shoot(1_400);
  await replies.nth(0).waitFor();
  await visitorOf(page).untilRun('How long', 'replied');
  await shoot(2_400);
  await page.locator('#kill-worker').click();
  await page.locator('#start-worker').waitFor();
  await shoot(1_600);
  await say('How do I return an item?');
  await page.getByText('safe in Temporal until a worker is back').first().waitFor();
  await shoot(2_400);
  await page.locator('#start-worker').click();
  await page.locator('#kill-worker').waitFor();
  await shoot(1_400);
  await replies.nth(1).waitFor();
  await visitorOf(page).untilRun('How do I return', 'replied');
  await shoot(4_000);
  await keep('playground.gif', await animate(frames));
  await page.close();
};

/** A conversation in which the AI answers, a person takes over, and the worker is killed while a message waits. */
const playground = async (page: Page): Promise<void> => {
  const { step, untilRun } = visitorOf(page);
  await page.getByText('Worker running').waitFor();
  await step('Ask a question');
  await untilRun('How long does shipping take?', 'replied');
  await step('Take over');
  await untilRun('Thank you!', 'skipped');
  await step('Give back');
  await untilRun('How do I return an item?', 'replied');
  await step('Deliver twice');
  await page.locator('.event[data-became=duplicate]').waitFor();
  await step('Kill the worker');
  await page.getByText('safe in Temporal until a worker is back').waitFor();
  await picture('playground', page);
  await page.locator('#start-worker').click();
  await page.getByText('Worker running').waitFor();
};

/** A draft as agents see it in the inbox, and one that waits for approval. */
const drafts = async (page: Page): Promise<void> => {
  const { lets, writes, untilRun } = visitorOf(page);
  await page.getByRole('button', { name: 'New chat', exact: true }).click();
  await lets('draft');
  await writes('How do gift cards work?');
  await untilRun('How do gift cards work?', 'drafted');
  await page.getByRole('button', { name: 'Use as my reply' }).waitFor();
  await page.setViewportSize({ ...SIZE, height: 1_100 });
  await picture('draft', page, page.locator('#agent'));
  await page.setViewportSize(SIZE);
  await lets('approve');
  await page.getByRole('button', { name: 'New chat', exact: true }).click();
  await writes('How long does shipping take?');
  await page.getByRole('button', { name: 'Send it' }).waitFor();
  await lets('auto');
};

const desk = async (browser: Browser, url: string, token: string): Promise<void> => {
  const page = await open(browser, url);
  await page.getByLabel('Token').fill(token);
  await page.getByLabel('Your name').fill('Kim');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').waitFor();
  await picture('desk', page);
  await page.goto(`${url}/drafts`);
  await picture('desk-drafts', page);
  await page.close();
};

/** Temporal's list of runs, and the story of one that replied. */
const temporal = async (browser: Browser, url: string): Promise<void> => {
  const listOf = (query: string): string =>
    `${url}/namespaces/default/workflows?query=${encodeURIComponent(`WorkflowType="replyToMessage"${query}`)}`;
  const page = await open(browser, listOf(''));
  const runs = page.getByRole('link', { name: /^message:/ });
  await runs.first().waitFor();
  await picture('temporal-list', page);
  await page.goto(listOf(' AND Outcome="replied"'));
  await runs.first().click();
  await page.getByRole('tab', { name: 'User Metadata' }).waitFor();
  await page.goto(page.url().replace(/\/\w+$/, '/user-metadata'));
  // The page shows markdown in frames of its own.
  await page.locator('iframe').last().contentFrame().getByText('may speak').first().waitFor();
  await picture('temporal-run', page);
  await page.close();
};

const dashboard = async (browser: Browser): Promise<void> => {
  const { lead, engineer } = await pictureDashboard(browser);
  await keep('dashboard.png', lead);
  await keep('dashboard-engineer.png', engineer);
};

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

/** Every picture for which a demo is played with. */
const ofDemo = async (browser: Browser): Promise<void> => {
  const demo = spawnNode(['dev/demo.ts'], {});
  try {
    await demo.says(/It stays up/);
    const said = async (pattern: RegExp): Promise<string> => (await demo.says(pattern))[1] ?? '';
    const url = await said(/Playground\s+(\S+)/);
    if (isWanted('film')) await film(browser, url);
    if (isWanted('playground')) await playground(await open(browser, url));
    if (isWanted('desk')) {
      await drafts(await open(browser, url));
      await desk(browser, await said(/Desk\s+(\S+)/), await said(/(\S+)\s+is its token/));
    }
    if (isWanted('temporal')) await temporal(browser, await said(/Temporal\s+(\S+)/));
  } finally {
    await demo.ends('SIGINT');
  }
};

const browser = await startChromium();
try {
  if (['film', 'playground', 'desk', 'temporal'].some(isWanted)) await ofDemo(browser);
  if (isWanted('dashboard')) await dashboard(browser);
} finally {
  await browser.close();
}
