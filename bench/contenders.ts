import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '../dev/simulator/simulator.ts';
import { withDeadline } from '../src/lib/deadline.ts';
import { findFreePort } from '../src/lib/ports.ts';
import { Resources } from '../src/processes/lifecycle.ts';
import type { Running } from '../test/chaos/supervisor.ts';
import { portalEnvironment, testSimulator } from '../test/support/simulator.ts';
import { type Spawned, spawnNode } from '../test/support/spawned.ts';
import {
  type Backend,
  CONTENDERS,
  startDatabase,
  startRedis,
  startRestate,
  startTemporal,
  whyNot,
} from './backends.ts';
import type { PeerSettings } from './peer/settings.ts';

/** Something that takes HubSpot's events and answers them. */
export interface Contender {
  name: string;
  title: string;
  needs: Backend[];
  /** Of its own package, whose absence leaves it out. */
  package?: string;
  /** Relative to this folder; absent: the product itself, built. */
  script?: string;
}

export const OURS: Contender = { name: 'threadkeeper', title: 'Threadkeeper', needs: ['temporal', 'postgres'] };

/** In the order of the tables. */
export const ALL: readonly Contender[] = [
  OURS,
  { name: 'memory', title: 'Express, in memory', needs: [], script: 'peer/memory.ts' },
  { name: 'bullmq', title: 'BullMQ, Redis', needs: ['redis'], package: 'bullmq', script: 'contenders/bullmq.ts' },
  { name: 'pg-boss', title: 'pg-boss', needs: ['postgres'], package: 'pg-boss', script: 'contenders/pg-boss.ts' },
  { name: 'dbos', title: 'DBOS', needs: ['postgres'], package: '@dbos-inc/dbos-sdk', script: 'contenders/dbos.ts' },
  {
    name: 'restate',
    title: 'Restate',
    needs: ['restate'],
    package: '@restatedev/restate-sdk',
    script: 'contenders/restate.ts',
  },
  { name: 'bare', title: 'Temporal, bare workflow', needs: ['temporal'], script: 'bare/peer.ts' },
];

const packageFolder = (name: string): string => join(CONTENDERS, 'node_modules', name);

/** Why a contender is left out, or `null`. */
export const whyLeftOut = ({ needs, package: name }: Contender): string | null => {
  if (name && !existsSync(packageFolder(name))) return `${name} is not installed`;
  return needs.map(whyNot).find((reason) => reason !== null) ?? null;
};

export const versionOf = async (name: string): Promise<string> =>
  JSON.parse(await readFile(join(packageFolder(name), 'package.json'), 'utf8')).version;

/** What the product's and the bare workflow's processes run from. */
export interface Built {
  /** `npm run build`'s. */
  dist: string;
  /** The bare workflow's bundle. */
  bundlePath: string;
}

export type Role = PeerSettings['role'];

/** What every stand is built on. */
export interface Basis {
  built: Built;
  /** Where what is open is noted, for whoever breaks off the measurements. */
  resources: Resources;
}

export interface StandOptions extends Basis {
  /** A peer's worker ends its jobs at once; the product's has no such thing. */
  work?: boolean;
  looks?: boolean;
  /** The bare workflow has so many; four by default. */
  activities?: 3 | 4;
  /** More settings of the product. */
  environment?: Record<string, string>;
  /** The product's processes report what memory they hold (`heldMiB`). */
  probed?: boolean;
  /** Of a Temporal server that runs already. */
  temporal?: string;
}

/** A contender's servers and simulated HubSpot, up; its own processes are started by {@link Stand.start}. */
export interface Stand {
  simulator: Simulator;
  /** Its webhook endpoint. */
  url: string;
  /** Where its Temporal is, if it has one. */
  temporal: string;
  /** Starts one process, ready or not. */
  start(role: Role): Spawned;
  /** Starts it and waits until it takes deliveries or works. */
  up(role: Role): Promise<Spawned>;
  /** The same for a supervisor, which kills it and starts it again. */
  running(role: Role): Promise<Running>;
  close(): Promise<void>;
}

const READY_MS = 60_000;
const SCRIPTS: Record<Role, string> = { api: 'api.js', worker: 'worker.js', both: 'start.js' };
/** Of node, as `npm run api` and the image have them. */
const NODE_OPTIONS: Record<Role, string[]> = { api: ['--max-semi-space-size=2'], worker: [], both: [] };
const PROBE = ['--import', fileURLToPath(new URL('probe.ts', import.meta.url))];

const store = async ({ name, needs }: Contender, resources: Resources, given: string | undefined) => {
  const temporal = needs.includes('temporal') ? (given ?? (await startTemporal(resources))) : '';
  const postgres = needs.includes('postgres') ? await startDatabase(resources) : null;
  const databaseUrl = postgres ? await postgres.createDatabase('bench') : '';
  const restate = needs.includes('restate') ? await startRestate(resources) : null;
  const redisUrl = needs.includes('redis') ? await startRedis(resources) : '';
  const url = { bare: temporal, bullmq: redisUrl, restate: restate?.ingressUrl }[name] ?? databaseUrl;
  return { temporal, databaseUrl, adminUrl: restate?.adminUrl ?? '', url };
};

/** Brings a contender's servers up. */
export const stand = async (contender: Contender, options: StandOptions): Promise<Stand> => {
  const resources = new Resources();
  options.resources.add(() => resources.close());
  try {
    const { built, work = true, looks = false, activities = 4, probed = false, environment = {} } = options;
    const { temporal, databaseUrl, adminUrl, url: storeUrl } = await store(contender, resources, options.temporal);
    const simulator = await testSimulator({ behaviour: { echo: 'none' } });
    resources.add(() => simulator.close());
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}/webhooks/hubspot`;
    const ours = {
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'info',
      TEMPORAL_ADDRESS: temporal,
      ...portalEnvironment(simulator, url),
      HUBSPOT_ACTIVITIES_PER_SECOND: '0',
      QUIET_PERIOD: '0s',
      DELIVERY_CHECK: '0s',
      CATCH_UP_INTERVAL: '0s',
      ...environment,
    };
    const peer = (role: Role): PeerSettings => ({
      role,
      port,
      publicUrl: url,
      store: storeUrl,
      adminUrl,
      bundlePath: built.bundlePath,
      activities,
      hubspotUrl: simulator.url,
      work,
      looks,
    });
    const start = (role: Role): Spawned => {
      const spawned = contender.script
        ? spawnNode([fileURLToPath(new URL(contender.script, import.meta.url)), JSON.stringify(peer(role))], {
            RESTATE_LOGGING: 'ERROR',
          })
        : spawnNode([...NODE_OPTIONS[role], ...(probed ? PROBE : []), join(built.dist, SCRIPTS[role])], ours);
      resources.add(() => spawned.ends('SIGKILL'));
      return spawned;
    };
    const takesDeliveries = async (spawned: Spawned): Promise<boolean> => {
      let hasEnded = false;
      void spawned.ends().then(() => {
        hasEnded = true;
      });
      const ready = new URL('/readyz', url);
      for (const until = Date.now() + READY_MS; Date.now() < until && !hasEnded; await sleep(25)) {
        if ((await fetch(ready).catch(() => null))?.ok) return true;
      }
      return false;
    };
    const isReady = async (role: Role, spawned: Spawned): Promise<boolean> => {
      if (role !== 'worker') return await takesDeliveries(spawned);
      await spawned.says(contender.script ? /ready/ : /Worker polls/);
      return true;
    };
    const up = async (role: Role): Promise<Spawned> => {
      const spawned = start(role);
      if (!(await isReady(role, spawned)))
        throw new Error(`${contender.title} ${role}: ${spawned.output().slice(-500)}`);
      return spawned;
    };
    const running = async (role: Role): Promise<Running> => {
      const spawned = start(role);
      return {
        ready: isReady(role, spawned).catch(() => false),
        ended: spawned.ends().then(() => spawned.output().slice(-500)),
        kill: async () => {
          await spawned.ends('SIGKILL');
        },
      };
    };
    return { simulator, url, temporal, start, up, running, close: () => resources.close() };
  } catch (error) {
    await resources.close();
    throw error;
  }
};

/** Brings a contender up, lets `use` at it for so long at most, and takes it down again. */
export const withStand = async <T>(
  contender: Contender,
  options: StandOptions,
  limitMs: number,
  use: (stand: Stand) => Promise<T>,
): Promise<T> => {
  const stood = await stand(contender, options);
  try {
    return await withDeadline(use(stood), limitMs);
  } finally {
    await stood.close();
  }
};
