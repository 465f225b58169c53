import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TypedSearchAttributes } from '@temporalio/common';
import { PortTaken, requireFreePort } from '../../lib/ports.ts';
import { SEARCH_ATTRIBUTES } from '../../runs/search-attributes.ts';
import { createClient } from '../connection.ts';
import { plainSettings, type TemporalSettings } from '../envconfig.ts';
import { GRPC, grpcStatus } from '../grpc-status.ts';
import { NamespaceMissing, prepareNamespace } from '../namespace.ts';

export interface DevServerOptions {
  /** The `temporal` program, as `findTemporalCli` finds it. */
  cliPath: string;
  /** A folder for the server's database and log, made when needed. One server at a time. */
  dataDir: string;
  port: number;
  uiPort: number;
  /** Where the server shows its own metrics; absent: on a port of its choice. */
  metricsPort?: number;
  /** Gives the start up: what runs of the server is stopped, and the start fails. */
  signal?: AbortSignal;
}

/** The embedded Temporal server, running. */
export interface DevServer {
  settings: TemporalSettings;
  /** The Temporal Web UI's address, without a slash at its end. */
  uiUrl: string;
  /** Resolves when the server has ended, by {@link DevServer.stop} or by itself, with the last line of its log. */
  ended: Promise<string>;
  /** Ends the server and waits for that; killed when it takes more than 5 s. May be called again. */
  stop(): Promise<void>;
}

/** The embedded Temporal server did not come up. */
export class DevServerFailed extends Error {
  override readonly name = 'DevServerFailed';

  constructor(problem: string, logPath: string, lastLine: string) {
    super(`The embedded Temporal server ${problem}. Its log ${logPath} ends with: ${lastLine || '(nothing)'}`);
  }
}

const HOST = '127.0.0.1';
const USE = 'the embedded Temporal server';
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

// Holds the server by standard input: when our process ends, however it ends, the system closes that pipe, and the
// shell stops the server. An exit handler of ours would not run at a SIGKILL and would leave the server behind.
const HOLDER = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill "$server" 2>/dev/null; } &
watcher=$!
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
`;

const serverArguments = ({ dataDir, port, uiPort, metricsPort }: DevServerOptions): string[] => [
  'server',
  'start-dev',
  ...['--ip', HOST, '--port', String(port), '--ui-port', String(uiPort), '--ui-disable-news-fetch'],
  ...(metricsPort === undefined ? [] : ['--metrics-port', String(metricsPort)]),
  ...['--db-filename', join(dataDir, 'temporal.db'), '--log-level', 'warn'],
  // Two to three times the starts per second of the defaults; a closed transaction still survives a crash of the
  // server.
  ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'],
  // 20 by default for each shard, and here is one shard for all runs: past a first burst each task waited 35 ms to be
  // looked for.
  ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=1000'],
  // Off by default in the dev server; without it a busy portal's backlog goes first.
  ...['--dynamic-config-value', 'matching.enableFairness=true'],
  // Four by default, each with a quarter of a rate limit and an order of its own: one is strict, and enough for one
  // machine.
  ...['--dynamic-config-value', 'matching.numTaskqueueWritePartitions=1'],
  ...['--dynamic-config-value', 'matching.numTaskqueueReadPartitions=1'],
  ...SEARCH_ATTRIBUTES.flatMap(({ name, type }) => [
    '--search-attribute',
    `${name}=${TypedSearchAttributes.toMetadataType(type)}`,
  ]),
];

const isListening = async (port: number): Promise<boolean> => {
  const socket = connect(port, HOST);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

/** Waits until the server's namespace is there and prepared; the server makes it shortly after it begins to listen. */
const untilServing = async (settings: TemporalSettings, port: number, signal: AbortSignal): Promise<void> => {
  while (!(await isListening(port))) await delay(50, undefined, { signal });
  const { connection } = createClient(settings, []);
  try {
    for (;;) {
      try {
        await connection.withAbortSignal(signal, () =>
          prepareNamespace(connection, settings.namespace, { raiseRetention: true }),
        );
        return;
      } catch (error) {
        if (!(error instanceof NamespaceMissing) && grpcStatus(error) !== GRPC.UNAVAILABLE) throw error;
        await delay(50, undefined, { signal });
      }
    }
  } finally {
    await connection.close();
  }
};

/** Kills shell and server, of which one may be left. */
const killGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

const stopper = (child: ChildProcess, ended: Promise<unknown>) => async (): Promise<void> => {
  const kill = setTimeout(() => killGroup(child), STOP_TIMEOUT_MS);
  child.stdin?.destroy();
  await ended;
  clearTimeout(kill);
};

/**
 * Starts Temporal's dev server on a file, its namespace prepared and its closed runs kept 7 days, and waits until it
 * serves. It ends with our process, even when that is killed; a Ctrl-C in the terminal reaches only us. Linux and
 * macOS.
 * @throws {PortTaken}
 * @throws {DevServerFailed} when it ends early or takes more than 30 s
 */
export const startDevServer = async (options: DevServerOptions): Promise<DevServer> => {
  const { cliPath, dataDir, port, uiPort, signal } = options;
  await requireFreePort(port, USE);
  await requireFreePort(uiPort, 'the Temporal Web UI');
  await mkdir(dataDir, { recursive: true });
  const logPath = join(dataDir, 'temporal.log');
  const lastLine = async () => (await readFile(logPath, 'utf8').catch(() => '')).trim().split('\n').at(-1) ?? '';
  const log = await open(logPath, 'w');
  // Detached: a process group of its own, which a Ctrl-C in the terminal doesn't reach.
  const child = spawn('sh', ['-c', HOLDER, 'sh', cliPath, ...serverArguments(options)], {
    stdio: ['pipe', log.fd, log.fd],
    detached: true,
  });
  // Before anything is waited for: a server that ends at once would not be heard, and waited for without an end.
  const ended = once(child, 'exit').then(async () => {
    // Of a shell that was killed, the server goes on.
    killGroup(child);
    return await lastLine();
  });
  await log.close();
  const stop = stopper(child, ended);
  const settings = plainSettings(`${HOST}:${port}`);

  const waiting = new AbortController();
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  try {
    await Promise.race([
      untilServing(settings, port, AbortSignal.any([waiting.signal, timeout, ...(signal ? [signal] : [])])),
      ended.then((line) => {
        // It looks at its ports before anything else, but later than we did.
        if (/address already in use/.test(line)) throw new PortTaken(line.includes(`:${uiPort}:`) ? uiPort : port, USE);
        throw new DevServerFailed('ended before it served', logPath, line);
      }),
    ]);
  } catch (error) {
    waiting.abort();
    await stop();
    if (timeout.aborted) throw new DevServerFailed('did not serve in time', logPath, await lastLine());
    throw error;
  }
  return { settings, uiUrl: `http://${HOST}:${uiPort}`, ended, stop };
};
