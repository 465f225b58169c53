import { join } from 'node:path';
import type { Config } from '../config.ts';
import { choosePort } from '../lib/ports.ts';
import { findTemporalCli, userCacheDir } from '../temporal/embedded/cli.ts';
import { type DevServer, startDevServer } from '../temporal/embedded/dev-server.ts';
import type { Resources } from './lifecycle.ts';

/** Temporal's own, so that the `temporal` command finds the server without being told. */
const PORT = 7233;
const UI_PORT = 8233;

/** The embedded server ended while it was needed. */
export class EmbeddedTemporalEnded extends Error {
  override readonly name = 'EmbeddedTemporalEnded';

  constructor(dataDir: string) {
    super(`The embedded Temporal server ended by itself; its log is ${join(dataDir, 'temporal', 'temporal.log')}.`);
  }
}

export interface EmbeddedTemporal extends DevServer {
  /** Throws {@link EmbeddedTemporalEnded} when the server ends by itself. */
  failed: Promise<never>;
}

/**
 * Brings a Temporal server of our own into `resources`, its data in `dataDir`. On Temporal's usual ports where these are
 * free, else on any; `onProgress` is told of each step that takes time.
 * @throws {TemporalCliNotFound | PortTaken | DevServerFailed}
 */
export const startEmbeddedTemporal = async (
  config: Pick<Config, 'temporalCliPath' | 'xdgCacheHome' | 'dataDir'>,
  onProgress: (line: string) => void,
  resources: Resources,
): Promise<EmbeddedTemporal> => {
  const cli = await findTemporalCli({
    configuredPath: config.temporalCliPath,
    cacheDir: userCacheDir(config.xdgCacheHome),
    onProgress,
  });
  const server = await startDevServer({
    cliPath: cli.path,
    dataDir: join(config.dataDir, 'temporal'),
    port: await choosePort(PORT),
    uiPort: await choosePort(UI_PORT),
  });
  let stopping = false;
  resources.add(() => {
    stopping = true;
    return server.stop();
  });
  const failed = server.ended.then(() => {
    if (stopping) return new Promise<never>(() => undefined);
    throw new EmbeddedTemporalEnded(config.dataDir);
  });
  failed.catch(() => undefined);
  return { ...server, failed };
};
