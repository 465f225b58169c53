import { setTimeout as sleep } from 'node:timers/promises';
import { Resources } from '../../src/processes/lifecycle.ts';
import { inBatches } from '../../test/support/webhook-events.ts';
import { type Bench, median, orLeftOut, percentiles } from '../bench.ts';
import { OURS, type Stand, stand } from '../contenders.ts';
import { watchCpu } from '../cpu.ts';
import { questions } from '../events.ts';
import { signedSender } from '../load.ts';
import { residentMiB, watchMemory } from '../memory.ts';
import type { PartResult } from '../results.ts';
import { barPlot, linePlot, short } from '../svg.ts';
import { startTemporalOnPostgres } from '../temporal-on-postgres.ts';

const WORKERS = [1, 2, 4];
const FIRST_ANSWER_MS = 20_000;

interface Workers {
  workers: number;
  answersPerSecond: number;
}

interface Step {
  backlog: number;
  acceptedPerSecond: number;
  ackP50: number;
  ackP99: number;
  apiMiB: number;
  workerMaxMiB: number;
  answersPerSecond: number;
  /** CPU of all processes for one answer, in ms. */
  cpuMsPerAnswer: number | null;
}

const answeredIn = ({ simulator }: Stand): number => simulator.ledger.length;

/** The same number of questions for one, two and four workers, from the first answer to the last. */
const measureWorkers = async (bench: Bench, stood: Stand, workers: number): Promise<Workers> => {
  bench.tell(`scale: ${workers} worker${workers === 1 ? '' : 's'}`);
  const { send, close } = signedSender(stood.url);
  const up = await Promise.all(Array.from({ length: workers }, () => stood.up('worker')));
  try {
    const { backlog } = bench.sizes;
    // A few beforehand: a process's first runs are its slowest.
    await answer(stood, send, 10 * workers);
    return { workers, answersPerSecond: await answer(stood, send, backlog) };
  } finally {
    close();
    await Promise.all(up.map((one) => one.ends('SIGTERM')));
  }
};

const answer = async (stood: Stand, send: ReturnType<typeof signedSender>['send'], count: number): Promise<number> => {
  const wanted = answeredIn(stood) + count;
  const begin = performance.now();
  await Promise.all(inBatches(questions(stood.simulator, count), 10).map(send));
  while (answeredIn(stood) < wanted) {
    if (performance.now() - begin > 90_000) throw new Error(`${wanted - answeredIn(stood)} unanswered after 90 s`);
    await sleep(5);
  }
  return (count / (performance.now() - begin)) * 1_000;
};

/** Resident memory of the API, in MiB, by the events that it has taken. */
type MemoryLine = [events: number, mebibytes: number][];

/** Fills the backlog up to a size, and lets one worker at it for a while. */
const measureStep = async (
  { sizes, tell }: Bench,
  stood: Stand,
  { sent, size, apiPid, line }: { sent: number; size: number; apiPid: number; line: MemoryLine },
): Promise<Step> => {
  tell(`scale: a backlog of ${size}`);
  const { send, close } = signedSender(stood.url);
  const deliveries = inBatches(questions(stood.simulator, size - sent), 100);
  const ackMs: number[] = [];
  const begin = performance.now();
  const lane = async (): Promise<void> => {
    for (let next = deliveries.shift(); next; next = deliveries.shift()) {
      const at = performance.now();
      await send(next);
      ackMs.push(performance.now() - at);
      if (ackMs.length % 10 === 0) line.push([sent + ackMs.length * 100, await residentMiB(apiPid)]);
    }
  };
  await Promise.all(Array.from({ length: 10 }, lane));
  const seconds = (performance.now() - begin) / 1_000;
  close();
  const worker = await stood.up('worker');
  const memory = watchMemory(worker.pid);
  const before = answeredIn(stood);
  // The first seconds belong to the start, and to the runs that a delivery becomes.
  for (const until = Date.now() + FIRST_ANSWER_MS; answeredIn(stood) === before && Date.now() < until; )
    await sleep(50);
  const [from, used] = [answeredIn(stood), await watchCpu()];
  await sleep(sizes.windowSeconds * 1_000);
  const [answered, cpu] = [answeredIn(stood) - from, await used()];
  const { max } = await memory();
  await worker.ends('SIGKILL');
  const apiMiB = await residentMiB(apiPid);
  line.push([size, apiMiB]);
  return {
    backlog: size,
    acceptedPerSecond: (size - sent) / seconds,
    ackP50: percentiles(ackMs).p50,
    ackP99: percentiles(ackMs).p99,
    apiMiB,
    workerMaxMiB: max,
    answersPerSecond: answered / cpu.seconds,
    cpuMsPerAnswer: cpu.servers === null || answered === 0 ? null : (cpu.servers * cpu.seconds * 1_000) / answered,
  };
};

const measureBacklogs = async (bench: Bench, stood: Stand): Promise<{ steps: Step[]; line: MemoryLine }> => {
  const { pid: apiPid } = await stood.up('api');
  const steps: Step[] = [];
  const line: MemoryLine = [[0, await residentMiB(apiPid)]];
  let sent = 0;
  for (const size of bench.sizes.backlogs) {
    steps.push(await measureStep(bench, stood, { sent, size, apiPid, line }));
    sent = size;
  }
  return { steps, line };
};

/** From the second tenth of the events to the last, by the median of each; the first tenth warms the process up. */
const growthOf = (line: MemoryLine, events: number): number => {
  const within = (from: number, to: number) =>
    median(line.flatMap(([at, mebibytes]) => (at > from * events && at <= to * events ? [mebibytes] : [])));
  return within(0.9, 1) / within(0.1, 0.2) - 1;
};

/** More workers, more events that wait, and what both cost; Temporal on PostgreSQL where its programs are there. */
export const measureScale = async (bench: Bench): Promise<PartResult> => {
  const leftOut: string[] = [];
  const resources = new Resources();
  bench.basis.resources.add(() => resources.close());
  try {
    const temporal = await orLeftOut('Temporal on PostgreSQL', leftOut, bench.tell, () =>
      startTemporalOnPostgres(resources, bench.tell),
    );
    const options = { ...bench.basis, ...(temporal ? { temporal: temporal.address } : {}) };
    const workers: Workers[] = [];
    const stood = await stand(OURS, options);
    resources.add(() => stood.close());
    const api = await stood.up('api');
    for (const count of WORKERS) {
      const found = await orLeftOut(`${count} workers`, leftOut, bench.tell, () => measureWorkers(bench, stood, count));
      if (found) workers.push(found);
    }
    await api.ends('SIGTERM');
    const backlogs = await orLeftOut('backlogs', leftOut, bench.tell, () => measureBacklogs(bench, stood));
    const { steps = [], line = [] } = backlogs ?? {};
    const most = bench.sizes.backlogs.at(-1) ?? 0;
    const growth = growthOf(line, most);
    return {
      title: 'More workers, and a backlog',
      notes: [
        `Temporal runs on ${temporal ? temporal.what : 'its dev server (SQLite)'}. Everything shares one machine, so more workers show what they cost there and not what more machines bring.`,
        `The backlog comes in deliveries of 100, ten at once, while no worker runs; at each size one worker is let at it for ${bench.sizes.windowSeconds} s. It takes the deliveries apart and answers at the same time.`,
      ],
      tables: [
        {
          title: `${bench.sizes.backlog} questions, by workers`,
          columns: ['workers', 'answers/s'],
          rows: workers.map((one) => [String(one.workers), short(one.answersPerSecond)]),
        },
        {
          title: 'by backlog',
          columns: [
            'events waiting',
            'accepted/s',
            'ack p50 ms',
            'p99',
            'API MiB',
            'worker MiB (most)',
            'answers/s',
            'CPU ms each',
          ],
          rows: steps.map((step) => [
            step.backlog.toLocaleString('en-GB'),
            ...[step.acceptedPerSecond, step.ackP50, step.ackP99, step.apiMiB, step.workerMaxMiB].map(short),
            short(step.answersPerSecond),
            short(step.cpuMsPerAnswer ?? Number.NaN),
          ]),
        },
      ],
      goals: [
        {
          what: `memory of the API over ${short(most)} events, the last tenth against the second`,
          wanted: '≤ +10 %',
          measured: Number.isFinite(growth) ? `${growth > 0 ? '+' : ''}${(growth * 100).toFixed(0)} %` : 'not measured',
          met: growth <= 0.1,
          why: 'V8 lets the heap grow to what ten deliveries of 100 at once leave behind before it looks for garbage; `npm run bench:overload` shows whether it goes on growing.',
        },
      ],
      plots: {
        'workers.svg': barPlot({
          title: 'Answers in a second, by workers on one machine',
          unit: 'answers a second',
          groups: workers.map((one) => ({
            label: `${one.workers} worker${one.workers === 1 ? '' : 's'}`,
            bars: [{ label: OURS.title, value: one.answersPerSecond }],
          })),
        }),
        'memory.svg': linePlot({
          title: 'Memory of the API',
          x: 'events taken',
          y: 'MiB resident',
          series: [{ label: 'API', points: line }],
        }),
      },
      data: { temporal: temporal?.what ?? 'dev server', workers, steps, apiMemory: line },
      leftOut,
    };
  } finally {
    await resources.close();
  }
};
