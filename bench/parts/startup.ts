import { type Bench, percentiles } from '../bench.ts';
import { OURS, withStand } from '../contenders.ts';
import { watchCpu } from '../cpu.ts';
import type { PartResult } from '../results.ts';
import { short } from '../svg.ts';

const ROLES = ['api', 'worker'] as const;
/** In ms, from the build's output. */
const WANTED = { api: 1_000, worker: 3_000 };
const WHAT = { api: 'the API takes deliveries', worker: 'the worker polls' };

interface Start {
  role: (typeof ROLES)[number];
  ms: number;
  /** Of the process and of the servers that it asks, in ms. */
  cpuMs: number | null;
}

/**
 * How long the built processes take until they do their work. Namespace and tables are ready after the first start,
 * which doesn't count.
 */
export const measureStartup = async (bench: Bench): Promise<PartResult> => {
  const starts: Start[] = [];
  await withStand(OURS, bench.basis, 180_000, async (stood) => {
    for (let round = 0; round <= bench.sizes.starts; round += 1) {
      bench.log(`startup: ${round} of ${bench.sizes.starts}`);
      for (const role of ROLES) {
        const used = await watchCpu();
        const begin = performance.now();
        const started = await stood.up(role);
        const ms = performance.now() - begin;
        const { servers, seconds } = await used();
        await started.ends('SIGTERM');
        if (round > 0) starts.push({ role, ms, cpuMs: servers === null ? null : servers * seconds * 1_000 });
      }
    }
  });
  const rows = ROLES.map((role) => {
    const own = starts.filter((start) => start.role === role);
    return {
      role,
      ...percentiles(own.map(({ ms }) => ms)),
      cpuMs: percentiles(own.map(({ cpuMs }) => cpuMs ?? Number.NaN)).p50,
    };
  });
  return {
    title: 'Startup',
    notes: [
      `From the start of the process, from the build's output, until it does its work: ${bench.sizes.starts} ` +
        'starts of each, PostgreSQL and Temporal up, without a compile cache.',
    ],
    tables: [
      {
        title: 'until it works, in ms',
        columns: ['', 'p50', 'longest', 'CPU ms'],
        rows: rows.map(({ role, p50, p99, cpuMs }) => [WHAT[role], short(p50), short(p99), short(cpuMs)]),
      },
    ],
    goals: rows.map(({ role, p50 }) => ({
      what: `${WHAT[role]}, p50`,
      wanted: `< ${short(WANTED[role])} ms`,
      measured: `${short(p50)} ms`,
      met: p50 < WANTED[role],
    })),
    plots: {},
    data: starts,
    leftOut: [],
  };
};
