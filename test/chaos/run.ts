import { Resources } from '../../src/processes/lifecycle.ts';
import { chaos } from './chaos.ts';
import { readOptions } from './options.ts';
import { figures, type Report, table } from './report.ts';

/**
 * `npm run test:chaos`: exit code 0 when nothing was lost, repeated or misplaced; 1 when something was; 130 when
 * stopped.
 */
const main = async (words: string[]): Promise<number> => {
  const options = readOptions(words);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const resources = new Resources();
  const tell = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  let report: Report;
  try {
    tell(`seed ${options.seed}`);
    report = await chaos(options, resources, tell, stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    tell('stopped');
    return 130;
  } finally {
    await resources.close();
  }
  const { stories, judgement } = report;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...figures(report), violations: judgement.violations, stories }, null, 2)}\n`
      : table(report),
  );
  return judgement.violations.length === 0 ? 0 : 1;
};

process.exitCode = await main(process.argv.slice(2));
