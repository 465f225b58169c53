import { setTimeout as sleep } from 'node:timers/promises';
import { sendAll } from '../../bench/deliveries.ts';
import { quantile } from '../../bench/statistics.ts';
import type { WebhookEvent } from '../../dev/simulator/webhooks/events.ts';
import type { Resources } from '../../src/processes/lifecycle.ts';
import { threadOf } from '../chaos/posts.ts';
import { CLIENT_SECRET } from '../support/simulator.ts';
import { inBatches, messageEvent } from '../support/webhook-events.ts';
import { PUBLIC_URL, type Stage, type StageOptions, startStage } from './stage.ts';

const LOUD = '62515';
const QUIET = '62516';
const BATCH = 100;
const IN_FLIGHT = 10;
/** Between two replies to the quiet portal. */
const PAUSE_MS = 500;
/** A reply that takes longer counts as one that took so long. */
const PATIENCE_MS = 60_000;

export interface FairSharing {
  /** Of the loud portal. */
  events: number;
  /** What a message on a chat waits for more, part of each of these times: without it the work alone is seen. */
  quietPeriod: string;
  /** From the webhook to the reply, in ms, each time. */
  aloneMs: number[];
  besideMs: number[];
  /** The same for an event that shares a delivery with 99 of the loud portal's. */
  sharedMs: number[];
  median: { alone: number; beside: number; shared: number };
  /** How many of the loud portal's messages were still unanswered at the last reply to the quiet one. */
  leftAtTheEnd: number;
  answeredPerSecond: number;
  passed: boolean;
}

/** A reply under a backlog may take less than so many times as long as one without. */
const LIMIT = 2;

const write = ({ simulator }: Stage, portalId: string): { threadId: string; event: WebhookEvent } => {
  const written = simulator.customerWrites({ channel: 'chat', text: 'Where is q1?' });
  return { threadId: written.threadId, event: messageEvent(written, { portalId: Number(portalId) }) };
};

const send = async ({ webhooks: [deliverTo = ''] }: Stage, deliveries: WebhookEvent[][]): Promise<void> => {
  await sendAll(deliveries, { url: PUBLIC_URL, deliverTo, secret: CLIENT_SECRET, inFlight: IN_FLIGHT });
};

/** Sends one event of the quiet portal, with others if need be, and waits for the reply. */
const timeOfReply = async (stage: Stage, others: WebhookEvent[] = []): Promise<number> => {
  const { threadId, event } = write(stage, QUIET);
  const { ledger } = stage.simulator;
  const began = Date.now();
  const from = ledger.length;
  await send(stage, [[...others, event]]);
  for (let seen = from; Date.now() - began < PATIENCE_MS; await sleep(5)) {
    for (; seen < ledger.length; seen += 1) {
      const entry = ledger[seen];
      if (entry && entry.route === 'postMessage' && threadOf(entry) === threadId) return entry.time - began;
    }
  }
  return PATIENCE_MS;
};

const repliesTo = ({ simulator: { ledger } }: Stage): number =>
  ledger.filter(({ route }) => route === 'postMessage').length;

const measure = async (times: number, one: () => Promise<number>): Promise<number[]> => {
  const measured: number[] = [];
  for (let time = 0; time < times; time += 1) {
    measured.push(await one());
    await sleep(PAUSE_MS);
  }
  return measured;
};

/** One portal sends thousands of events at once; how long does another portal's single customer wait meanwhile? */
export const fairSharing = async (
  {
    events,
    times,
    quietPeriod,
    ...options
  }: Omit<StageOptions, 'portalIds' | 'apis' | 'workers'> & { events: number; times: number; quietPeriod: string },
  folder: string,
  resources: Resources,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<FairSharing> => {
  const stage = await startStage(
    { ...options, portalIds: [LOUD, QUIET], apis: 2, workers: 2, portal: { quietPeriod } },
    folder,
    resources,
    signal,
  );
  // Warms everything up.
  await measure(3, () => timeOfReply(stage));
  const aloneMs = await measure(times, () => timeOfReply(stage));
  tell(`alone: ${aloneMs.join(' ')} ms`);

  const before = repliesTo(stage);
  const flood = Array.from({ length: events }, () => write(stage, LOUD).event);
  const began = Date.now();
  await send(stage, inBatches(flood, BATCH));
  tell(`${events} events sent in ${Date.now() - began} ms`);
  const besideMs = await measure(times, () => timeOfReply(stage));
  tell(`beside them: ${besideMs.join(' ')} ms; ${repliesTo(stage) - before} replies`);
  const more = () => Array.from({ length: BATCH - 1 }, () => write(stage, LOUD).event);
  const sharedMs = await measure(times, () => timeOfReply(stage, more()));
  const replies = repliesTo(stage) - before - 2 * times;
  const seconds = (Date.now() - began) / 1_000;
  tell(`in their deliveries: ${sharedMs.join(' ')} ms; ${replies} replies`);

  const median = {
    alone: quantile(aloneMs, 0.5),
    beside: quantile(besideMs, 0.5),
    shared: quantile(sharedMs, 0.5),
  };
  const leftAtTheEnd = events + times * (BATCH - 1) - replies;
  return {
    events,
    quietPeriod,
    aloneMs,
    besideMs,
    sharedMs,
    median,
    leftAtTheEnd,
    answeredPerSecond: Math.round((replies / seconds) * 10) / 10,
    passed: leftAtTheEnd > 0 && Math.max(median.beside, median.shared) < LIMIT * median.alone,
  };
};
