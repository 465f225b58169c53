import { setTimeout as sleep } from 'node:timers/promises';
import { numberOption, readScriptCall } from '../src/command-line.ts';
import { Resources } from '../src/processes/lifecycle.ts';
import { CLIENT_SECRET } from '../test/support/simulator.ts';
import { inBatches } from '../test/support/webhook-events.ts';
import { type Sent, sendAll } from './deliveries.ts';
import { questions } from './events.ts';
import { type Memory, watchMemory } from './memory.ts';
import { type Stage, stage, untilAnswers } from './stage.ts';
import { quantile } from './statistics.ts';

interface Options {
  events: number;
  /** Events in one delivery. */
  batch: number;
  /** Deliveries under way at once. */
  inFlight: number;
  /** How long a worker gets for the backlog, in seconds. */
  drainSeconds: number;
  json: boolean;
}

const HELP = {
  name: 'bench:overload',
  does: 'Sends far more events than a worker can do, and looks what API and worker make of them.',
  options: {
    events: 'how many (default: 50000)',
    batch: 'events of a delivery (default: 100)',
    'in-flight': 'deliveries at once (default: 10)',
    drain: 'seconds that a worker gets for the backlog (default: 360)',
    json: 'prints JSON',
  },
};

const readOptions = (words: string[]): Options => {
  const text = { type: 'string' } as const;
  const { values } = readScriptCall(HELP, {
    args: words,
    options: { events: text, batch: text, 'in-flight': text, drain: text, json: { type: 'boolean' } },
  });
  return {
    events: numberOption(HELP.name, 'events', values.events ?? '50000'),
    batch: numberOption(HELP.name, 'batch', values.batch ?? '100'),
    inFlight: numberOption(HELP.name, 'in-flight', values['in-flight'] ?? '10'),
    drainSeconds: numberOption(HELP.name, 'drain', values.drain ?? '360'),
    json: values.json ?? false,
  };
};

interface Accepted {
  events: number;
  sent: Sent;
  memory: Memory;
}

/** Sends everything while no worker runs. The first deliveries warm the API up, and count for nothing. */
const load = async ({ simulator, url, start }: Stage, options: Options): Promise<Accepted> => {
  const api = start('api.js');
  await untilAnswers(new URL('/readyz', url).href);
  const target = { url, secret: CLIENT_SECRET, inFlight: options.inFlight };
  await sendAll(inBatches(questions(simulator, 20 * options.batch), options.batch), target);
  const deliveries = inBatches(questions(simulator, options.events), options.batch);
  const watched = watchMemory(api.pid, 200);
  const sent = await sendAll(deliveries, target);
  await sleep(5_000);
  return { events: options.events, sent, memory: await watched() };
};

interface Drained {
  seconds: number;
  started: number;
  closed: number;
  replies: number;
  memory: Memory;
}

/** Lets one worker at the backlog. */
const drain = async ({ simulator, client, start }: Stage, options: Options): Promise<Drained> => {
  const count = async (query: string) => (await client.workflow.count(query)).count;
  const worker = start('worker.js');
  const watched = watchMemory(worker.pid);
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1_000;
  const all = options.events + 20 * options.batch;
  let closed = 0;
  while (closed < all && seconds() < options.drainSeconds) {
    await sleep(2_000);
    closed = await count("WorkflowType='replyToMessage' AND ExecutionStatus!='Running'");
  }
  return {
    seconds: seconds(),
    started: await count("WorkflowType='replyToMessage'"),
    closed,
    replies: simulator.ledger.length,
    memory: await watched(),
  };
};

const table = ({ events, sent, memory }: Accepted, drained: Drained, database: string): string => {
  const mib = ({ start, max, end, growthPerMinute }: Memory) =>
    `${start.toFixed(0)} MiB at first, ${max.toFixed(0)} at most, ${end.toFixed(0)} in the end; second half ` +
    `${growthPerMinute.toFixed(1)} MiB/min`;
  const rows = [
    ['events accepted', `${events} in ${sent.seconds.toFixed(1)} s, ${(events / sent.seconds).toFixed(0)}/s`],
    ['ack', `p50 ${quantile(sent.ackMs, 0.5).toFixed(0)} ms, p99 ${quantile(sent.ackMs, 0.99).toFixed(0)} ms`],
    ['refused, then taken', JSON.stringify(sent.refused)],
    ['memory of the API', mib(memory)],
    ['runs started', `${drained.started} in ${drained.seconds.toFixed(0)} s`],
    ['runs closed', `${drained.closed}, ${(drained.closed / drained.seconds).toFixed(1)}/s (${drained.replies} posts)`],
    ['memory of the worker', `${mib(drained.memory)} (${database})`],
  ];
  return `${rows.map(([what = '', value]) => `${what.padEnd(22)}${value}`).join('\n')}\n`;
};

const options = readOptions(process.argv.slice(2));
const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const resources = new Resources();
process.once('SIGINT', () => void resources.close().finally(() => process.exit(130)));
try {
  const staged = await stage(resources, log);
  log(`accepting ${options.events} events`);
  const accepted = await load(staged, options);
  log(`draining for ${options.drainSeconds} s at most`);
  const drained = await drain(staged, options);
  const { ackMs, ...sent } = accepted.sent;
  const quantiles = { p50: quantile(ackMs, 0.5), p99: quantile(ackMs, 0.99) };
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...accepted, sent, ackMs: quantiles, drained, database: staged.database }, null, 2)}\n`
      : table(accepted, drained, staged.database),
  );
} finally {
  await resources.close();
}
