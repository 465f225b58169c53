import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadCliSettings } from '../src/config.ts';
import { findFreePort } from '../src/lib/ports.ts';
import { userCacheDir } from '../src/lib/user-cache-dir.ts';
import type { Resources } from '../src/processes/lifecycle.ts';
import { findTemporalCli } from '../src/temporal/embedded/cli.ts';
import { startDevServer } from '../src/temporal/embedded/dev-server.ts';
import { hasPostgres, startPostgres, type TestPostgres } from '../test/support/postgres.ts';

/** Where the packages of the contenders are, installed by `npm run bench`. */
export const CONTENDERS = fileURLToPath(new URL('contenders', import.meta.url));

const RESTATE = join(
  CONTENDERS,
  'node_modules',
  '@restatedev',
  `restate-server-${platform()}-${arch()}`,
  'bin',
  'restate-server',
);

// biome-ignore lint/style/noProcessEnv: where the machine's programs are
const searchPath = process.env.PATH ?? '';
const isInstalled = (program: string): boolean =>
  searchPath.split(delimiter).some((folder) => existsSync(join(folder, program)));

export type Backend = 'redis' | 'postgres' | 'temporal' | 'restate';

/** Why a server can't run here, or `null`. */
export const whyNot = (backend: Backend): string | null => {
  switch (backend) {
    case 'redis':
      return isInstalled('redis-server') ? null : 'redis-server is not installed';
    case 'postgres':
      return hasPostgres ? null : 'PostgreSQL is not installed, or not for this user';
    case 'restate':
      return existsSync(RESTATE) ? null : '@restatedev/restate-server has no program for this machine';
    case 'temporal':
      return null;
  }
};

const untilListening = async (port: number): Promise<void> => {
  for (const until = Date.now() + 30_000; Date.now() < until; await sleep(30)) {
    const socket = connect(port, '127.0.0.1');
    const listens = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (listens) return;
  }
  throw new Error(`Nothing listens on port ${port} after 30 s`);
};

const folderOf = async (what: string, resources: Resources): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `threadkeeper-bench-${what}-`));
  resources.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
};

const program = async (
  path: string,
  words: string[],
  env: Record<string, string>,
  resources: Resources,
): Promise<void> => {
  const child = spawn(path, words, { stdio: 'ignore', env: { PATH: searchPath, ...env } });
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  resources.add(async () => {
    child.kill('SIGKILL');
    await ended;
  });
};

/** Redis that writes every command to disk before it answers: an acknowledged job survives a crash. */
export const startRedis = async (resources: Resources): Promise<string> => {
  const [folder, port] = [await folderOf('redis', resources), await findFreePort()];
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  // BullMQ's documentation wants `noeviction`.
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'];
  await program('redis-server', [...words, ...durable], {}, resources);
  await untilListening(port);
  return `redis://127.0.0.1:${port}`;
};

/** PostgreSQL with its own settings of durability: every commit is on disk. */
export const startDatabase = async (resources: Resources): Promise<TestPostgres> => {
  const postgres = await startPostgres(['max_connections=200']);
  resources.add(() => postgres.stop());
  return postgres;
};

export const temporalCli = async () => {
  const { temporalCliPath, xdgCacheHome } = loadCliSettings();
  return await findTemporalCli({ configuredPath: temporalCliPath, cacheDir: userCacheDir(xdgCacheHome) });
};

/** The product's embedded Temporal server: SQLite with a write-ahead log. */
/** `metricsPort`: where the server shows its own metrics. */
export const startTemporal = async (resources: Resources, metricsPort?: number): Promise<string> => {
  const { path: cliPath } = await temporalCli();
  const dataDir = await folderOf('temporal', resources);
  const server = await startDevServer({
    ...{ cliPath, dataDir, port: await findFreePort(), uiPort: await findFreePort() },
    ...(metricsPort === undefined ? {} : { metricsPort }),
  });
  resources.add(() => server.stop());
  return server.settings.address;
};

export interface Restate {
  ingressUrl: string;
  adminUrl: string;
}

export const startRestate = async (resources: Resources): Promise<Restate> => {
  const folder = await folderOf('restate', resources);
  const [ingress, admin, node] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const address = (port: number) => `127.0.0.1:${port}`;
  const environment = {
    RESTATE_DISABLE_TELEMETRY: 'true',
    RESTATE_INGRESS__BIND_ADDRESS: address(ingress),
    RESTATE_ADMIN__BIND_ADDRESS: address(admin),
    RESTATE_BIND_ADDRESS: address(node),
    RESTATE_ADVERTISED_ADDRESS: `http://${address(node)}/`,
  };
  await program(RESTATE, ['--listen-mode', 'tcp', '--base-dir', folder], environment, resources);
  const adminUrl = `http://${address(admin)}`;
  await untilListening(ingress);
  for (
    const until = Date.now() + 30_000;
    !(await fetch(`${adminUrl}/health`).catch(() => null))?.ok;
    await sleep(100)
  ) {
    if (Date.now() > until) throw new Error('Restate is not healthy after 30 s');
  }
  return { ingressUrl: `http://${address(ingress)}`, adminUrl };
};
