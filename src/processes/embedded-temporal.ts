import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { lockFolder } from '../lib/folder-lock.ts';
import { PortTaken, reservePort } from '../lib/ports.ts';
import { userCacheDir } from '../lib/user-cache-dir.ts';
import { findTemporalCli } from '../temporal/embedded/cli.ts';
import { type DevServer, startDevServer } from '../temporal/embedded/dev-server.ts';
import type { Resources } from './lifecycle.ts';

/** Temporal's own, so that the `temporal` command finds the server without a flag. */
const PORT = 7233;
const UI_PORT = 8233;
/** A search tries so many pairs of ports: other programs may be faster. */
const PORT_TRIES = 5;
/** A server that ended is started again on its ports, which the system may give back a moment later. */
const RESTART_TRIES = 20;
const RESTART_PAUSE_MS = 250;
/** One that ends more often than this within the time is not started again. */
const ENDINGS = 5;
const ENDINGS_WITHIN_MS = 60_000;

/** The embedded server ended while it was needed, again and again. */
export class EmbeddedTemporalEnded extends Error {
  override readonly name = 'EmbeddedTemporalEnded';

  constructor(logPath: string, lastLine: string) {
    super(
      `The embedded Temporal server ended by itself ${ENDINGS} times within a minute. Its log ${logPath} ends ` +
        `with: ${lastLine || '(nothing)'}`,
    );
  }
}

/** Another process has the embedded server of this folder. */
export class EmbeddedTemporalInUse extends Error {
  override readonly name = 'EmbeddedTemporalInUse';

  constructor(dataDir: string) {
    super(
      `Another Threadkeeper process runs the embedded Temporal server in ${dataDir}, and only one can. Stop ` +
        'it, set DATA_DIR to another folder, or set TEMPORAL_ADDRESS to a server that both share.',
    );
  }
}

/** The embedded server; when it ends by itself, it is started again where it was, with its data. */
export interface EmbeddedTemporal extends Pick<DevServer, 'settings' | 'uiUrl'> {
  /** Throws {@link EmbeddedTemporalEnded} or why it could not be started again. */
  failed: Promise<never>;
}

const startOnFreePorts = async (options: Omit<Parameters<typeof startDevServer>[0], 'port' | 'uiPort'>) => {
  for (let left = PORT_TRIES; ; left -= 1) {
    const api = await reservePort(PORT);
    const ui = await reservePort(UI_PORT);
    const ports = { port: api.port, uiPort: ui.port };
    try {
      return { server: await startDevServer({ ...options, ...ports }), ports };
    } catch (error) {
      if (!(error instanceof PortTaken) || left === 1) throw error;
    } finally {
      await api.release();
      await ui.release();
    }
  }
};

const startAgain = async (options: Parameters<typeof startDevServer>[0]): Promise<DevServer> => {
  for (let left = RESTART_TRIES; ; left -= 1) {
    try {
      return await startDevServer(options);
    } catch (error) {
      if (!(error instanceof PortTaken) || left === 1) throw error;
      await delay(RESTART_PAUSE_MS, undefined, { signal: options.signal });
    }
  }
};

/**
 * Brings a Temporal server of our own into `resources`, its data in `dataDir`. On Temporal's usual ports where these
 * are free, else on any; `onProgress` hears of each step that takes time, of other ports, and of a server that has to
 * be started again.
 * @throws {TemporalCliNotFound | EmbeddedTemporalInUse | PortTaken | DevServerFailed}
 */
export const startEmbeddedTemporal = async (
  config: Pick<Config, 'temporalCliPath' | 'xdgCacheHome' | 'dataDir'>,
  onProgress: (line: string) => void,
  resources: Resources,
): Promise<EmbeddedTemporal> => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const dataDir = join(config.dataDir, 'temporal');
  let server: DevServer | undefined;
  let unlock: (() => Promise<void>) | null = null;
  let busy: Promise<unknown> = Promise.resolve();
  // Known before anything is begun: whoever stops us in the middle of it leaves no program behind.
  resources.add(async () => {
    stopping.abort();
    await busy.catch(() => undefined);
    await server?.stop();
    await unlock?.();
  });

  const open = async () => {
    const cli = await findTemporalCli({
      configuredPath: config.temporalCliPath,
      cacheDir: userCacheDir(config.xdgCacheHome),
      onProgress,
      signal,
    });
    unlock = await lockFolder(dataDir, {
      onWait: () => onProgress(`Another process has ${dataDir}, or was killed: waiting for its lock to expire`),
    });
    if (!unlock) throw new EmbeddedTemporalInUse(dataDir);
    const options = { cliPath: cli.path, dataDir, signal };
    const started = await startOnFreePorts(options);
    server = started.server;
    return { options: { ...options, ...started.ports }, first: started.server };
  };
  const opening = open();
  busy = opening;
  const { options, first } = await opening;
  if (options.port !== PORT) onProgress(`Port ${PORT} is in use, Temporal takes ${options.port}`);
  if (options.uiPort !== UI_PORT) onProgress(`Port ${UI_PORT} is in use, the Temporal Web UI takes ${options.uiPort}`);

  const watch = async (): Promise<never> => {
    const endings: number[] = [];
    for (let running = first; ; ) {
      const lastLine = await running.ended;
      if (signal.aborted) return await new Promise<never>(() => undefined);
      endings.push(Date.now());
      const [earliest = 0] = endings.slice(-ENDINGS);
      if (endings.length >= ENDINGS && Date.now() - earliest < ENDINGS_WITHIN_MS) {
        throw new EmbeddedTemporalEnded(join(dataDir, 'temporal.log'), lastLine);
      }
      onProgress('The embedded Temporal server has ended and is started again, with its data');
      const restart = startAgain(options);
      busy = restart;
      running = await restart;
      server = running;
    }
  };
  const failed = watch();
  failed.catch(() => undefined);
  return { settings: first.settings, uiUrl: first.uiUrl, failed };
};
