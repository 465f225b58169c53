import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listOption, numberOption, readScriptCall } from '../../src/command-line.ts';
import { Resources } from '../../src/processes/lifecycle.ts';
import { buildApart } from '../support/build.ts';
import { startPostgres } from '../support/postgres.ts';
import { answersOnce } from './answers-once.ts';
import { postgresSettings, readCompose } from './compose.ts';
import { fairSharing } from './fair-sharing.ts';
import { findPrograms } from './programs.ts';
import { rollOut } from './roll-out.ts';
import { runSuite } from './suite.ts';
import { startServerOnPostgres } from './temporal-server.ts';

const PARTS = ['answers', 'fairness', 'rollout', 'suite'] as const;
type Part = (typeof PARTS)[number];

const HELP = {
  name: 'test:topology',
  does:
    'Runs what docker-compose.yml runs, as processes (test/README.md). Behind the options: test files for the part ' +
    'suite. Ends with 1 if a part fails.',
  options: {
    only: `parts, with commas between: ${PARTS.join(', ')}`,
    messages: 'of the part answers (default: 300)',
    flood: 'events of the part fairness (default: 5000)',
    'quiet-period': 'the setting QUIET_PERIOD (default: 2s)',
    sleeping: 'runs of the part rollout (default: 200)',
    built: 'a folder that npm run build made (default: built anew)',
    json: 'prints JSON',
  },
};

const readOptions = (words: string[]) => {
  const text = { type: 'string' } as const;
  const { values, positionals } = readScriptCall(HELP, {
    args: words,
    allowPositionals: true,
    options: {
      only: text,
      messages: text,
      flood: text,
      'quiet-period': text,
      sleeping: text,
      built: text,
      json: { type: 'boolean' },
    },
  });
  return {
    only: listOption(HELP.name, 'only', values.only ?? PARTS.join(), PARTS),
    messages: numberOption(HELP.name, 'messages', values.messages ?? '300'),
    flood: numberOption(HELP.name, 'flood', values.flood ?? '5000'),
    quietPeriod: values['quiet-period'] ?? '2s',
    sleeping: numberOption(HELP.name, 'sleeping', values.sleeping ?? '200'),
    built: values.built ?? null,
    json: values.json ?? false,
    testFiles: positionals,
  };
};

/** `npm run test:topology`: exit code 0 when every part passed, 1 when one did not, 130 when stopped. */
const main = async (words: string[], resources: Resources, signal: AbortSignal): Promise<number> => {
  const options = readOptions(words);
  const began = Date.now();
  const tell = (line: string): void => {
    process.stderr.write(`${String(Math.round((Date.now() - began) / 1_000)).padStart(4)} s  ${line}\n`);
  };
  const programs = await findPrograms(tell);
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-topology-'));
  resources.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const postgres = await startPostgres(postgresSettings(await readCompose({})));
  resources.add(() => postgres.stop());
  const server = await startServerOnPostgres(postgres, programs, join(folder, 'temporal'), tell);
  resources.add(() => server.stop());

  const build = async (): Promise<string> => {
    tell('building');
    return await buildApart(join(folder, 'build'), signal);
  };
  const needsBuild = options.only.some((part) => part === 'answers' || part === 'fairness');
  const built = options.built ?? (needsBuild ? await build() : '');

  const run: Record<Part, (own: Resources) => Promise<{ passed: boolean }>> = {
    answers: async (own) => {
      const databaseUrl = await postgres.createDatabase('answers');
      const { messages } = options;
      return await answersOnce({ built, databaseUrl, messages }, server, folder, own, tell, signal);
    },
    fairness: async (own) => {
      const databaseUrl = await postgres.createDatabase('fairness');
      const { flood: events, quietPeriod } = options;
      const given = { built, databaseUrl, temporal: server.settings, events, quietPeriod, times: 5 };
      return await fairSharing(given, folder, own, tell, signal);
    },
    rollout: (own) => rollOut({ runs: options.sleeping }, server, own, tell),
    suite: () => runSuite({ files: options.testFiles }, server, postgres, tell, signal),
  };
  const results: Record<string, { passed: boolean }> = {};
  for (const part of options.only) {
    tell(`--- ${part}`);
    const own = new Resources();
    // Broken off, `finally` may come too late: what keeps its processes running would start them for ever.
    resources.add(() => own.close());
    try {
      results[part] = await run[part](own);
    } finally {
      await own.close();
    }
    tell(`${part}: ${results[part]?.passed ? 'passed' : 'FAILED'}`);
  }
  const passed = Object.values(results).every((result) => result.passed);
  const report = { temporal: programs.version, seconds: Math.round((Date.now() - began) / 1_000), ...results, passed };
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : table(report));
  return passed ? 0 : 1;
};

const inWords = (value: unknown): string => {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(inWords).join(' · ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${inWords(part)}`)
    .join(', ');
};

const table = (report: object): string =>
  Object.entries(report)
    .flatMap(([name, value]) =>
      typeof value === 'object' && value !== null
        ? [`\n${name}`, ...Object.entries(value).map(([what, how]) => `  ${what.padEnd(20)}${inWords(how)}`)]
        : [`${name.padEnd(22)}${value}`],
    )
    .join('\n')
    .concat('\n');

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());
const resources = new Resources();
const stopped = new Promise<never>((_, reject) => {
  stopping.signal.addEventListener('abort', () => reject(new Error('stopped')));
});
try {
  process.exitCode = await Promise.race([main(process.argv.slice(2), resources, stopping.signal), stopped]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = stopping.signal.aborted ? 130 : 1;
} finally {
  await resources.close();
}
