import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { numberOption, readScriptCall } from '../src/command-line.ts';
import { Resources } from '../src/processes/lifecycle.ts';
import { CLIENT_SECRET } from '../test/support/simulator.ts';
import { inBatches } from '../test/support/webhook-events.ts';
import { sendAll } from './deliveries.ts';
import { questions } from './events.ts';
import { stage, untilAnswers } from './stage.ts';
import { mostWithin } from './windows.ts';

/**
 * `npm run bench:limit`: how many chats one portal answers each second at HubSpot's limit, with the settings as they
 * are by default: quiet period, and the events of our own replies. It counts the calls where they arrive.
 */
const HELP = {
  name: 'bench:limit',
  does: 'Measures how many chats one portal answers each second at HubSpot’s limit.',
  options: {
    questions: 'how many are asked (default: 100)',
    workers: 'how many run (default: 1)',
    built: 'a folder that npm run build made (default: built anew)',
    set: 'NAME=VALUE, a setting of API and workers; may be repeated',
  },
};

const { values } = readScriptCall(HELP, {
  options: {
    questions: { type: 'string' },
    workers: { type: 'string' },
    built: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
const count = numberOption(HELP.name, 'questions', values.questions ?? '100');
const workers = numberOption(HELP.name, 'workers', values.workers ?? '1');
const settings = Object.fromEntries((values.set ?? []).map((pair) => pair.split('=') as [string, string]));

const measure = async (resources: Resources) => {
  const stood = await stage(resources, (line) => process.stderr.write(`${line}\n`), values.built);
  const { simulator, url, client, start } = stood;
  const own = { LOG_LEVEL: 'info', HUBSPOT_ACTIVITIES_PER_SECOND: '', QUIET_PERIOD: '', ...settings };
  start('api.js', own);
  await untilAnswers(new URL('/healthz', url).href);
  const started = Array.from({ length: workers }, () => start('worker.js', own));
  await Promise.all(started.map((worker) => worker.says(/Worker polls/)));
  const answered = () => simulator.ledger.filter(({ path }) => path.endsWith('/messages')).length;
  const atRest = async () => {
    for (let quiet = 0, before = -1; quiet < 5; await sleep(200)) {
      const { count: runs } = await client.workflow.count();
      const running = (await client.workflow.count("ExecutionStatus='Running'")).count;
      quiet = runs === before && running === 0 ? quiet + 1 : 0;
      before = runs;
    }
  };
  const ask = async (number: number) => {
    simulator.setWebhookUrl(null);
    const events = questions(simulator, number);
    simulator.setWebhookUrl(url);
    await sendAll(inBatches(events, 5), { url, secret: CLIENT_SECRET, inFlight: 5 });
  };
  // What is read once.
  await ask(2);
  while (answered() < 2) await sleep(100);
  await atRest();
  await sleep(2_000);
  const [calls, before] = [simulator.calls.length, answered()];
  const lateness = monitorEventLoopDelay({ resolution: 5 });
  lateness.enable();
  const begin = Date.now();
  await ask(count);
  while (answered() < before + count) await sleep(50);
  await atRest();
  const made = simulator.calls.slice(calls).map(({ time }) => time);
  const posts = simulator.ledger.filter(({ path }) => path.endsWith('/messages')).slice(before);
  const [lastCall = begin] = made.slice(-1);
  const [firstCall = begin] = made;
  const seconds = (lastCall - firstCall) / 1_000;
  const refused = simulator.calls.filter(({ status }) => status === 429).length;
  const history = { attempts: 0, activities: 0 };
  for await (const { workflowId } of client.workflow.list()) {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    for (const event of events ?? []) {
      const begun = event.activityTaskStartedEventAttributes;
      if (begun) {
        history.activities += 1;
        history.attempts += begun.attempt ?? 1;
      }
    }
  }
  return {
    workers,
    questions: count,
    answersPerSecond: count / seconds,
    lastAnswerAfterSeconds: ((posts.at(-1)?.time ?? begin) - begin) / 1_000,
    allDoneAfterSeconds: (lastCall - begin) / 1_000,
    callsPerAnswer: made.length / count,
    callsPerSecond: made.length / seconds,
    mostCallsInASecond: mostWithin(made, 1_000),
    mostCallsInTenSeconds: mostWithin(made, 10_000),
    simulatorLateByMs: lateness.max / 1e6,
    refused,
    ...history,
  };
};

const resources = new Resources();
try {
  process.stdout.write(`${JSON.stringify(await measure(resources), null, 2)}\n`);
} finally {
  await resources.close();
}
process.exit();
