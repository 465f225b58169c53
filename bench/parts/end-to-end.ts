import { setTimeout as sleep } from 'node:timers/promises';
import { inBatches } from '../../test/support/webhook-events.ts';
import { type Bench, median, orLeftOut, percentiles, present, shuffled, spread } from '../bench.ts';
import { type Contender, OURS, type Stand, withStand } from '../contenders.ts';
import { watchCpu } from '../cpu.ts';
import { questions } from '../events.ts';
import { type Send, signedSender } from '../load.ts';
import type { PartResult } from '../results.ts';
import { barPlot, short } from '../svg.ts';

interface Measured {
  name: string;
  title: string;
  /** From the delivery to the reply that HubSpot took, in ms: one at a time, and eight at once. */
  aloneMs: number[];
  togetherMs: number[];
  answeredPerSecond: number;
  /** Of HubSpot's API, for one answer. */
  callsPerAnswer: number;
  /** CPU of everything but the driver, for one answer, in ms. */
  cpuMsPerAnswer: number | null;
}

const TOGETHER = 8;
const WARM_UP = 20;
const PATIENCE_MS = 30_000;

/** Says when a thread gets its next item, which is the reply: nobody else writes on it. */
const answers = ({ simulator }: Stand) => {
  const waiting = new Map<string, () => void>();
  simulator.on((change) => {
    if (change.kind === 'thread') waiting.get(change.threadId)?.();
  });
  return (threadId: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1_000} s`)), PATIENCE_MS);
      waiting.set(threadId, () => {
        clearTimeout(timer);
        waiting.delete(threadId);
        resolve();
      });
    });
};

const measureOne = ({ sizes, basis, log }: Bench, contender: Contender): Promise<Measured> =>
  withStand(contender, { ...basis, looks: contender.name === 'bare' }, 150_000, async (stood) => {
    const { simulator } = stood;
    if (contender.name === 'memory') await stood.up('both');
    else {
      await stood.up('worker');
      await stood.up('api');
    }
    const { send, close } = signedSender(stood.url);
    const answered = answers(stood);
    const ask = async (): Promise<number> => {
      const [event] = questions(simulator, 1);
      if (!event) throw new Error('no question');
      const reply = answered(String(event.objectId));
      const at = performance.now();
      await send([event]);
      await reply;
      return performance.now() - at;
    };
    const askInLanes = async (count: number, lanes: number): Promise<number[]> => {
      const taken: number[] = [];
      let left = count;
      const lane = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          taken.push(await ask());
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      return taken;
    };
    try {
      await askInLanes(WARM_UP, TOGETHER);
      const aloneMs = await askInLanes(sizes.alone, 1);
      const togetherMs = await askInLanes(sizes.together, TOGETHER);
      const calls = simulator.calls.length;
      const used = await watchCpu();
      const perSecond = await backlog(send, stood, sizes.backlog);
      // What follows a reply (records, acknowledgements) is part of its price.
      await sleep(500);
      const { servers, seconds } = await used();
      log(`  ${contender.title}: ${percentiles(aloneMs).p50.toFixed(0)} ms, ${perSecond.toFixed(0)} answers/s`);
      return {
        name: contender.name,
        title: contender.title,
        aloneMs,
        togetherMs,
        answeredPerSecond: perSecond,
        callsPerAnswer: (simulator.calls.length - calls) / sizes.backlog,
        cpuMsPerAnswer: servers === null ? null : (servers * seconds * 1_000) / sizes.backlog,
      };
    } finally {
      close();
    }
  });

/** Asks much at once, in deliveries of ten, and says how many were answered in a second. */
const backlog = async (send: Send, { simulator }: Stand, count: number): Promise<number> => {
  const deliveries = inBatches(questions(simulator, count), 10);
  const wanted = simulator.ledger.length + count;
  const begin = performance.now();
  await Promise.all(deliveries.map((events) => send(events)));
  while (simulator.ledger.length < wanted) {
    if (performance.now() - begin > 90_000)
      throw new Error(`${wanted - simulator.ledger.length} unanswered after 90 s`);
    await sleep(5);
  }
  return (count / (performance.now() - begin)) * 1_000;
};

/** From the webhook to the reply on the thread, with an AI that needs no time. */
export const measureEndToEnd = async (bench: Bench): Promise<PartResult> => {
  const { there, leftOut } = present(bench);
  const measured: Measured[] = [];
  for (let round = 1; round <= bench.sizes.rounds; round += 1) {
    for (const contender of shuffled(there)) {
      bench.log(`end to end, round ${round} of ${bench.sizes.rounds}: ${contender.title}`);
      const found = await orLeftOut(`${contender.title}, round ${round}`, leftOut, bench.log, () =>
        measureOne(bench, contender),
      );
      if (found) measured.push(found);
    }
  }
  const rows = there.flatMap(({ name, title }) => {
    const own = measured.filter((one) => one.name === name);
    if (own.length === 0) return [];
    const rate = own.map(({ answeredPerSecond }) => answeredPerSecond);
    return [
      {
        name,
        title,
        alone: percentiles(own.flatMap(({ aloneMs }) => aloneMs)),
        together: percentiles(own.flatMap(({ togetherMs }) => togetherMs)),
        answeredPerSecond: median(rate),
        spread: spread(rate),
        callsPerAnswer: median(own.map(({ callsPerAnswer }) => callsPerAnswer)),
        cpuMsPerAnswer: median(own.map(({ cpuMsPerAnswer }) => cpuMsPerAnswer ?? Number.NaN)),
      },
    ];
  });
  const rateOf = (name: string) => rows.find((row) => row.name === name)?.answeredPerSecond ?? Number.NaN;
  const ratio = rateOf(OURS.name) / rateOf('bare');
  return {
    title: 'From the webhook to the reply',
    notes: [
      'A customer’s message in a delivery of its own; the clock stops when the simulated HubSpot has taken the ' +
        'reply. The AI answers at once and no quiet period is waited for. Every contender uses the same client ' +
        'of HubSpot and the same rules: message, thread and history, decision, post. Threadkeeper, and the bare ' +
        'workflow beside it, look at the thread again before they post; the others do not, as their ' +
        'documentation has no reason to. Threadkeeper also keeps a session in PostgreSQL. Percentiles are over ' +
        'all rounds, rates are medians of the rounds.',
      `"Answers/s" is a backlog of ${bench.sizes.backlog} questions in deliveries of ten, worked off by one ` +
        'worker process that shares the machine with the load, the simulated HubSpot and the servers.',
    ],
    tables: [
      {
        title: `one at a time, and ${TOGETHER} at once, in ms`,
        columns: ['', 'p50', 'p95', 'p99', `p50 (${TOGETHER})`, 'p95', 'p99'],
        rows: rows.map(({ title, alone, together }) => [
          title,
          ...[alone.p50, alone.p95, alone.p99, together.p50, together.p95, together.p99].map(short),
        ]),
      },
      {
        title: 'a backlog',
        columns: ['', 'answers/s', 'spread', 'HubSpot calls each', 'CPU ms each'],
        rows: rows.map((row) => [
          row.title,
          short(row.answeredPerSecond),
          `±${(row.spread * 100).toFixed(0)} %`,
          short(row.callsPerAnswer),
          short(row.cpuMsPerAnswer),
        ]),
      },
    ],
    goals: [
      {
        what: 'answers/s, against a bare workflow with as many activities',
        wanted: '≥ 0.90',
        measured: Number.isFinite(ratio) ? ratio.toFixed(2) : 'not measured',
        met: ratio >= 0.9,
        why:
          'the bare workflow stores no session (three local activities), writes no search attribute, summary or ' +
          'details for the Web UI, and its activities start on the workflow’s own queue, past any limit; ' +
          'Threadkeeper’s calls of HubSpot go through a queue where HubSpot’s limits per portal hold.',
      },
    ],
    plots: {
      'latency.svg': barPlot({
        title: 'From the webhook to the reply, one at a time',
        unit: 'ms',
        groups: (['p50', 'p95', 'p99'] as const).map((share) => ({
          label: share,
          bars: rows.map(({ title, alone }) => ({ label: title, value: alone[share] })),
        })),
      }),
      'answers.svg': barPlot({
        title: 'Answers in a second, from a backlog, with one worker',
        unit: 'answers a second',
        groups: [{ label: '', bars: rows.map((row) => ({ label: row.title, value: row.answeredPerSecond })) }],
      }),
    },
    data: { rows, rounds: measured },
    leftOut,
  };
};
