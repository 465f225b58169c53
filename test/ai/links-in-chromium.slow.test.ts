import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { sendable } from '../../src/activities/ai/ai.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { replyBody } from '../../src/rules/replying/post-body.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { ALLOWED_DOMAIN, answers, links, OWN_ADDRESS } from './hostile-links.ts';
import { asking } from './request.ts';
import { isTargetAllowed } from './way-out.ts';

const request = asking('?', { channel: 'email', contact: { name: null, email: OWN_ADDRESS } });

/** What goes out of an answer as HTML; `null`: it is handed off. */
const sentOf = (text: string): string | null => {
  const given: AiAnswer = { action: 'reply', text, sources: [], confidence: null, aiSessionId: null };
  const answer = sendable(given, request, { confidential: [], linkDomains: [ALLOWED_DOMAIN] });
  return answer.action === 'reply' ? replyBody(answer.text, { sources: answer.sources }).richText : null;
};

(hasChromium ? describe : describe.skip)('hostile answers in Chromium', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await startChromium();
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** Every link of these pieces of HTML, as the browser would follow it, and whatever else could lead out. */
  const linksOf = async (pieces: string[]): Promise<{ hrefs: string[]; others: number }[]> =>
    (await page.evaluate(`(${JSON.stringify(pieces)}).map((html) => {
      const { body } = new DOMParser().parseFromString(html, 'text/html');
      const hrefs = [...body.querySelectorAll('a')].map(({ href }) => href);
      const others = body.querySelectorAll(':not(p, br, strong, em, code, pre, ul, ol, li, a)').length;
      return { hrefs, others };
    })`)) as { hrefs: string[]; others: number }[];

  it('that are sent lead nowhere but to where they may', async () => {
    const sent = fc.sample(answers, { numRuns: 4_000, seed: 7 }).flatMap((text) => sentOf(text) ?? []);
    const found = await linksOf(sent);
    expect(found.flatMap((one) => one.hrefs).length).toBeGreaterThan(100);
    expect(found.flatMap((one) => one.hrefs).filter((href) => !isTargetAllowed(href))).toEqual([]);
    expect(found.filter(({ others }) => others > 0)).toEqual([]);
  });

  it('are withheld wherever the browser follows their link elsewhere', async () => {
    const tried = fc.sample(links, { numRuns: 4_000, seed: 7 }).filter((link) => !/["<>]/.test(link));
    const found = await linksOf(tried.map((link) => `<a href="${link}">here</a>`));
    const elsewhere = tried.filter((_, index) =>
      (found[index]?.hrefs ?? []).some((href) => /^(?:https?|mailto):/.test(href) && !isTargetAllowed(href)),
    );
    expect(elsewhere.length).toBeGreaterThan(400);
    expect(elsewhere.filter((link) => sentOf(`Click [here](${link}).`) !== null)).toEqual([]);
  });
});
