import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import express from 'express';
import type { Browser, Page } from 'playwright-core';
import { formOf } from '../../src/api/oauth.ts';
import type { Act } from '../../src/api/ops/actions.ts';
import { opsRoutes } from '../../src/api/ops/routes.ts';
import { temporalLinks } from '../../src/api/ops/temporal-links.ts';
import { createVisits } from '../../src/api/ops/visits.ts';
import { sendPage } from '../../src/api/pages/page.ts';
import { type Listening, listen } from '../../src/api/server.ts';
import type { ActorId, ThreadId } from '../../src/hubspot/ids.ts';
import { createLogger } from '../../src/logging.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { someOutcomes, someoneWaits } from '../support/outcomes.ts';
import { someDesk, someDrafts } from './some-desk.ts';
import { portal, portalId } from './support.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TOKEN = 'the-token-of-operations-page';

(hasChromium ? describe : describe.skip)('the desk, and those of an installation, in Chromium', () => {
  const retried: string[] = [];
  const acted: Act[] = [];
  const problems: string[] = [];
  let server: Listening;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const portals = [
      { ...portal('1'), connection: 'configured' as const, lastEvent: new Date() },
      { ...portal('2'), connection: 'reconnect-needed' as const, lastEvent: null },
      { ...portal('3'), connection: 'token-trouble' as const, trouble: 'compare HUBSPOT_CLIENT_ID', lastEvent: null },
    ];
    const run = { portalId: '1', threadId: '10', startedAt: new Date(), isOpen: false };
    const runs = [
      { ...run, workflowId: 'message:1:10-m1', runId: 'r1', cause: 'ai-failed', canBeRepeated: true },
      {
        ...run,
        workflowId: 'message:1:10-m3',
        runId: 'r3',
        cause: 'hubspot-failed',
        failure: 'HubSpotUnauthorized',
        isOpen: true,
        canBeRepeated: false,
      },
      { ...run, workflowId: 'sent:1:10-m2', runId: 'r2', cause: 'delivery-failed', canBeRepeated: false },
    ];
    const routes = opsRoutes({
      visits: createVisits(TOKEN, Date.now),
      overview: async () => ({
        attention: { known: { runs, more: true } },
        waits: {
          known: {
            ...someoneWaits,
            longest: someoneWaits.longest.map((one) => ({ ...one, since: Date.now() - 2_400 })),
          },
        },
        drafts: { known: someDrafts() },
        outcomes: { known: someOutcomes() },
        stops: { known: [] },
        sessions: {
          known: {
            counts: [{ portalId: portalId('1'), state: 'ai', count: 2 }],
            latest: [{ portalId: portalId('1'), threadId: '10' as ThreadId, state: 'paused', activeAt: new Date() }],
          },
        },
        skips: {
          known: { days: ['2026-01-30', '2026-01-31'], reasons: [{ reason: 'too-old', total: 3, counts: [1, 2] }] },
        },
        portals: { known: portals },
        waiting: {
          known: [
            {
              portalId: portalId('1'),
              aiActorId: 'A-9' as ActorId,
              scopes: ['oauth'],
              askedAt: Date.now(),
              before: { aiActorId: 'A-1' as ActorId, scopes: ['oauth', 'tickets'] },
            },
          ],
        },
      }),
      repeat: async (workflowId) => {
        retried.push(workflowId);
        return 'repeated';
      },
      settle: async (portalId, _askedAt, as) => {
        retried.push(`${portalId} ${as}`);
        return null;
      },
      desk: someDesk(acted),
      links: temporalLinks('https://temporal.example.com', 'default'),
      logger: createLogger({ level: 'silent' }),
      clock: Date.now,
    });
    const app = express()
      .use(routes)
      .get('/plain', (_request, response) => {
        sendPage(response, {
          status: 200,
          title: 'Connected',
          paragraphs: ['Next: write to it.'],
          form: formOf(undefined),
        });
      });
    server = await listen(app, { port: 0, host: '127.0.0.1' });
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** A page of its own cookies, in which nothing but axe goes past the page's policy. */
  const open = async (width: number, colorScheme: 'light' | 'dark'): Promise<void> => {
    page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.goto(`${server.url}/ops`);
  };
  const faults = async (): Promise<string[]> => {
    await page.addScriptTag({ path: AXE });
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
  };

  /** Times such as `2.4 s` whose number and unit are on different lines. */
  const brokenTimes = async (): Promise<string[]> =>
    await page.evaluate(`(() => {
      const found = [];
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode;
        for (const { 0: time, index } of text.data.matchAll(/\\b\\d[\\d.]*[ \\u00a0](?:s|min|h)\\b/g)) {
          const range = document.createRange();
          range.setStart(text, index);
          range.setEnd(text, index + time.length);
          if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) found.push(time);
        }
      }
      return found;
    })()`);

  /** By keyboard alone: the token's field has the focus. */
  const signIn = async (): Promise<void> => {
    await page.locator('#token:focus').waitFor();
    await page.keyboard.type(TOKEN);
    await page.keyboard.press('Enter');
  };

  it.each([
    [390, 'dark'],
    [1280, 'light'],
  ] as const)('is accessible and fits a window of %i px, %s', async (width, scheme) => {
    await open(width, scheme);
    expect(await faults()).toEqual([]);
    await signIn();
    await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
    expect(await faults()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('keeps a time’s number and unit on one line in every table', async () => {
    await open(390, 'light');
    await signIn();
    await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
    await page
      .getByText(/^\d+\.\d s$/)
      .first()
      .waitFor();
    const squeeze = 'td, th, p, li { max-width: 3.5rem }';
    for (const path of ['/ops', '/ops/drafts']) {
      await page.goto(`${server.url}${path}`);
      // However little room a cell gets.
      await page.addStyleTag({ content: squeeze });
      expect([path, await brokenTimes()]).toEqual([path, []]);
    }
    await page.close();
  });

  it('has an icon, which its policy lets in', async () => {
    const strict = await browser.newPage();
    await strict.goto(`${server.url}/ops`);
    const address = await strict.locator('link[rel=icon]').getAttribute('href');
    await strict.evaluate(`new Promise((resolve, reject) => {
      const icon = new Image();
      icon.onload = resolve;
      icon.onerror = () => reject(new Error('The icon was refused'));
      icon.src = ${JSON.stringify(address)};
    })`);
    await strict.close();
  });

  it.each(['light', 'dark'] as const)(
    'a page of the installation is accessible and has its style, %s',
    async (scheme) => {
      await open(390, scheme);
      await page.goto(`${server.url}/plain`);
      expect(await faults()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      await page.close();
      // The page's policy lets nothing in but the style that stands in it: here it counts.
      const strict = await browser.newPage({ colorScheme: scheme });
      await strict.goto(`${server.url}/plain`);
      const ground = await strict.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(ground).toBe({ light: 'rgb(255, 255, 255)', dark: 'rgb(22, 24, 29)' }[scheme]);
      await strict.close();
    },
  );

  it.each([
    [390, 'light'],
    [820, 'dark'],
    [1440, 'light'],
  ] as const)('every page of the desk is accessible and fits a window of %i px, %s', async (width, scheme) => {
    await open(width, scheme);
    await signIn();
    await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
    for (const path of [
      '/ops/drafts',
      '/ops/conversations',
      '/ops/conversations/1/10',
      '/ops/test',
      '/ops/test/1/question-1',
      '/ops/settings',
    ]) {
      await page.goto(`${server.url}${path}`);
      expect([path, await faults()]).toEqual([path, []]);
      expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, width]);
    }
    expect(problems).toEqual([]);
    await page.close();
  });

  it('answers a support lead’s questions within two clicks', async () => {
    await open(1280, 'light');
    await signIn();
    await page.getByText('customers wait', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'What did the AI do yesterday?' }).click();
    await page.getByText('Asked: Where is my vase?').first().waitFor();
    await page.getByRole('link', { name: 'Where it may have been wrong' }).click();
    await page.getByRole('checkbox', { name: 'An agent wrote after' }).and(page.locator(':checked')).waitFor();
    await page.close();
  });

  it('decides on one draft at once, and on several after a question, by keyboard', async () => {
    await open(390, 'dark');
    await page.locator('#token:focus').waitFor();
    await page.keyboard.type(TOKEN);
    await page.keyboard.press('Tab');
    await page.keyboard.type('Ann');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Drafts', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'Approve and send the draft on thread 10' }).press('Enter');
    await page.getByRole('status').waitFor();
    expect(acted.at(-1)).toMatchObject({ action: 'send', by: 'Ann on /ops', items: [{ runId: 'r10' }] });
    await page.getByRole('link', { name: 'Back to drafts' }).press('Enter');
    await page.getByText('cancel_order: POST').waitFor();
    await page.getByRole('button', { name: 'Approve the call on thread 12' }).waitFor();
    await page.getByRole('link', { name: 'Choose all' }).press('Enter');
    await page.getByRole('button', { name: 'Skip the chosen drafts' }).press('Enter');
    await page.getByRole('heading', { name: 'Do this to all of them?' }).waitFor();
    expect(await faults()).toEqual([]);
    expect(acted).toHaveLength(1);
    await page.getByRole('button', { name: 'Skip: all 3' }).press('Enter');
    await page.getByRole('heading', { name: 'What was done' }).waitFor();
    expect(await faults()).toEqual([]);
    expect(acted.at(-1)).toMatchObject({
      action: 'skip',
      items: [{ runId: 'r10' }, { runId: 'r11' }, { runId: 'r12' }],
    });
    await page.close();
  });

  it('retries a run by its button, reached by keyboard', async () => {
    await open(390, 'light');
    await signIn();
    const button = page.getByRole('button', { name: 'Retry message:1:10-m1' });
    await button.press('Enter');
    await page.getByRole('status').waitFor();
    expect(retried).toEqual(['message:1:10-m1']);
    await page.getByRole('button', { name: 'Confirm the installation of portal 1' }).press('Enter');
    await page.getByText('the installation waits no more').waitFor();
    expect(retried.at(-1)).toBe('1 confirmed');
    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page.getByLabel('Token').waitFor();
    await page.close();
  });
});
