import { join, resolve } from 'node:path';
import { type Config, loadProcessConfig, type Portal } from '../src/config.ts';
import { countIn } from '../src/reports/run-report.ts';
import { backtest } from './backtest/backtest.ts';
import { renderFigures } from './backtest/figures.ts';
import { type Options, openAi, tellProgress, WrongCall } from './command.ts';

/** Of the 10 to 19 that HubSpot allows an app in a portal: the product's own answers need the rest. */
const CALLS_PER_SECOND = 3;

/** The options as the command line has them. */
export interface BacktestWords {
  threads: string;
  days: string;
  portal: string | undefined;
  out: string | undefined;
}

/** The portal with this id, or the first. @throws {WrongCall} */
export const portalNamed = ({ portals }: Pick<Config, 'portals'>, name: string | undefined): Portal => {
  const found = name === undefined ? portals[0] : portals.find(({ settings }) => settings.portalId === name);
  const known = portals.map(({ settings }) => settings.portalId).join(', ');
  if (found) return found;
  throw new WrongCall(
    `--portal must be one that the settings name${known === '' ? ', and they name none' : `: ${known}`}`,
  );
};

/**
 * Replays closed threads of a portal. Exit code 0; 1 where it ended before its end.
 * @throws {WrongCall | UsageError | ConfigError | AnotherBacktest}
 */
export const runBacktest = async (words: BacktestWords, options: Options): Promise<number> => {
  const [threads, days] = [countIn(words.threads, 'threads'), countIn(words.days, 'days')];
  const config = loadProcessConfig();
  const portal = portalNamed(config, words.portal);
  const { portalId } = portal.settings;
  const { ai, circumstances } = await openAi(config, portalId);
  const { files, stopped, figures } = await backtest(
    config,
    portal,
    { ai, circumstances },
    {
      threads,
      days,
      inFlight: options.inFlight,
      callsPerSecond: CALLS_PER_SECOND,
      folder: words.out === undefined ? join(config.dataDir, 'backtest', portalId) : resolve(words.out),
      onProgress: (done, all) => tellProgress(done, all, 'threads'),
    },
  );
  // A reason of a model's may hold a customer's words: those are in the files alone.
  const { handoffReasons: _, ...numbers } = figures;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ai: ai.name, portalId, stopped, figures: numbers, files }, null, 2)}\n`
      : `${renderFigures(ai.name, figures)}\n${files.join('\n')}\n`,
  );
  if (stopped !== null) process.stderr.write(`Not finished: ${stopped}. The same command goes on from here.\n`);
  return stopped === null ? 0 : 1;
};
