import { setTimeout as sleep } from 'node:timers/promises';
import { inBatches } from '../../test/support/webhook-events.ts';
import { startTemporal } from '../backends.ts';
import { type Bench, median, percentiles } from '../bench.ts';
import { type Contender, OURS, type Stand, withStand } from '../contenders.ts';
import { watchCpu } from '../cpu.ts';
import { questions } from '../events.ts';
import { signedSender } from '../load.ts';
import type { PartResult } from '../results.ts';
import { short } from '../svg.ts';
import { startTemporalOnPostgres } from '../temporal-on-postgres.ts';

/** A question is answered, nothing waited for, by one of these. */
interface Answerer {
  what: string;
  by: Contender;
  activities?: 3 | 4;
}

const bare = (activities: 3 | 4): Answerer => ({
  what: `a bare workflow of ${activities === 3 ? 'three' : 'four'} activities`,
  by: { name: 'bare', title: `bare workflow of ${activities}`, needs: ['temporal'], script: 'bare/peer.ts' },
  activities,
});
const ANSWERERS: Answerer[] = [bare(3), bare(4), { what: 'Threadkeeper', by: OURS }];

interface Speed {
  perSecond: number;
  p50Ms: number;
  cpuMs: number;
}

const LIMIT_MS = 300_000;

const untilPosts = async ({ simulator }: Stand, count: number): Promise<void> => {
  while (simulator.ledger.length < count) await sleep(2);
};

const measureSpeed = async (stood: Stand, count: number, alone: number): Promise<Speed> => {
  const { send, close } = signedSender(stood.url);
  const { simulator } = stood;
  const answerAll = async (): Promise<void> => {
    const before = simulator.ledger.length;
    await Promise.all(inBatches(questions(simulator, count), 10).map(send));
    await untilPosts(stood, before + count);
  };
  try {
    // What is read once, and what is compiled.
    await answerAll();
    await sleep(1_000);
    const used = await watchCpu();
    const began = performance.now();
    await answerAll();
    const perSecond = count / ((performance.now() - began) / 1_000);
    // What is written down after an answer counts with it.
    await sleep(1_000);
    const { servers, seconds } = await used();
    const taken: number[] = [];
    for (let number = 0; number < alone; number += 1) {
      const begin = performance.now();
      const before = simulator.ledger.length;
      await send(questions(simulator, 1));
      await untilPosts(stood, before + 1);
      taken.push(performance.now() - begin);
      await sleep(50);
    }
    const cpuMs = servers === null ? Number.NaN : (servers * seconds * 1_000) / count;
    return { perSecond, p50Ms: percentiles(taken).p50, cpuMs };
  } finally {
    close();
  }
};

const SERVERS: { name: string; start(bench: Bench): Promise<string> }[] = [
  { name: 'SQLite', start: ({ basis }) => startTemporal(basis.resources) },
  {
    name: 'PostgreSQL',
    start: async ({ basis, log }) => (await startTemporalOnPostgres(basis.resources, log)).address,
  },
];

/** An answer beside those of bare workflows on the same server, in turn; on SQLite and on PostgreSQL. */
export const measureBesideBare = async (
  bench: Bench,
): Promise<Pick<PartResult, 'tables' | 'goals' | 'leftOut' | 'data'>> => {
  const count = Math.min(150, bench.sizes.backlog);
  const result: Pick<PartResult, 'tables' | 'goals' | 'leftOut' | 'data'> = {
    tables: [],
    goals: [],
    leftOut: [],
    data: {},
  };
  const data: Record<string, unknown> = {};
  for (const server of SERVERS) {
    const speeds: Speed[][] = ANSWERERS.map(() => []);
    try {
      for (let round = 0; round < bench.sizes.rounds; round += 1) {
        for (const [index, { what, by, activities }] of ANSWERERS.entries()) {
          bench.log(`cost: ${what}, ${server.name}`);
          const temporal = await server.start(bench);
          const options = { ...bench.basis, temporal, ...(activities === undefined ? {} : { activities }) };
          const speed = await withStand(by, options, LIMIT_MS, async (stood) => {
            await stood.up('worker');
            await stood.up('api');
            return await measureSpeed(stood, count, bench.sizes.alone);
          });
          speeds[index]?.push(speed);
        }
      }
    } catch (error) {
      result.leftOut.push(`${server.name}: ${(error as Error).message.split('\n')[0]}`);
      continue;
    }
    data[server.name] = speeds;
    const of = (index: number, value: keyof Speed) => median((speeds[index] ?? []).map((speed) => speed[value]));
    result.tables.push({
      title: `a chat answered, nothing waited for, on ${server.name}`,
      columns: ['', 'answers a second', 'p50 one at a time, ms', 'CPU ms'],
      rows: ANSWERERS.map(({ what }, index) => [
        what,
        ...(['perSecond', 'p50Ms', 'cpuMs'] as const).map((value) => short(of(index, value))),
      ]),
    });
    const perBare = of(2, 'cpuMs') / of(1, 'cpuMs');
    const rate = of(2, 'perSecond') / of(0, 'perSecond');
    const later = of(2, 'p50Ms') - of(1, 'p50Ms');
    result.goals.push(
      {
        what: `CPU of a reply, by that of a bare workflow of four activities, ${server.name}`,
        wanted: '≤ 1',
        measured: short(perBare),
        met: perBare <= 1,
        why:
          'looks at the thread before the post, sessions, priorities, summaries and search attributes; ' +
          'two thirds of the workflow thread is the SDK’s own.',
      },
      {
        what: `answers a second, by those of a bare workflow of three, ${server.name}`,
        wanted: '≥ 0.9',
        measured: short(rate),
        met: rate >= 0.9,
        why: 'the same.',
      },
      {
        what: `p50 of one at a time, over that of a bare workflow of four, ${server.name}`,
        wanted: '+ 0 ms',
        measured: `${later < 0 ? '−' : '+'} ${short(Math.abs(later))} ms`,
        met: later <= 0,
        why: 'a look before the AI is asked and before the post, and sessions; the rounds are two instead of four.',
      },
    );
  }
  return { ...result, data };
};
