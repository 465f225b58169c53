import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.ts';

const DEBIAN_VERSIONS = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs, or `null` where none is installed. The newest of Debian's, else the PATH's. */
const findPrograms = (): string | null => {
  const debian = existsSync(DEBIAN_VERSIONS)
    ? readdirSync(DEBIAN_VERSIONS)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(DEBIAN_VERSIONS, version, 'bin'))
    : [];
  // biome-ignore lint/style/noProcessEnv: where the machine's programs are
  const path = (process.env.PATH ?? '').split(delimiter);
  return [...debian, ...path].find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
};

interface Account {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made, or not at all. */
const findAccount = (): Account | null => {
  if (process.getuid?.() !== 0) return {};
  try {
    const id = (what: string) => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
};

const programs = findPrograms();
const account = findAccount();

/** Whether this machine can run {@link startPostgres}. */
export const hasPostgres = programs !== null && account !== null;

/** A PostgreSQL server for one test file. */
export interface TestPostgres {
  port: number;
  /** A superuser. */
  user: string;
  password: string;
  /** `postgres://` URL of a database on it, by default the one that is there from the start. */
  url(database?: string): string;
  /** Makes an empty database and gives its URL. */
  createDatabase(name: string): Promise<string>;
  /** Ends it as a crash would, as `pg_ctl -m immediate stop` does: no goodbye, no checkpoint. */
  crash(): Promise<void>;
  /** Starts it after a {@link TestPostgres.crash} on the same files and port; it recovers from its log. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const USER = 'threadkeeper';
const PASSWORD = 'only-for-tests';

/** What speeds up a server whose data nobody will miss. */
const FOR_TESTS = ['fsync=off', 'max_connections=60'];

/**
 * Starts a throwaway PostgreSQL on a free port, its files in a temporary folder, with `given` settings as its
 * configuration file has them. Give it back with `stop`.
 */
export const startPostgres = async (given: string[] = FOR_TESTS): Promise<TestPostgres> => {
  if (!programs || !account) throw new Error('No PostgreSQL is installed that this user may run');
  const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-postgres-'));
  const passwordFile = join(folder, 'password');
  const data = join(folder, 'data');
  writeFileSync(passwordFile, PASSWORD);
  if (account.uid !== undefined && account.gid !== undefined) {
    for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid);
  }
  const initdb = ['-D', data, '-U', USER, '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '--locale=C'];
  execFileSync(join(programs, 'initdb'), [...initdb, '--no-sync'], { ...account, cwd: folder, stdio: 'pipe' });

  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...given];
  const program = join(programs, 'postgres');
  const start = async (): Promise<ChildProcess> => {
    const words = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    const server = spawn(program, words, { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((ready, failed) => {
      let log = '';
      server.stderr.on('data', (chunk) => {
        log += chunk;
        if (log.includes('ready to accept connections')) ready();
      });
      server.once('exit', () => failed(new Error(`PostgreSQL ended at once:\n${log}`)));
    });
    return server;
  };
  const end = async (server: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  };
  let server = await start();

  const url = (database = 'postgres') => `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
  return {
    port,
    user: USER,
    password: PASSWORD,
    url,
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: url() });
      await client.connect();
      await client.query(`create database ${client.escapeIdentifier(name)}`);
      await client.end();
      return url(name);
    },
    // "Immediate shutdown": the server takes its children along, so that the files are free when it has ended.
    crash: () => end(server, 'SIGQUIT'),
    async restart() {
      server = await start();
    },
    async stop() {
      // "Fast shutdown": ends the connections that are left.
      await end(server, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
