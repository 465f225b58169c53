import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { createClient } from '../../src/temporal/connection.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import { type Bench, median, orLeftOut, percentiles, present, shuffled, spread } from '../bench.ts';
import { ALL, type Contender, OURS, withStand } from '../contenders.ts';
import { watchCpu } from '../cpu.ts';
import { inventedEvents } from '../events.ts';
import { drive, type Load, type Send, signedSender } from '../load.ts';
import { keyOf } from '../peer/answering.ts';
import type { Goal, PartResult } from '../results.ts';
import { barPlot, short } from '../svg.ts';

interface Measured {
  sink: string;
  title: string;
  batch: number;
  concurrency: number;
  events: number;
  eventsPerSecond: number;
  deliveriesPerSecond: number;
  p50: number;
  p95: number;
  p99: number;
  errors: number;
  lastError: string | null;
  serverCores: number | null;
  driverCores: number;
}

/** Something that events go into. */
interface Sink {
  name: string;
  title: string;
  contender: Contender;
  /** Cells that it leaves out. */
  skips?: (load: Load) => boolean;
  /** In place of its endpoint: calls Temporal itself. */
  raw?: (address: string) => { send: Send; close: () => void };
}

const STOCK: Contender = { name: 'raw', title: 'raw starts', needs: ['temporal'] };

/** One `client.workflow.start` for each of `workflows`, and nothing else: no workflow of ours can start faster. */
const rawStarts =
  (workflows: (events: Parameters<Send>[0]) => { id: string; type: string; input: unknown }[]) =>
  (address: string): { send: Send; close: () => void } => {
    const client = createClient(plainSettings(address), []);
    const start = async ({ id, type, input }: { id: string; type: string; input: unknown }): Promise<void> => {
      try {
        await client.workflow.start(type, {
          taskQueue: 'raw',
          workflowId: id,
          args: [input],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    };
    const send: Send = async (events) => {
      await Promise.all(workflows(events).map(start));
    };
    return { send, close: () => void client.connection.close() };
  };

const SINKS: Sink[] = [
  ...ALL.filter(({ name }) => name !== 'bare').map((contender) => ({
    name: contender.name,
    title: contender.title,
    contender,
  })),
  {
    name: 'raw-event',
    title: 'raw, a start per event',
    contender: STOCK,
    // A hundred starts at once for each delivery, and a cell is over before the first of them is.
    skips: ({ batch, concurrency }) => batch * concurrency > 100,
    raw: rawStarts((events) =>
      events.map(({ objectId, messageId }) => ({
        id: keyOf({ threadId: String(objectId), messageId: String(messageId) }),
        type: 'bareReply',
        input: { threadId: String(objectId), messageId },
      })),
    ),
  },
  {
    name: 'raw-delivery',
    title: 'raw, a start per delivery',
    contender: STOCK,
    raw: rawStarts((events) => [
      { id: `delivery-${events[0]?.objectId}-${events.length}`, type: 'bareDelivery', input: events },
    ]),
  },
];

const WARM_UP: Load = { batch: 10, concurrency: 10, seconds: 1 };

const cells = ({ sizes }: Bench): Load[] =>
  sizes.batches.flatMap((batch) =>
    sizes.concurrencies.map((concurrency) => ({ batch, concurrency, seconds: sizes.cellSeconds })),
  );

/** One sink, freshly started, through all cells. Nothing works off what it takes. */
const measureSink = (bench: Bench, sink: Sink, loads: Load[]): Promise<Measured[]> =>
  withStand(sink.contender, { ...bench.basis, work: false }, 120_000, async (stood) => {
    const { raw } = sink;
    if (!raw) {
      // Restate pushes: with nobody to push to, it would only be busy trying.
      if (sink.name === 'restate') await stood.up('worker');
      // Its worker makes the tables.
      if (sink.name === 'dbos') await (await stood.up('worker')).ends('SIGKILL');
      await stood.up(sink.name === 'memory' ? 'both' : 'api');
    }
    const { send, close } = raw ? raw(stood.temporal) : signedSender(stood.url);
    const measured: Measured[] = [];
    try {
      await drive(send, inventedEvents, WARM_UP);
      for (const load of loads) {
        const used = await watchCpu();
        const loaded = await drive(send, inventedEvents, load);
        const { servers, driver } = await used();
        measured.push({
          sink: sink.name,
          title: sink.title,
          batch: load.batch,
          concurrency: load.concurrency,
          events: loaded.events,
          eventsPerSecond: loaded.events / loaded.seconds,
          deliveriesPerSecond: loaded.deliveries / loaded.seconds,
          ...percentiles(loaded.ackMs),
          errors: loaded.errors,
          lastError: loaded.lastError,
          serverCores: servers,
          driverCores: driver,
        });
      }
    } finally {
      close();
    }
    return measured;
  });

export interface Cell extends Omit<Measured, 'events' | 'lastError'> {
  rounds: number;
  /** Of events per second. */
  spread: number;
}

const combine = (rounds: Measured[]): Cell[] =>
  [...Map.groupBy(rounds, ({ sink, batch, concurrency }) => `${sink} ${batch} ${concurrency}`).values()].map(
    (group) => {
      const [first] = group as [Measured];
      const of = (figure: 'eventsPerSecond' | 'deliveriesPerSecond' | 'p50' | 'p95' | 'p99' | 'driverCores') =>
        median(group.map((one) => one[figure]));
      return {
        sink: first.sink,
        title: first.title,
        batch: first.batch,
        concurrency: first.concurrency,
        eventsPerSecond: of('eventsPerSecond'),
        deliveriesPerSecond: of('deliveriesPerSecond'),
        p50: of('p50'),
        p95: of('p95'),
        p99: of('p99'),
        errors: group.reduce((sum, { errors }) => sum + errors, 0),
        serverCores: median(group.map(({ serverCores }) => serverCores ?? Number.NaN)),
        driverCores: of('driverCores'),
        rounds: group.length,
        spread: spread(group.map(({ eventsPerSecond }) => eventsPerSecond)),
      };
    },
  );

const ratioGoal = (
  what: string,
  wanted: number,
  pairs: { label: string; ours: number | undefined; limit: number | undefined }[],
  why: string,
): Goal => {
  const ratios = pairs.flatMap(({ label, ours, limit }) =>
    ours !== undefined && limit !== undefined ? [{ label, ratio: ours / limit }] : [],
  );
  return {
    what,
    wanted: `≥ ${wanted.toFixed(2)}`,
    measured: ratios.map(({ label, ratio }) => `${ratio.toFixed(2)} (${label})`).join(', ') || 'not measured',
    met: ratios.length > 0 && ratios.every(({ ratio }) => ratio >= wanted),
    why,
  };
};

const goalsOf = (all: Cell[], { sizes }: Bench): Goal[] => {
  const find = (sink: string, batch: number, concurrency: number) =>
    all.find((cell) => cell.sink === sink && cell.batch === batch && cell.concurrency === concurrency);
  const compared = (batch: number, raw: string) =>
    sizes.concurrencies.map((concurrency) => ({
      label: `${concurrency} at once`,
      ours: find(OURS.name, batch, concurrency)?.deliveriesPerSecond,
      limit: find(raw, batch, concurrency)?.deliveriesPerSecond,
    }));
  const busy = find(OURS.name, 100, 10);
  return [
    ratioGoal(
      'deliveries of 100 accepted, against raw starts of one workflow for each',
      0.95,
      compared(100, 'raw-delivery'),
      'raw starts come from the process that measures, without HTTP, signature, parsing and a plan for each ' +
        'event; on a machine where the Temporal server alone takes a core, that work is taken from it.',
    ),
    ratioGoal(
      'single events accepted, against raw starts',
      0.9,
      compared(1, 'raw-event'),
      'the run is started with search attributes, a priority and a summary, which the server stores too, and ' +
        'one process more shares the machine.',
    ),
    {
      what: 'acknowledged at 10 × 100 events (p99)',
      wanted: '< 500 ms',
      measured: busy ? `${short(busy.p99)} ms` : 'not measured',
      met: busy !== undefined && busy.p99 < 500,
    },
    {
      what: 'errors',
      wanted: '0',
      measured: String(all.reduce((sum, { errors }) => sum + errors, 0)),
      met: all.every(({ errors }) => errors === 0),
    },
  ];
};

/** How many events each sink takes in a second, and how soon it says so, with nothing that works them off. */
export const measureIngestion = async (bench: Bench): Promise<PartResult> => {
  const { there, leftOut } = present(bench);
  const sinks = SINKS.filter(({ contender }) => contender === STOCK || there.includes(contender));
  const measured: Measured[] = [];
  for (let round = 1; round <= bench.sizes.rounds; round += 1) {
    for (const sink of shuffled(sinks)) {
      bench.log(`ingestion, round ${round} of ${bench.sizes.rounds}: ${sink.title}`);
      const loads = shuffled(cells(bench)).filter((load) => !sink.skips?.(load));
      const found = await orLeftOut(`${sink.title}, round ${round}`, leftOut, bench.log, () =>
        measureSink(bench, sink, loads),
      );
      measured.push(...(found ?? []));
    }
  }
  for (const { title, lastError, errors } of measured)
    if (errors > 0) leftOut.push(`${title}: ${errors} × ${lastError}`);
  const all = combine(measured);
  const groups = bench.sizes.batches.flatMap((batch) =>
    bench.sizes.concurrencies.map((concurrency) => ({
      label: `deliveries of ${batch}, ${concurrency} at once`,
      cells: sinks.flatMap(
        ({ name }) =>
          all.find((cell) => cell.sink === name && cell.batch === batch && cell.concurrency === concurrency) ?? [],
      ),
    })),
  );
  const plot = (title: string, unit: string, figure: 'eventsPerSecond' | 'p99') =>
    barPlot({
      title,
      unit,
      logarithmic: true,
      groups: groups.map(({ label, cells: found }) => ({
        label,
        bars: found.map((cell) => ({ label: cell.title, value: cell[figure] })),
      })),
    });
  return {
    title: 'Taking events',
    notes: [
      'Signed deliveries over HTTP, as many under way at once as it says, one in twenty of them sent a second ' +
        'time. Nobody works off what is taken, but for Restate, which hands each event to a service that does ' +
        'nothing with it. All but "in memory" have an event on disk when they acknowledge it. Each sink is ' +
        'started anew for each round, in another order; the figures are medians of the rounds.',
      'Raw starts are the limit: the measuring process calls `client.workflow.start` itself. One start per ' +
        'event is left out where a delivery would be hundreds of starts.',
    ],
    tables: groups.map(({ label, cells: found }) => ({
      title: label,
      columns: ['', 'events/s', 'spread', 'ack p50 ms', 'p95', 'p99', 'errors', 'cores: servers', 'driver'],
      rows: found.map((cell) => [
        cell.title,
        short(cell.eventsPerSecond),
        `±${(cell.spread * 100).toFixed(0)} %`,
        short(cell.p50),
        short(cell.p95),
        short(cell.p99),
        String(cell.errors),
        short(cell.serverCores ?? Number.NaN),
        short(cell.driverCores),
      ]),
    })),
    goals: goalsOf(all, bench),
    plots: {
      'ingestion-rate.svg': plot('Events taken', 'events a second', 'eventsPerSecond'),
      'ingestion-ack.svg': plot('Acknowledged within, for 99 of 100 deliveries', 'ms', 'p99'),
    },
    data: { cells: all, rounds: measured },
    leftOut,
  };
};
