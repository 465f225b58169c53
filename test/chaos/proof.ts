import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Resources } from '../../src/processes/lifecycle.ts';
import { buildApart } from '../support/build.ts';
import { chaos } from './chaos.ts';
import { MECHANISMS, type Mechanism, takeOut } from './mechanisms.ts';
import { type ChaosOptions, readOptions } from './options.ts';
import { offences } from './report.ts';

const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** What chaos finds in a build without this mechanism: the offences that are not 0. */
const findWithout = async (
  mechanism: Mechanism,
  options: ChaosOptions,
  signal: AbortSignal,
): Promise<Record<string, number>> => {
  const resources = new Resources();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-proof-'));
    resources.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    tell(`without ${mechanism.name}: building`);
    const built = await buildApart(join(folder, 'build'), signal, (sources) => takeOut(sources, mechanism));
    const { judgement } = await chaos({ ...options, built }, resources, tell, signal);
    return Object.fromEntries(Object.entries(offences(judgement)).filter(([, count]) => count > 0));
  } finally {
    await resources.close();
  }
};

/** `npm run test:chaos:proof`: takes each mechanism out in turn; 0 when chaos noticed every time, 1 when it did not. */
const main = async (words: string[]): Promise<number> => {
  const options = readOptions(words);
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());
  tell(`seed ${options.seed}`);
  let unnoticed = 0;
  for (const mechanism of MECHANISMS) {
    const found = await findWithout(mechanism, options, stopping.signal);
    const counts = Object.entries(found).map(([name, count]) => `${name} ${count}`);
    if (counts.length === 0) unnoticed += 1;
    process.stdout.write(`without ${mechanism.name} (${mechanism.without}): ${counts.join(', ') || 'NOT NOTICED'}\n`);
  }
  return unnoticed === 0 ? 0 : 1;
};

process.exitCode = await main(process.argv.slice(2));
