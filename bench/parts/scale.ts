import { setTimeout as sleep } from 'node:timers/promises';
import { Resources } from '../../src/processes/lifecycle.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import type { Spawned } from '../../test/support/spawned.ts';
import { inBatches } from '../../test/support/webhook-events.ts';
import { type Bench, median, orLeftOut, percentiles } from '../bench.ts';
import { OURS, type Stand, stand } from '../contenders.ts';
import { watchCpu } from '../cpu.ts';
import { questions } from '../events.ts';
import { signedSender } from '../load.ts';
import { heldMiB, residentMiB, watchMemory } from '../memory.ts';
import type { PartResult } from '../results.ts';
import { barPlot, linePlot, short } from '../svg.ts';
import { startTemporalOnPostgres } from '../temporal-on-postgres.ts';

const WORKERS = [1, 2, 4];
/** A worker is let at a backlog until it has answered so many, or for the window. */
const ENOUGH_ANSWERS = 150;

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
  /** What the API holds once its garbage is collected. */
  apiHeldMiB: number;
  workerMaxMiB: number;
  /** Runs that the worker has made of deliveries. */
  startedPerSecond: number;
  answersPerSecond: number;
  /** CPU of all processes, in ms, for each run that was started and each that was answered. */
  cpuMsEach: number | null;
}

const answeredIn = ({ simulator }: Stand): number => simulator.ledger.length;

/** The same number of questions for one, two and four workers, from the first answer to the last. */
const measureWorkers = async (bench: Bench, stood: Stand, workers: number): Promise<Workers> => {
  bench.log(`scale: ${workers} worker${workers === 1 ? '' : 's'}`);
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
  { sizes, log }: Bench,
  stood: Stand,
  {
    sent,
    size,
    api,
    line,
    countRuns,
  }: { sent: number; size: number; api: Spawned; line: MemoryLine; countRuns: () => Promise<number> },
): Promise<Step> => {
  log(`scale: a backlog of ${size}`);
  const { send, close } = signedSender(stood.url);
  const deliveries = inBatches(questions(stood.simulator, size - sent), 100);
  const ackMs: number[] = [];
  const begin = performance.now();
  const lane = async (): Promise<void> => {
    for (let next = deliveries.shift(); next; next = deliveries.shift()) {
      const at = performance.now();
      await send(next);
      ackMs.push(performance.now() - at);
      if (ackMs.length % 10 === 0) line.push([sent + ackMs.length * 100, await residentMiB(api.pid)]);
    }
  };
  await Promise.all(Array.from({ length: 10 }, lane));
  const seconds = (performance.now() - begin) / 1_000;
  close();
  const worker = await stood.up('worker');
  const memory = watchMemory(worker.pid);
  const [from, startedBefore, used] = [answeredIn(stood), await countRuns(), await watchCpu()];
  for (
    const until = Date.now() + sizes.windowSeconds * 1_000;
    answeredIn(stood) - from < ENOUGH_ANSWERS && Date.now() < until;
  )
    await sleep(50);
  const [answered, cpu] = [answeredIn(stood) - from, await used()];
  const started = (await countRuns()) - startedBefore;
  const { max } = await memory();
  await worker.ends('SIGKILL');
  const apiMiB = await residentMiB(api.pid);
  line.push([size, apiMiB]);
  const done = started + answered;
  return {
    backlog: size,
    acceptedPerSecond: (size - sent) / seconds,
    ackP50: percentiles(ackMs).p50,
    ackP99: percentiles(ackMs).p99,
    apiMiB,
    apiHeldMiB: (await heldMiB(api)).heapUsed,
    workerMaxMiB: max,
    startedPerSecond: started / cpu.seconds,
    answersPerSecond: answered / cpu.seconds,
    cpuMsEach: cpu.servers === null || done === 0 ? null : (cpu.servers * cpu.seconds * 1_000) / done,
  };
};

const measureBacklogs = async (bench: Bench, stood: Stand): Promise<{ steps: Step[]; line: MemoryLine }> => {
  const client = createClient(plainSettings(stood.temporal), []);
  const countRuns = async () => (await client.workflow.count("WorkflowType='replyToMessage'")).count;
  const api = await stood.up('api');
  const steps: Step[] = [];
  const line: MemoryLine = [[0, await residentMiB(api.pid)]];
  let sent = 0;
  try {
    for (const size of bench.sizes.backlogs) {
      steps.push(await measureStep(bench, stood, { sent, size, api, line, countRuns }));
      sent = size;
    }
  } finally {
    await client.connection.close();
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
    const temporal = await orLeftOut('Temporal on PostgreSQL', leftOut, bench.log, () =>
      startTemporalOnPostgres(resources, bench.log),
    );
    const options = { ...bench.basis, probed: true, ...(temporal ? { temporal: temporal.address } : {}) };
    const workers: Workers[] = [];
    const stood = await stand(OURS, options);
    resources.add(() => stood.close());
    const api = await stood.up('api');
    for (const count of WORKERS) {
      const found = await orLeftOut(`${count} workers`, leftOut, bench.log, () => measureWorkers(bench, stood, count));
      if (found) workers.push(found);
    }
    await api.ends('SIGTERM');
    const backlogs = await orLeftOut('backlogs', leftOut, bench.log, () => measureBacklogs(bench, stood));
    const { steps = [], line = [] } = backlogs ?? {};
    const most = bench.sizes.backlogs.at(-1) ?? 0;
    const growth = growthOf(line, most);
    const held = steps.map(({ apiHeldMiB }) => apiHeldMiB).slice(-2);
    const heldGrowth = (held[1] ?? Number.NaN) / (held[0] ?? Number.NaN) - 1;
    const percent = (share: number) =>
      Number.isFinite(share) ? `${share > 0 ? '+' : ''}${(share * 100).toFixed(0)} %` : 'not measured';
    return {
      title: 'More workers, and a backlog',
      notes: [
        `Temporal runs on ${temporal ? temporal.what : 'its dev server (SQLite)'}. Everything shares one ` +
          'machine, so more workers show what they cost there and not what more machines bring.',
        'The backlog comes in deliveries of 100, ten at once, while no worker runs; at each size one worker is ' +
          `let at it until it has answered ${ENOUGH_ANSWERS}, or for ${bench.sizes.windowSeconds} s. It takes ` +
          'the deliveries apart, a run for each event, and answers at the same time; without a limit of ' +
          `HubSpot's calls, as here, a large backlog is taken apart first. "CPU each" is for a run that was ` +
          'started or answered.',
        'What the API holds is its heap after a collection of all garbage: where that is flat, nothing is ' +
          'kept, whatever is resident.',
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
            'it holds',
            'worker MiB (most)',
            'runs started/s',
            'answers/s',
            'CPU ms each',
          ],
          rows: steps.map((step) => [
            step.backlog.toLocaleString('en-GB'),
            ...[step.acceptedPerSecond, step.ackP50, step.ackP99, step.apiMiB, step.apiHeldMiB].map(short),
            ...[step.workerMaxMiB, step.startedPerSecond, step.answersPerSecond].map(short),
            short(step.cpuMsEach ?? Number.NaN),
          ]),
        },
      ],
      goals: [
        {
          what: `memory of the API over ${short(most)} events, the last tenth against the second`,
          wanted: '≤ +10 %',
          measured: percent(growth),
          met: growth <= 0.1,
          why:
            'what is resident is V8’s to say: it lets garbage grow before it looks. What the API holds is the ' +
            'next goal.',
        },
        {
          what: `what the API holds after ${short(most)} events, against the size before`,
          wanted: '≤ +10 %',
          measured: percent(heldGrowth),
          met: heldGrowth <= 0.1,
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
