import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleWorkflowCode } from '@temporalio/worker';
import { Resources } from '../src/processes/lifecycle.ts';
import { buildApart } from '../test/support/build.ts';
import { CONTENDERS } from './backends.ts';
import type { Bench } from './bench.ts';
import type { Built } from './contenders.ts';
import { describeMachine } from './machine.ts';
import { type Options, type PartName, readOptions } from './options.ts';
import { measureCost } from './parts/cost.ts';
import { measureEndToEnd } from './parts/end-to-end.ts';
import { measureFiltered } from './parts/filtered.ts';
import { measureIngestion } from './parts/ingestion.ts';
import { measureKills } from './parts/kills.ts';
import { measureScale } from './parts/scale.ts';
import { measureStartup } from './parts/startup.ts';
import { type PartResult, type Results, save, toMarkdown } from './results.ts';

const MEASURES: Record<PartName, (bench: Bench) => Promise<PartResult>> = {
  ingestion: measureIngestion,
  'end-to-end': measureEndToEnd,
  scale: measureScale,
  filtered: measureFiltered,
  startup: measureStartup,
  kills: measureKills,
  cost: measureCost,
};

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const begun = performance.now();
const log = (line: string): void => {
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
  process.stderr.write(`${seconds.padStart(5)} s  ${line}\n`);
};

/** The contenders' packages, once. Without a registry they are left out. */
const install = async (): Promise<void> => {
  if (existsSync(join(CONTENDERS, 'node_modules'))) return;
  log('installing the contenders (250 MB, once)');
  try {
    await promisify(execFile)('npm', ['install', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: CONTENDERS,
    });
  } catch (error) {
    log(`they can't be had, and are left out: ${(error as Error).message.split('\n')[0]}`);
  }
};

const build = async (resources: Resources): Promise<Built> => {
  log('building');
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-bench-'));
  resources.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
  const { code } = await bundleWorkflowCode({ workflowsPath: here('bare/workflows.ts'), logger: silent });
  const bundlePath = join(folder, 'bare.js');
  await writeFile(bundlePath, code);
  return { dist: await buildApart(join(folder, 'build'), new AbortController().signal), bundlePath };
};

/**
 * `npm run bench`: every part in turn, written down as soon as it is done. A part that fails is named, and the next one
 * begins.
 */
const main = async (options: Options, resources: Resources): Promise<number> => {
  await install();
  const bench: Bench = {
    sizes: options.sizes,
    contenders: options.contenders,
    basis: { built: await build(resources), resources },
    log,
  };
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ').replace(/ --$/, '');
  const results: Results = { machine: await describeMachine(command), parts: {} };
  let failed = 0;
  for (const name of options.parts) {
    const start = performance.now();
    try {
      const result = await MEASURES[name](bench);
      results.parts[name] = { ...result, seconds: (performance.now() - start) / 1_000 };
      await save(options.out, results);
      log(`${name}: done, in ${options.out}`);
    } catch (error) {
      failed += 1;
      log(`${name} failed: ${(error as Error).stack}`);
    }
  }
  const parts = Object.fromEntries(
    Object.entries(results.parts).map(([name, { data, goals }]) => [name, { data, goals }]),
  );
  process.stdout.write(
    options.json ? `${JSON.stringify({ machine: results.machine, parts }, null, 2)}\n` : toMarkdown(results),
  );
  return failed === 0 ? 0 : 1;
};

const resources = new Resources();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void resources.close().finally(() => process.exit(130)));
}
try {
  process.exitCode = await main(readOptions(process.argv.slice(2), here), resources);
} finally {
  await resources.close();
}
// Work that was given up may hold the process; everything that counts has been written.
process.exit();
