import { fileURLToPath } from 'node:url';
import { readCall, WRONG_CALL } from '../src/command-line.ts';
import { aiConfig, type Options, openAi, WrongCall, withProgress } from './command.ts';
import { readConversations } from './conversation.ts';
import { play } from './play.ts';
import { figures, report } from './report.ts';
import { runBacktest } from './run-backtest.ts';
import { runGolden } from './run-golden.ts';

const DEMO = fileURLToPath(new URL('demo.yaml', import.meta.url));

const playFiles = async (files: string[], options: Options): Promise<number> => {
  const { ai, circumstances } = await openAi(aiConfig());
  const conversations = (files.length === 0 ? [DEMO] : files).flatMap(readConversations);
  const played = await withProgress(conversations, 'conversations', options, (conversation, number) =>
    play(ai, conversation, number, circumstances),
  );
  process.stdout.write(
    options.json ? `${JSON.stringify({ ...figures(ai.name, played), played }, null, 2)}\n` : report(ai.name, played),
  );
  return played.some(({ turns }) => turns.some(({ faults }) => faults.length > 0)) ? 1 : 0;
};

/** The options that only one way of the command takes. */
const OPTIONS_OF = { golden: ['update'], backtest: ['threads', 'days', 'portal', 'out'] } as const;

/**
 * `npm run eval`: exit code 0 when every answer was as expected, the golden set went no worse than its baseline, or the
 * backtest came to its end; 1 when not; 2 when nothing could be asked.
 */
const main = async (): Promise<number> => {
  const { values, positionals } = readCall('eval', {
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      'in-flight': { type: 'string', default: '4' },
      golden: { type: 'boolean', default: false },
      update: { type: 'boolean' },
      backtest: { type: 'boolean', default: false },
      threads: { type: 'string' },
      days: { type: 'string' },
      portal: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const { json, golden, backtest, update = false, threads = '100', days = '90', portal, out } = values;
  if (golden && backtest) throw new WrongCall('--golden and --backtest are two things: ask for one');
  for (const [way, options] of Object.entries(OPTIONS_OF)) {
    const strange = options.find((option) => values[option as keyof typeof values] !== undefined);
    if (strange && !values[way as keyof typeof OPTIONS_OF]) throw new WrongCall(`--${strange} belongs to --${way}`);
  }
  if (backtest && positionals.length > 0)
    throw new WrongCall(`--backtest takes no ${positionals[0]}: how many threads, says --threads`);
  const options = { json, inFlight: Number(values['in-flight']) };
  if (golden) return await runGolden(positionals, { ...options, update });
  if (backtest) return await runBacktest({ threads, days, portal, out }, options);
  return await playFiles(positionals, options);
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = WRONG_CALL;
}
