import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { type Shown, timesOf, type Window } from './shown.ts';

const { resolve } = createRequire(import.meta.url);
const own = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const ofUPlot = (name: string): string => readFileSync(resolve(`uplot/dist/${name}`), 'utf8');

/** The page that shows the panels in the dashboard's own grid, whole in itself. */
const renderPage = (shown: readonly Shown[], window: Window): string => {
  // No text of it can end the script.
  const data = JSON.stringify({ shown, times: timesOf(window) }).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Threadkeeper</title>
<style>${ofUPlot('uPlot.min.css')}${own('page.css')}</style>
<main></main>
<script type="application/json" id="dashboard">${data}</script>
<script>${ofUPlot('uPlot.iife.min.js')}</script>
<script type="module">${own('draw.js')}</script>
</html>`;
};

/** Opens the page, and waits until every panel is drawn. @throws {Error} of the page, such as for an unknown unit */
export const openDashboard = async (browser: Browser, shown: readonly Shown[], window: Window): Promise<Page> => {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    timezoneId: 'UTC',
  });
  const failed = new Promise<never>((_, reject) => page.on('pageerror', reject));
  await page.setContent(renderPage(shown, window));
  await Promise.race([failed, page.locator('body[data-drawn]').waitFor()]);
  return page;
};
