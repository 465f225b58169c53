import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userCacheDir } from '../../src/lib/user-cache-dir.ts';
import { findTemporalCli } from '../../src/temporal/embedded/cli.ts';
import { startDevServer } from '../../src/temporal/embedded/dev-server.ts';
import { plainSettings, type TemporalSettings } from '../../src/temporal/envconfig.ts';
import { freePort } from '../support/free-port.ts';
import type { Running } from './supervisor.ts';

/** A Temporal dev server that can be killed and started again on the same file and port. */
export interface TemporalServer {
  settings: TemporalSettings;
  start(): Promise<Running>;
}

export const temporalServer = async (folder: string): Promise<TemporalServer> => {
  // biome-ignore lint/style/noProcessEnv: where programs and caches are
  const { TEMPORAL_CLI_PATH, XDG_CACHE_HOME } = process.env;
  const cli = await findTemporalCli({
    configuredPath: TEMPORAL_CLI_PATH || undefined,
    cacheDir: userCacheDir(XDG_CACHE_HOME),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  await mkdir(folder);
  const pidFile = join(folder, 'pid');
  // The server stands behind the shell that holds it; a program that says its process id and then becomes the server is
  // the way to that id.
  const program = join(folder, 'temporal.sh');
  await writeFile(program, `#!/bin/sh\necho $$ > '${pidFile}'\nexec '${cli.path}' "$@"\n`, { mode: 0o755 });
  const [port, uiPort] = [await freePort(), await freePort()];
  return {
    settings: plainSettings(`127.0.0.1:${port}`),
    async start() {
      const server = await startDevServer({ cliPath: program, dataDir: folder, port, uiPort });
      const pid = Number(await readFile(pidFile, 'utf8'));
      return {
        ready: Promise.resolve(true),
        ended: server.ended.then(() => 'the server ended'),
        async kill() {
          process.kill(pid, 'SIGKILL');
          await server.ended;
        },
      };
    },
  };
};
