import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import pMap from 'p-map';
import { loadCliSettings } from '../src/config.ts';
import { findFreePort } from '../src/lib/ports.ts';
import { userCacheDir } from '../src/lib/user-cache-dir.ts';
import { findTemporalCli } from '../src/temporal/embedded/cli.ts';
import { startDevServer } from '../src/temporal/embedded/dev-server.ts';

/**
 * `node bench/sdk-sandbox.ts`: what the TypeScript SDK's sandbox costs a worker, for docs of
 * bench/sdk-sandbox.md. A process each runs the same workflow of four activities with all of the SDK, without its
 * promise hook, without the timeout of its calls into the sandbox, and without both.
 */
const VARIANTS = ['', 'hook', 'watchdog', 'hook,watchdog'];
const ROUNDS = 3;
const WARM_UP = 40;
const WORKFLOWS = 150;
const AT_ONCE = 20;

const SELF = fileURLToPath(import.meta.url);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** One process: gives the CPU of all its threads for a workflow, in ms. */
const measure = async (address: string): Promise<number> => {
  Runtime.install({ logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} } });
  const taskQueue = `sandbox-${randomUUID()}`;
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue,
    workflowsPath: here('bare-workflow.ts'),
    activities: { nothing: async () => undefined },
  });
  const client = new Client({ connection: await Connection.connect({ address }) });
  const run = (count: number) =>
    pMap(
      Array.from({ length: count }),
      () => {
        const args = [Array.from({ length: 4 }, () => taskQueue)];
        return client.workflow.execute('bare', { workflowId: randomUUID(), taskQueue, args });
      },
      { concurrency: AT_ONCE },
    );
  return await worker.runUntil(async () => {
    await run(WARM_UP);
    const before = process.cpuUsage();
    await run(WORKFLOWS);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / WORKFLOWS;
  });
};

const measureApart = async (address: string, without: string): Promise<number> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', here('sdk-sandbox-without.ts'), SELF, address],
    // biome-ignore lint/style/noProcessEnv: the child is this program once more
    { env: { ...process.env, SANDBOX_WITHOUT: without } },
  );
  return Number(stdout);
};

const main = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'sdk-sandbox-'));
  const { temporalCliPath, xdgCacheHome } = loadCliSettings();
  const cli = await findTemporalCli({ configuredPath: temporalCliPath, cacheDir: userCacheDir(xdgCacheHome) });
  const server = await startDevServer({
    cliPath: cli.path,
    dataDir: folder,
    port: await findFreePort(),
    uiPort: await findFreePort(),
  });
  try {
    const found = new Map<string, number[]>(VARIANTS.map((variant) => [variant, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const variant of VARIANTS) found.get(variant)?.push(await measureApart(server.settings.address, variant));
    }
    for (const [variant, values] of found) {
      const [, middle = Number.NaN] = values.toSorted((a, b) => a - b);
      const name = variant === '' ? 'as the SDK is' : `without ${variant.replace(',', ' and ')}`;
      process.stdout.write(
        `${name.padEnd(28)} ${middle.toFixed(2)} ms of CPU for a workflow ` +
          `(${values.map((value) => value.toFixed(2)).join(', ')})\n`,
      );
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

const [address] = process.argv.slice(2);
if (address === undefined) await main();
else process.stdout.write(`${await measure(address)}\n`);
process.exit();
