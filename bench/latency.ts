import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { numberOption, readScriptCall } from '../src/command-line.ts';
import { Resources } from '../src/processes/lifecycle.ts';
import { hubspotTaskQueue } from '../src/runs/task-queues.ts';
import { connectWorkers } from '../src/temporal/connection.ts';
import { installRuntime } from '../src/temporal/runtime.ts';
import { CLIENT_SECRET, PORTAL_ID } from '../test/support/simulator.ts';
import { costOf } from './actions.ts';
import { sendAll } from './deliveries.ts';
import { questions } from './events.ts';
import { type Stage, stage, untilAnswers } from './stage.ts';
import { quantile } from './statistics.ts';
import { type Step, stepsOf } from './steps.ts';

type Events = NonNullable<
  Awaited<ReturnType<ReturnType<Stage['client']['workflow']['getHandle']>['fetchHistory']>>['events']
>;

const MAIN_QUEUE = 'threadkeeper';
const BARE_QUEUE = 'bare';

const HELP = {
  name: 'bench:latency',
  does: 'Measures what each step of a reply takes, beside a bare workflow.',
  options: {
    replies: 'how many (default: 100)',
    pause: 'ms between two (default: 100)',
  },
};

const { values } = readScriptCall(HELP, { options: { replies: { type: 'string' }, pause: { type: 'string' } } });
/** The first ones warm everything up, and count for nothing. */
const WARM_UP = 20;
const replies = numberOption(HELP.name, 'replies', values.replies ?? '100');
const pauseMs = numberOption(HELP.name, 'pause', values.pause ?? '100', 0);

interface Measured {
  /** From the request to what was to come of it, in ms. */
  totalMs: number[];
  histories: Events[];
}

/** One event, until its reply stands on the thread. */
const answer = async ({ simulator, url, client }: Stage, { totalMs, histories }: Measured): Promise<void> => {
  const [event] = questions(simulator, 1);
  if (!event) throw new Error('Nothing was written');
  const posts = simulator.ledger.length;
  const begin = performance.now();
  await sendAll([[event]], { url, secret: CLIENT_SECRET, inFlight: 1 });
  while (simulator.ledger.length === posts) await sleep(1);
  totalMs.push(performance.now() - begin);
  const messageId = 'messageId' in event ? event.messageId : '';
  const handle = client.workflow.getHandle(`message:${PORTAL_ID}:${event.objectId}-${messageId}`);
  await handle.result();
  histories.push((await handle.fetchHistory()).events ?? []);
};

/** The same number of activities on a pair of task queues like the product's, with nothing to do. */
const bare = async ({ client }: Stage, taskQueues: string[], { totalMs, histories }: Measured): Promise<void> => {
  const begin = performance.now();
  const workflowId = `bare-${randomUUID()}`;
  const handle = await client.workflow.start('bare', { workflowId, taskQueue: BARE_QUEUE, args: [taskQueues] });
  await handle.result();
  totalMs.push(performance.now() - begin);
  histories.push((await handle.fetchHistory()).events ?? []);
};

const runBareWorkers = async ({ settings }: Stage, resources: Resources): Promise<void> => {
  const connection = await connectWorkers(settings);
  resources.add(() => connection.close());
  const activities = { nothing: async () => undefined };
  const workflowsPath = fileURLToPath(new URL('bare-workflow.ts', import.meta.url));
  const workers = [
    await Worker.create({ connection, taskQueue: BARE_QUEUE, activities, workflowsPath }),
    await Worker.create({ connection, taskQueue: hubspotTaskQueue(BARE_QUEUE), activities }),
  ];
  const work = Promise.all(workers.map((worker) => worker.run()));
  resources.add(async () => {
    for (const worker of workers) worker.shutdown();
    await work;
  });
};

/** The queues of a run's activities, as the bare workflow has them. */
const bareQueuesOf = (events: Events): string[] =>
  events.flatMap((event) => {
    const queue = event.activityTaskScheduledEventAttributes?.taskQueue?.name;
    return queue ? [queue === MAIN_QUEUE ? BARE_QUEUE : hubspotTaskQueue(BARE_QUEUE)] : [];
  });

const inWords = (ms: number[]): string =>
  [0.5, 0.9, 0.99].map((share) => quantile(ms, share).toFixed(1).padStart(8)).join('');

const table = (what: string, { totalMs, histories }: Measured): string => {
  const steps = histories.flatMap((events) => stepsOf(events));
  const names = [...new Set(steps.map(({ name }) => name))];
  const of = (name: string, pick: (step: Step) => number) =>
    inWords(steps.filter((step) => step.name === name).map(pick));
  const costs = histories.map((events) => costOf(events));
  const cost = (pick: 'activities' | 'localActivities' | 'actions') =>
    quantile(
      costs.map((one) => one[pick]),
      0.5,
    );
  return [
    `${what}: ${cost('activities')} activities, ${cost('localActivities')} local ones, ${cost('actions')} ` +
      'actions a run',
    `${''.padEnd(26)}${'waited p50     p90     p99'.padStart(26)}${'worked p50     p90     p99'.padStart(28)}`,
    ...names.map((name) => {
      const times = steps.filter((step) => step.name === name).length / histories.length;
      const [waits, works] = [of(name, ({ waited }) => waited), of(name, ({ worked }) => worked)];
      return `${`${name} × ${times.toFixed(1)}`.padEnd(28)}${waits}    ${works}`;
    }),
    `${'total'.padEnd(28)}${inWords(totalMs)}`,
    '',
  ].join('\n');
};

const resources = new Resources();
process.once('SIGINT', () => void resources.close().finally(() => process.exit(130)));
try {
  const logger = pino({ level: 'silent' });
  installRuntime(logger, { prometheusAddress: undefined });
  const staged = await stage(resources, (line) => process.stderr.write(`${line}\n`));
  staged.start('api.js');
  const worker = staged.start('worker.js', { LOG_LEVEL: 'info' });
  await untilAnswers(new URL('/readyz', staged.url).href);
  await worker.says(/Worker polls/);
  await runBareWorkers(staged, resources);
  const measured = () => ({
    ours: { totalMs: [], histories: [] } as Measured,
    bare: { totalMs: [], histories: [] } as Measured,
  });
  const warmUp = measured();
  const counted = measured();
  // In turn: what else the machine does troubles both.
  for (let at = 0; at < WARM_UP + replies; at += 1) {
    const into = at < WARM_UP ? warmUp : counted;
    await answer(staged, into.ours);
    await sleep(pauseMs);
    await bare(staged, bareQueuesOf(warmUp.ours.histories[0] ?? []), into.bare);
    await sleep(pauseMs);
  }
  process.stdout.write(`${table('A reply', counted.ours)}\n${table('A bare workflow', counted.bare)}`);
} finally {
  await resources.close();
}
