import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import type { Resources } from '../../src/processes/lifecycle.ts';
import { openSessionStore } from '../../src/sessions/open-session-store.ts';
import type { SessionStore } from '../../src/sessions/store.ts';
import type { TemporalSettings } from '../../src/temporal/envconfig.ts';
import { buildApart } from '../support/build.ts';
import { freePort } from '../support/free-port.ts';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { portalEnvironment, testSimulator } from '../support/simulator.ts';
import { spawnNode } from '../support/spawned.ts';
import { type AiServer, startAiServer } from './ai-server.ts';
import type { ChaosOptions } from './options.ts';
import { createRandom } from './random.ts';
import { type Running, Supervised } from './supervisor.ts';
import { temporalServer } from './temporal-server.ts';

/** The product as it runs in production, all that it needs, and a HubSpot and an AI that survive everything. */
export interface Topology {
  simulator: Simulator;
  ai: AiServer;
  temporal: TemporalSettings;
  /** Everything that may be killed. */
  supervised: Supervised[];
  /** Where sessions are: PostgreSQL, or the embedded database of the one worker. */
  database: 'PostgreSQL' | 'PGlite';
  /** Opens the sessions for a look; the workers must have been stopped. */
  openSessions(): Promise<SessionStore>;
}

const lastLine = (output: string): string => output.trim().split('\n').at(-1)?.slice(0, 300) ?? '';

/** HubSpot goes on for a day; here it goes on for longer than any run. Time is compressed. */
const REDELIVERIES = [300, 600, 1_000, ...Array<number>(1_000).fill(1_500)];

/** Starts a built script of the product each time it is called; `ready` matches what it says once it works. */
export const startProcess =
  (script: string, ready: RegExp, environment: Record<string, string>) => async (): Promise<Running> => {
    const spawned = spawnNode([script], environment);
    return {
      ready: spawned.says(ready).then(
        () => true,
        () => false,
      ),
      ended: spawned.ends().then(() => lastLine(spawned.output())),
      kill: async () => {
        await spawned.ends('SIGKILL');
      },
      send: spawned.send,
    };
  };

const startDatabase = (postgres: TestPostgres) => {
  // It runs when it is first asked for.
  let isUp = true;
  return async (): Promise<Running> => {
    if (!isUp) await postgres.restart();
    isUp = true;
    const ended = Promise.withResolvers<string>();
    return {
      ready: Promise.resolve(true),
      ended: ended.promise,
      kill: async () => {
        await postgres.crash();
        isUp = false;
        ended.resolve('crashed');
      },
    };
  };
};

/**
 * Starts everything into `resources`, built before unless there is a `built` folder, and waits until it works.
 * @throws {Error} when `signal` aborts
 */
export const startTopology = async (
  { seed, built: builtBefore }: Pick<ChaosOptions, 'seed' | 'built'>,
  resources: Resources,
  tell: (step: string) => void,
  signal: AbortSignal,
): Promise<Topology> => {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-chaos-'));
  resources.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  if (builtBefore === null) tell('building');
  const built = builtBefore ?? (await buildApart(join(folder, 'build'), signal));

  tell('starting');
  const simulator = await testSimulator({
    random: createRandom(seed, 'simulator'),
    webhook: { retryDelaysMs: REDELIVERIES },
  });
  resources.add(() => simulator.close());
  const ai = await startAiServer();
  resources.add(() => ai.close());
  const postgres = hasPostgres ? await startPostgres() : null;
  if (postgres) resources.add(() => postgres.stop());
  const databaseUrl = postgres ? await postgres.createDatabase('sessions') : undefined;
  const temporal = await temporalServer(join(folder, 'temporal'));
  signal.throwIfAborted();

  const port = await freePort();
  const publicUrl = `http://localhost:${port}/webhooks/hubspot`;
  simulator.setWebhookUrl(publicUrl, `http://127.0.0.1:${port}/webhooks/hubspot`);
  const dataDir = join(folder, 'data');
  const environment = {
    PORT: String(port),
    DATA_DIR: dataDir,
    TEMPORAL_ADDRESS: temporal.settings.address,
    ...portalEnvironment(simulator, publicUrl),
    EMAIL_DELAY: '1s',
    QUIET_PERIOD: '300ms',
    // An hour's load of a long thread comes in a minute.
    MAX_AI_CALLS_PER_HOUR: '10000',
    MAX_REPLIES_PER_HOUR: '1000',
    // So long that no answer is due before the quiet period's end: past a newer message there is none.
    QUIET_PERIOD_MAX: '1h',
    DELIVERY_CHECK: '3s',
    CATCH_UP_INTERVAL: '0s',
    // A thread that was handed over stays in play.
    AFTER_HANDOFF: 'answer',
    HANDOFF_PICK_UP: '0s',
    // A minute's load of hundreds of portals comes from one.
    HUBSPOT_ACTIVITIES_PER_SECOND: '0',
    AI_BACKEND: 'opencx',
    OPENCX_API_URL: ai.url,
    OPENCX_API_KEY: 'key',
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
  };

  const supervised: Supervised[] = [];
  const supervise = async (name: string, start: () => Promise<Running>): Promise<void> => {
    const one = new Supervised(name, start);
    supervised.push(one);
    resources.add(() => one.stop());
    await one.untilReady(signal);
  };
  await supervise('temporal', temporal.start);
  if (postgres) await supervise('postgres', startDatabase(postgres));
  await supervise('api', startProcess(join(built, 'api.js'), /API listens/, environment));
  // An embedded database has one user at a time.
  for (const name of postgres ? ['worker-1', 'worker-2'] : ['worker']) {
    await supervise(name, startProcess(join(built, 'worker.js'), /Worker polls/, environment));
  }
  return {
    simulator,
    ai,
    temporal: temporal.settings,
    supervised,
    database: postgres ? 'PostgreSQL' : 'PGlite',
    openSessions: () => openSessionStore({ databaseUrl, dataDir }),
  };
};
