import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from '../../dev/simulator/api/faults.ts';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import type { Stage } from './stage.ts';

/** What customers ask, in turn. The last three are for agents: the AI is unsure of one, and knows nothing of two. */
const QUESTIONS = [
  'How long does shipping take?',
  'How do I return an item?',
  'Can I still use my gift card from last year?',
  'What does express shipping cost?',
  'Can I send two items back as one return?',
  'I forgot my password.',
  'Does the blue lamp work with a dimmer?',
  'I want to talk to a person, please.',
];
const isForAgents = (question: string): boolean => /dimmer|person|password/.test(question);

/** Something that happens so many seconds after the beginning. */
export interface Act {
  at: number;
  act: (stage: Stage) => unknown;
}

/** An agent's work: a thread that the AI handed over, and when the agent comes to it. */
interface Task {
  shop: Simulator;
  threadId: string;
  at: number;
}

/**
 * Customers write to both accounts for so many seconds, one after the other. Of five customers who need an agent, four
 * get one. Each act happens at its time.
 */
export const play = async (
  stage: Stage,
  { seconds, everyMs, acts }: { seconds: number; everyMs: number; acts: readonly Act[] },
): Promise<void> => {
  const [main, second] = stage.shops;
  const begun = Date.now();
  const begunActs: unknown[] = [];
  const coming = [...acts].sort((one, other) => one.at - other.at);
  const tasks: Task[] = [];
  let handedOver = 0;
  for (let count = 0; ; count += 1) {
    const now = (Date.now() - begun) / 1_000;
    if (now > seconds) break;
    while (coming[0] && coming[0].at <= now) begunActs.push(coming.shift()?.act(stage));

    const shop = count % 3 === 2 ? second : main;
    const text = QUESTIONS[count % QUESTIONS.length] ?? '';
    const { threadId } = shop.customerWrites({ channel: count % 4 === 0 ? 'email' : 'chat', text });
    if (isForAgents(text)) {
      handedOver += 1;
      if (handedOver % 5 !== 0) tasks.push({ shop, threadId, at: now + (8 * everyMs) / 1_000 });
    }
    while (tasks[0] && tasks[0].at <= now) {
      const { shop, threadId } = tasks.shift() as Task;
      stage.agentTakes(shop, threadId);
      // The AI keeps silent: an agent has the thread.
      shop.customerWrites({ threadId, text: 'Thank you, Dana!' });
    }
    // The rhythm of a shop: busier and quieter by turns.
    await sleep(everyMs * (1 + 0.6 * Math.sin(now / 20)));
  }
  await Promise.all(begunActs);
};

/** From now on HubSpot's API answers so, to this share of one account's calls. */
export const breakHubSpot = (shop: Simulator, fault: FaultKind, probability = 1): void =>
  shop.faults.add({ ...fault, probability, times: Number.POSITIVE_INFINITY });

/** A machine answers each mail of the AI at once, so many times. */
export const machineWrites = async (shop: Simulator, times: number, everyMs: number): Promise<void> => {
  const { threadId } = shop.customerWrites({ channel: 'chat', text: 'How long does shipping take?' });
  for (let count = 1; count < times; count += 1) {
    await sleep(everyMs);
    shop.customerWrites({ threadId, text: `And how long does shipping take for ${count + 1} items?` });
  }
};

/** Somebody who does not know the secret sends deliveries, so many. */
export const strangerSends = async (shop: Simulator, times: number): Promise<void> => {
  for (let count = 0; count < times; count += 1) await shop.sendEvents([], { secret: 'guessed' });
};
