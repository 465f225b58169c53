import { setTimeout as sleep } from 'node:timers/promises';
import { Supervised } from '../../test/chaos/supervisor.ts';
import { inBatches } from '../../test/support/webhook-events.ts';
import { type Bench, orLeftOut, percentiles, present } from '../bench.ts';
import { type Contender, OURS, type Stand, stand } from '../contenders.ts';
import { questions } from '../events.ts';
import { signedSender } from '../load.ts';
import type { PartResult } from '../results.ts';
import { barPlot, short } from '../svg.ts';

/** HubSpot needs time to answer; what is killed meanwhile doesn't hear what became of its call. */
const HUBSPOT_MS = 60;
/** Sent in a second, in deliveries of ten. */
const RATE = 80;
const BATCH = 10;
const RETRY_MS = 250;
/** HubSpot tries for a day; a busy machine takes long to start a process again. */
const MOST_ATTEMPTS = 1_200;
/** A process that is up works so long before it is killed, at most. */
const AT_WORK_MS = 5_000;
/** So long after the last kill an answer may come. Leases of dead workers end within it, in every contender. */
const SETTLE_MS = 100_000;
/** And no longer than so after it in all, however slowly they come. */
const SETTLE_AT_MOST_MS = 300_000;
const TELL_EVERY_MS = 30_000;

interface Outcome {
  name: string;
  title: string;
  events: number;
  kills: number;
  answered: number;
  /** Acknowledged and never answered. */
  lost: number;
  /** Threads with more than one answer. */
  twice: number;
  /** Until 99 of 100 that were answered were, in s. */
  p99Seconds: number;
  lastAnswerSeconds: number;
}

interface Running {
  contender: Contender;
  stood: Stand;
  threads: string[];
  began: number;
  kills: number;
  supervised: Supervised;
}

const never = new AbortController().signal;

/** Every delivery until it is acknowledged, as HubSpot sends them; one in twenty twice. */
const sendAll = async (stood: Stand, events: ReturnType<typeof questions>): Promise<void> => {
  const { send, close } = signedSender(stood.url);
  const deliver = async (delivery: typeof events): Promise<void> => {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      try {
        await send(delivery);
        return;
      } catch {
        await sleep(RETRY_MS);
      }
    }
    throw new Error('a delivery was never acknowledged');
  };
  const under: Promise<void>[] = [];
  for (const [at, delivery] of inBatches(events, BATCH).entries()) {
    under.push(deliver(delivery));
    if (at % 20 === 19) under.push(deliver(delivery));
    await sleep((BATCH / RATE) * 1_000);
  }
  await Promise.all(under);
  close();
};

const answersOf = ({ stood, threads }: Running): Map<string, number[]> => {
  const posts = new Map<string, number[]>(threads.map((threadId) => [threadId, []]));
  for (const { route, path, time } of stood.simulator.ledger) {
    const threadId = /\/threads\/(\d+)\/messages$/.exec(path)?.[1];
    if (route === 'postMessage' && threadId) posts.get(threadId)?.push(time);
  }
  return posts;
};

const unanswered = (running: Running): number =>
  [...answersOf(running).values()].filter((times) => times.length === 0).length;

/** Waits until so many answers more have been given, or the process has had a while for them. */
const untilAtWork = async ({ simulator }: Stand, answers: number): Promise<void> => {
  const wanted = simulator.ledger.length + answers * (0.5 + Math.random());
  for (const until = Date.now() + AT_WORK_MS; simulator.ledger.length < wanted && Date.now() < until; ) await sleep(3);
};

/** Starts the contender as one process, sends it everything and kills it again and again while it works. */
const load = async ({ sizes, basis, log }: Bench, contender: Contender): Promise<Running> => {
  const stood = await stand(contender, basis);
  stood.simulator.faults.add({ kind: 'slow', delayMs: HUBSPOT_MS, times: Number.POSITIVE_INFINITY });
  const supervised = new Supervised(contender.name, () => stood.running('both'));
  basis.resources.add(() => supervised.stop());
  try {
    await supervised.untilReady(AbortSignal.timeout(60_000));
    const events = questions(stood.simulator, sizes.events);
    const running: Running = {
      contender,
      stood,
      threads: events.map(({ objectId }) => String(objectId)),
      began: Date.now(),
      kills: 0,
      supervised,
    };
    const killing = (async () => {
      while (running.kills < sizes.kills) {
        // One that is not up yet has nothing to lose.
        await supervised.untilReady(AbortSignal.timeout(60_000));
        await untilAtWork(stood, sizes.events / sizes.kills / 2);
        // At no certain moment: an answer that has just been given is one that is not noted yet.
        await sleep(500 * Math.random());
        await supervised.kill(50, never);
        running.kills += 1;
      }
    })();
    await Promise.all([sendAll(stood, events), killing]);
    log(`  ${contender.title}: ${running.kills} kills, ${unanswered(running)} of ${sizes.events} still unanswered`);
    return running;
  } catch (error) {
    await supervised.stop();
    await stood.close();
    throw error;
  }
};

const settle = async (running: Running, log: Bench['log']): Promise<Outcome> => {
  const { contender, stood, supervised, threads, began, kills } = running;
  const settles = Date.now();
  let quietSince = settles;
  let toldAt = settles;
  for (
    let left = unanswered(running);
    left > 0 && Date.now() - quietSince < SETTLE_MS && Date.now() - settles < SETTLE_AT_MOST_MS;
  ) {
    // In memory nothing waits that could still come.
    if (contender.name === 'memory' && Date.now() - quietSince > 10_000) break;
    await sleep(500);
    const now = unanswered(running);
    if (now < left) quietSince = Date.now();
    left = now;
    if (Date.now() - toldAt > TELL_EVERY_MS) {
      toldAt = Date.now();
      log(`  ${contender.title}: ${left} unanswered`);
    }
  }
  await sleep(1_000);
  const answers = [...answersOf(running).values()];
  const taken = answers.flatMap(([first]) => (first === undefined ? [] : [(first - began) / 1_000]));
  await supervised.stop();
  await stood.close();
  const outcome = {
    name: contender.name,
    title: contender.title,
    events: threads.length,
    kills,
    answered: taken.length,
    lost: threads.length - taken.length,
    twice: answers.filter(({ length }) => length > 1).length,
    p99Seconds: percentiles(taken).p99,
    lastAnswerSeconds: Math.max(...taken, 0),
  };
  log(`  ${contender.title}: ${outcome.answered} answered, ${outcome.lost} lost, ${outcome.twice} twice`);
  return outcome;
};

/**
 * The same events for every contender while it is killed again and again, and the simulated HubSpot's book as the
 * judge.
 */
export const measureKills = async (bench: Bench): Promise<PartResult> => {
  const { there, leftOut } = present(bench);
  const settling: Promise<Outcome | null>[] = [];
  // The slowest first: what a contender still has to do, it does while the next one is loaded.
  const order = [...there].sort((a, b) => Number(b.needs.includes('temporal')) - Number(a.needs.includes('temporal')));
  for (const contender of order) {
    bench.log(`kills: ${contender.title}`);
    const running = await orLeftOut(contender.title, leftOut, bench.log, () => load(bench, contender));
    if (running) {
      settling.push(orLeftOut(contender.title, leftOut, bench.log, () => settle(running, bench.log)));
    }
  }
  const found = (await Promise.all(settling)).filter((outcome) => outcome !== null);
  const outcomes = there.flatMap(({ name }) => found.find((outcome) => outcome.name === name) ?? []);
  const ours = outcomes.find(({ name }) => name === OURS.name);
  return {
    title: 'Killed while answering',
    notes: [
      `${bench.sizes.events} questions, each on a thread of its own, ${RATE} a second in deliveries of ten, ` +
        'every delivery until it is acknowledged and one in twenty twice. The contender runs as one process, ' +
        `endpoint and worker together, which is killed with SIGKILL ${bench.sizes.kills} times and started again ` +
        `at once, each time once it has answered a few dozen more or has worked for ${AT_WORK_MS / 1_000} s; its ` +
        `servers live on. HubSpot takes ${HUBSPOT_MS} ms to answer each call. Afterwards it has as long as ` +
        `answers come, and ${SETTLE_MS / 1_000} s more, ${SETTLE_AT_MOST_MS / 1_000} s at most. The simulated ` +
        'HubSpot’s book says what was answered, and how often.',
      'Each contender dedupes as its documentation teaches (job ids, singleton keys, workflow ids, idempotency ' +
        'keys) and retries generously. That stops a second job, and not a second post: HubSpot knows no ' +
        'idempotency key, and a job that was killed between its POST and the note that it is done begins again. ' +
        'Threadkeeper looks at the thread first for what an earlier attempt may have left there. "Temporal, bare ' +
        'workflow" is the same engine without that look.',
    ],
    tables: [
      {
        title: 'what became of the questions',
        columns: ['', 'kills', 'answered', 'lost', 'answered twice', '99 % after s', 'last after s'],
        rows: outcomes.map((outcome) => [
          outcome.title,
          String(outcome.kills),
          String(outcome.answered),
          String(outcome.lost),
          String(outcome.twice),
          short(outcome.p99Seconds),
          short(outcome.lastAnswerSeconds),
        ]),
      },
    ],
    goals: [
      {
        what: 'lost and answered twice, under kills',
        wanted: '0 and 0',
        measured: ours ? `${ours.lost} and ${ours.twice}` : 'not measured',
        met: ours?.lost === 0 && ours.twice === 0,
      },
    ],
    plots: {
      'kills.svg': barPlot({
        title: `${bench.sizes.events} questions and ${bench.sizes.kills} kills`,
        unit: 'threads',
        groups: (['lost', 'twice'] as const).map((figure) => ({
          label: figure === 'lost' ? 'never answered' : 'answered twice',
          bars: outcomes.map((outcome) => ({ label: outcome.title, value: outcome[figure] })),
        })),
      }),
    },
    data: outcomes,
    leftOut,
  };
};
