import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where systems have a Chromium, or a Chrome. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const executablePath = PLACES.find((path) => existsSync(path));

/** Whether this machine has a Chromium; its tests are skipped where it has none. */
export const hasChromium = executablePath !== undefined;

/** Starts it, without a window. Whoever started it closes it. */
export const startChromium = async (): Promise<Browser> => {
  if (executablePath === undefined) throw new Error(`No Chromium found in ${PLACES.join(', ')}: install one.`);
  // Its sandbox doesn't work in most containers, and it opens nothing but our own page.
  return await chromium.launch({ executablePath, args: ['--no-sandbox'] });
};
