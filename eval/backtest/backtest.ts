import { join } from 'node:path';
import pMap from 'p-map';
import type { Config, Portal } from '../../src/config.ts';
import type { ThreadId } from '../../src/hubspot/ids.ts';
import { backtestFigures } from './figures.ts';
import { openKept, writePrivately } from './kept.ts';
import { type Backtest, backtestPage } from './page.ts';
import { openReadOnly } from './portal.ts';
import { type Replaying, replayThread } from './replay.ts';

export interface BacktestOptions {
  /** So many closed threads at most, and none older than so many days. */
  threads: number;
  days: number;
  inFlight: number;
  callsPerSecond: number;
  /** Where the page and its JSON go. */
  folder: string;
  onProgress(done: number, all: number): void;
}

/** So many threads in a row on which the AI answered nothing: it won't on the next one either. */
const MOST_FAILURES = 5;

/**
 * Replays closed threads of a portal: asks the AI what customers asked, and writes down what it would have said beside
 * what agents said, as `backtest.html` and `backtest.json` in a folder. Only reads from HubSpot. What broke off goes on
 * where it was when it is called again with the same folder.
 * @throws {AnotherBacktest}
 */
export const backtest = async (
  config: Pick<Config, 'hubspotApiUrl' | 'hubspotApiVersion'>,
  { settings, accessToken }: Pick<Portal, 'settings' | 'accessToken'>,
  { ai, circumstances }: Pick<Replaying, 'ai' | 'circumstances'>,
  options: BacktestOptions,
): Promise<Backtest & { files: string[] }> => {
  const { portalId } = settings;
  const kept = openKept(options.folder, { portalId, ai: ai.name });
  const portal = openReadOnly(config, { settings, accessToken }, options.callsPerSecond);
  const results = new Map(kept.threads);
  let stopped: string | null = null;
  let failedInARow = 0;

  const replay = async (threadId: ThreadId): Promise<void> => {
    const replayed = await replayThread(threadId, { portal, settings, ai, circumstances });
    results.set(threadId, replayed);
    const answers = (replayed ?? []).map(({ ai: answer }) => answer);
    const hasFailed = answers.length > 0 && answers.every((answer) => answer === null);
    // What the AI did not answer is asked again when this goes on.
    if (!hasFailed) kept.keep({ threadId, replayed });
    if (answers.length > 0) failedInARow = hasFailed ? failedInARow + 1 : 0;
    if (failedInARow >= MOST_FAILURES) {
      stopped ??= `the AI failed on ${MOST_FAILURES} threads in a row: ${replayed?.[0]?.failure}`;
    }
  };
  /** What is done is written down, whatever comes: an error ends the run, and not those that are under way. */
  const orStop = async (step: () => Promise<void>): Promise<void> => {
    try {
      if (stopped === null) await step();
    } catch (error) {
      stopped ??= (error as Error).message;
    }
  };

  await orStop(async () => {
    const threadIds = await portal.closedThreads(options.threads, options.days);
    const left = threadIds.filter((threadId) => !kept.threads.has(threadId));
    let done = threadIds.length - left.length;
    const one = (threadId: ThreadId): Promise<void> =>
      orStop(async () => {
        await replay(threadId);
        done += 1;
        options.onProgress(done, threadIds.length);
      });
    await pMap(left, one, { concurrency: options.inFlight });
  });

  const all = [...results.values()];
  const questions = all.flatMap((replayed) => replayed ?? []);
  const unreadable = all.filter((replayed) => replayed === null).length;
  const result: Backtest = {
    portalId,
    ai: ai.name,
    at: new Date().toISOString(),
    stopped,
    figures: backtestFigures(questions, { threads: all.length - unreadable, unreadable }),
    questions,
  };
  const files = ['backtest.html', 'backtest.json'].map((name) => join(options.folder, name));
  const [page = '', json = ''] = files;
  writePrivately(page, backtestPage(result));
  writePrivately(json, `${JSON.stringify(result, null, 2)}\n`);
  if (stopped === null) kept.finish();
  return { ...result, files };
};
