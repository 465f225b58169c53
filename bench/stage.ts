import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCliSettings } from '../src/config.ts';
import { findFreePort } from '../src/lib/ports.ts';
import { userCacheDir } from '../src/lib/user-cache-dir.ts';
import type { Resources } from '../src/processes/lifecycle.ts';
import { createClient } from '../src/temporal/connection.ts';
import { findTemporalCli } from '../src/temporal/embedded/cli.ts';
import { startDevServer } from '../src/temporal/embedded/dev-server.ts';
import { buildApart } from '../test/support/build.ts';
import { hasPostgres, startPostgres } from '../test/support/postgres.ts';
import { portalEnvironment, testSimulator } from '../test/support/simulator.ts';
import { type Spawned, spawnNode } from '../test/support/spawned.ts';

interface Start {
  /** Of node. */
  options?: string[];
  /** Another build than the stage's own. */
  from?: string;
}

/**
 * The product's processes, built, and what they need; the worker only when it is asked for. `dist`: a build that there
 * is already.
 */
export const stage = async (resources: Resources, log: (line: string) => void, dist?: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-bench-'));
  resources.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  if (!dist) log('building');
  const built = dist ?? (await buildApart(join(folder, 'build'), new AbortController().signal));
  log('starting');
  const { temporalCliPath, xdgCacheHome } = loadCliSettings();
  const cli = await findTemporalCli({ configuredPath: temporalCliPath, cacheDir: userCacheDir(xdgCacheHome) });
  const temporal = await startDevServer({
    cliPath: cli.path,
    dataDir: join(folder, 'temporal'),
    port: await findFreePort(),
    uiPort: await findFreePort(),
  });
  resources.add(() => temporal.stop());
  const simulator = await testSimulator();
  resources.add(() => simulator.close());
  const postgres = hasPostgres ? await startPostgres() : null;
  if (postgres) resources.add(() => postgres.stop());
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}/webhooks/hubspot`;
  const environment = {
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'warn',
    TEMPORAL_ADDRESS: temporal.settings.address,
    ...portalEnvironment(simulator, url),
    HUBSPOT_ACTIVITIES_PER_SECOND: '0',
    QUIET_PERIOD: '0s',
    DELIVERY_CHECK: '0s',
    CATCH_UP_INTERVAL: '0s',
    ...(postgres ? { DATABASE_URL: await postgres.createDatabase('sessions') } : {}),
  };
  const start = (
    script: string,
    settings: Record<string, string> = {},
    { options = [], from = built }: Start = {},
  ): Spawned => {
    const spawned = spawnNode([...options, join(from, script)], { ...environment, ...settings });
    resources.add(() => spawned.ends('SIGKILL'));
    return spawned;
  };
  const client = createClient(temporal.settings, []);
  resources.add(() => client.connection.close());
  return { simulator, url, client, settings: temporal.settings, start, database: postgres ? 'PostgreSQL' : 'PGlite' };
};

export type Stage = Awaited<ReturnType<typeof stage>>;

/** Waits until a GET is answered with a 2xx. */
export const untilAnswers = async (url: string): Promise<void> => {
  while (!(await fetch(url).catch(() => null))?.ok) await sleep(50);
};
