import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createClient } from '../../src/temporal/connection.ts';
import { plainSettings, type TemporalSettings } from '../../src/temporal/envconfig.ts';
import { freePort } from '../support/free-port.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { spawnNode } from '../support/spawned.ts';
import { type Compose, readCompose } from './compose.ts';
import type { Programs } from './programs.ts';

/** A Temporal server on PostgreSQL, as docker-compose.yml runs it, its namespace made and set up. */
export interface ServerOnPostgres {
  settings: TemporalSettings;
  /** `postgres://` URLs of its two databases. */
  databases: { main: string; visibility: string };
  /** The folder of `temporal`, the command. */
  cliPath: string;
  stop(): Promise<void>;
}

/** Containers have an address each; processes on one machine a port each. */
const PORTS = [
  'FRONTEND_GRPC_PORT',
  'FRONTEND_HTTP_PORT',
  'FRONTEND_MEMBERSHIP_PORT',
  'HISTORY_GRPC_PORT',
  'HISTORY_MEMBERSHIP_PORT',
  'MATCHING_GRPC_PORT',
  'MATCHING_MEMBERSHIP_PORT',
  'WORKER_GRPC_PORT',
  'WORKER_MEMBERSHIP_PORT',
] as const;

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 90_000;

/** Runs what a one-off service of docker-compose.yml runs, its programs found in `bin`. */
const runService = async (
  { command: [script = ''], environment }: Compose['services']['temporal'],
  bin: string,
  changes: Record<string, string>,
): Promise<void> => {
  // biome-ignore lint/style/noProcessEnv: where the shell's programs are
  const PATH = [bin, process.env.PATH].join(delimiter);
  await promisify(execFile)('sh', ['-euc', script], { env: { PATH, HOME: bin, ...environment, ...changes } });
};

const untilServing = async (settings: TemporalSettings, ended: Promise<unknown>, logPath: string): Promise<void> => {
  const client = createClient(settings, []);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  try {
    for (const until = Date.now() + START_TIMEOUT_MS; ; ) {
      try {
        await client.connection.withDeadline(Date.now() + 2_000, () => client.workflowService.getClusterInfo({}));
        return;
      } catch {
        if (isOver || Date.now() > until) {
          throw new Error(`The Temporal server does not serve. Its log ends with:\n${await lastLines(logPath)}`);
        }
        await sleep(250);
      }
    }
  } finally {
    await client.connection.close();
  }
};

const lastLines = async (path: string): Promise<string> =>
  (await readFile(path, 'utf8')).trim().split('\n').slice(-5).join('\n');

/**
 * Makes Temporal's two databases in a PostgreSQL server and starts a Temporal server on them: schemas, server,
 * namespace and set-up by the commands and with the settings of docker-compose.yml, but for addresses. Its log is in
 * `folder`.
 * @throws {Error} where a step fails
 */
export const startServerOnPostgres = async (
  postgres: TestPostgres,
  programs: Programs,
  folder: string,
  tell: (line: string) => void,
): Promise<ServerOnPostgres> => {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(programs.sqlTool, join(bin, 'temporal-sql-tool'));
  await symlink(programs.cli, join(bin, 'temporal'));
  const { user, password, port: databasePort } = postgres;
  const { services, dynamicConfig } = await readCompose({ POSTGRES_PASSWORD: password });

  tell('making the databases');
  const database = { SQL_HOST: HOST, SQL_PORT: String(databasePort), SQL_USER: user };
  await runService(services['temporal-schema'], bin, database);

  tell('starting the Temporal server');
  const ports: Record<string, string> = {};
  for (const name of PORTS) ports[name] = String(await freePort());
  const dynamicConfigPath = join(folder, 'dynamic-config.yaml');
  await writeFile(dynamicConfigPath, dynamicConfig);
  const logPath = join(folder, 'temporal.log');
  const log = await open(logPath, 'w');
  const server = spawn(programs.server, ['--allow-no-auth', 'start'], {
    env: {
      ...services.temporal.environment,
      ...ports,
      POSTGRES_SEEDS: HOST,
      DB_PORT: String(databasePort),
      POSTGRES_USER: user,
      BIND_ON_IP: HOST,
      DYNAMIC_CONFIG_FILE_PATH: dynamicConfigPath,
    },
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = once(server, 'exit');
  await log.close();
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
  };
  try {
    const address = `${HOST}:${ports.FRONTEND_GRPC_PORT}`;
    const settings = plainSettings(address);
    await untilServing(settings, ended, logPath);
    await runService(services['temporal-namespace'], bin, { TEMPORAL_ADDRESS: address });

    tell('npm run setup');
    const setup = spawnNode(['src/setup.ts'], { TEMPORAL_ADDRESS: address });
    if ((await setup.ends()) !== 0) throw new Error(setup.output());
    for (const line of setup.output().trim().split('\n')) tell(line);
    return {
      settings,
      databases: { main: postgres.url('temporal'), visibility: postgres.url('temporal_visibility') },
      cliPath: programs.cli,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
