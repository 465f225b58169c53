import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { numberOption, readScriptCall } from '../src/command-line.ts';
import { Resources } from '../src/processes/lifecycle.ts';
import { CLIENT_SECRET } from '../test/support/simulator.ts';
import { inBatches } from '../test/support/webhook-events.ts';
import { median } from './bench.ts';
import { cpuOf } from './cpu.ts';
import { readProfiles, type Spent, spentIn } from './cpu-profile.ts';
import { sendAll } from './deliveries.ts';
import { questions } from './events.ts';
import { markdownTable } from './results.ts';
import { type Stage, stage, untilAnswers } from './stage.ts';

const HELP = {
  name: 'bench:profile',
  does: 'Measures what computing a reply takes, by process and by part of the code.',
  options: {
    replies: 'how many (default: 150)',
    rounds: 'how often (default: 1)',
    profiles: 'the folder of the CPU profiles',
    built: 'a folder that npm run build made; may be repeated, to compare (default: built anew)',
  },
};

const { values } = readScriptCall(HELP, {
  options: {
    replies: { type: 'string' },
    rounds: { type: 'string' },
    profiles: { type: 'string' },
    built: { type: 'string', multiple: true },
  },
});
const replies = numberOption(HELP.name, 'replies', values.replies ?? '150');
const rounds = numberOption(HELP.name, 'rounds', values.rounds ?? '1');
const PATIENCE_MS = 90_000;
/** Warm everything up, and count for nothing. */
const WARM_UP = 30;

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** CPU in ms a reply, by process; event loop in ms. */
interface Measured {
  answersPerSecond: number;
  worker: number;
  api: number;
  temporal: number;
  postgres: number;
  workerLoop: { p50: number; p99: number; max: number };
  apiLoop: { p50: number; p99: number; max: number };
}

const answer = async ({ simulator, url }: Stage, count: number): Promise<number> => {
  const deliveries = inBatches(questions(simulator, count), 10);
  const wanted = simulator.ledger.length + count;
  const begin = performance.now();
  await sendAll(deliveries, { url, secret: CLIENT_SECRET, inFlight: deliveries.length });
  while (simulator.ledger.length < wanted) {
    if (performance.now() - begin > PATIENCE_MS) throw new Error(`${wanted - simulator.ledger.length} unanswered`);
    await sleep(5);
  }
  return (count / (performance.now() - begin)) * 1_000;
};

const measure = async (staged: Stage, from: string | undefined, profiles: string | undefined): Promise<Measured> => {
  const probe = ['--import', fileURLToPath(new URL('probe.ts', import.meta.url))];
  const start = async (name: 'api' | 'worker') => {
    const profiled = profiles ? ['--cpu-prof', '--cpu-prof-dir', join(profiles, name)] : [];
    if (profiles) await mkdir(join(profiles, name), { recursive: true });
    const place = { options: [...probe, ...profiled], ...(from ? { from } : {}) };
    return staged.start(`${name}.js`, { LOG_LEVEL: 'info' }, place);
  };
  const api = await start('api');
  await untilAnswers(new URL('/readyz', staged.url).href);
  const worker = await start('worker');
  await worker.says(/Worker polls/);
  await answer(staged, WARM_UP);
  const use = () => Promise.all([worker, api, { program: 'temporal' }, { program: 'postgres' }].map(cpuOf));
  for (const one of [api, worker]) one.send('SIGUSR2');
  const before = await use();
  const answersPerSecond = await answer(staged, replies);
  // What follows a reply (records, acknowledgements) is part of its price.
  await sleep(500);
  const after = await use();
  await worker.ends('SIGTERM');
  await api.ends('SIGTERM');
  const loopOf = (spawned: typeof api) => JSON.parse(/event loop (\{.*\})/.exec(spawned.output())?.[1] ?? '{}');
  const [forWorker = 0, forApi = 0, temporal = 0, postgres = 0] = after.map(
    (seconds, at) => ((seconds - (before[at] ?? 0)) / replies) * 1_000,
  );
  return {
    ...{ answersPerSecond, worker: forWorker, api: forApi, temporal, postgres },
    workerLoop: loopOf(worker),
    apiLoop: loopOf(api),
  };
};

/** Time of each thread of a process, the busiest first. */
const profileTables = async (profiles: string): Promise<string[]> => {
  const tables: string[] = [];
  for (const name of ['api', 'worker']) {
    for (const { name: file, profile } of await readProfiles(join(profiles, name))) {
      const { functions, places } = spentIn(profile);
      const total = places.reduce((sum, [, ms]) => sum + ms, 0);
      const rows = (spent: Spent, most: number) =>
        spent.slice(0, most).map(([what, ms]) => [what, ms.toFixed(0), `${((ms / total) * 100).toFixed(1)} %`]);
      const byPackage = markdownTable({ columns: ['by package', 'ms', 'share'], rows: rows(places, 12) });
      const byFunction = markdownTable({ columns: ['by function', 'ms', 'share'], rows: rows(functions, 30) });
      tables.push(`${name}, ${file}: ${total.toFixed(0)} ms\n\n${byPackage}\n\n${byFunction}\n`);
    }
  }
  return tables;
};

const resources = new Resources();
process.once('SIGINT', () => void resources.close().finally(() => process.exit(130)));
try {
  const builds = values.built?.map((folder) => resolve(folder)) ?? [undefined];
  const staged = await stage(resources, log, builds[0]);
  const measured = new Map<string, Measured[]>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const [at, build] of builds.entries()) {
      const name = build ?? 'this code';
      log(`round ${round}: ${name}`);
      const found = await measure(staged, build, values.profiles && join(values.profiles, String(at)));
      log(JSON.stringify(found));
      measured.set(name, [...(measured.get(name) ?? []), found]);
    }
  }
  const rows = [...measured].map(([name, all]) => {
    const of = (pick: (one: Measured) => number) => median(all.map(pick)).toFixed(1);
    return [
      name,
      ...[of((one) => one.answersPerSecond), of((one) => one.worker), of((one) => one.api)],
      ...[of((one) => one.temporal), of((one) => one.postgres)],
      ...[of((one) => one.workerLoop.p99), of((one) => one.apiLoop.p99)],
    ];
  });
  const columns = ['', 'answers/s', 'CPU ms: worker', 'api', 'Temporal', 'PostgreSQL', 'loop p99 ms: worker', 'api'];
  process.stdout.write(`${markdownTable({ columns, rows })}\n\n`);
  if (values.profiles)
    for (const at of builds.keys())
      for (const table of await profileTables(join(values.profiles, String(at)))) process.stdout.write(`${table}\n`);
} finally {
  await resources.close();
}
