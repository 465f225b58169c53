import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator, WrittenIds } from '../../dev/simulator/simulator.ts';
import { postsOf } from '../chaos/posts.ts';

const QUESTION = 'How long does shipping take?';

/** How often each message was answered: replies only. */
const answersTo = (simulator: Simulator, { threadId, messageId }: WrittenIds): number =>
  postsOf(simulator.ledger).filter(
    (post) => post.threadId === threadId && post.key?.kind === 'replied' && post.key.messageId === messageId,
  ).length;

/** A new customer asks in a chat what the articles answer. */
export const customerAsks = (simulator: Simulator): WrittenIds =>
  simulator.customerWrites({ channel: 'chat', text: QUESTION });

export const isAnswered = (simulator: Simulator, asked: WrittenIds): boolean => answersTo(simulator, asked) > 0;

/** Waits until `holds`. @throws {Error} that names `what`, after `timeoutMs` */
export const until = async (what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 60_000) => {
  const began = Date.now();
  while (!(await holds())) {
    if (Date.now() - began > timeoutMs) throw new Error(`${what}: not within ${timeoutMs / 1_000} s`);
    await sleep(100);
  }
  return Date.now() - began;
};

/** Waits until each is answered, and none twice. @throws {Error} */
export const allAnsweredOnce = async (simulator: Simulator, asked: WrittenIds[], timeoutMs = 240_000) => {
  await until('every customer is answered', () => asked.every((one) => isAnswered(simulator, one)), timeoutMs);
  const twice = asked.filter((one) => answersTo(simulator, one) > 1);
  if (twice.length > 0) throw new Error(`${twice.length} of ${asked.length} customers were answered twice`);
};

/** Customers who ask one after another until they are stopped. */
export const traffic = (simulator: Simulator, everyMs: number) => {
  const asked: WrittenIds[] = [];
  const timer = setInterval(() => asked.push(customerAsks(simulator)), everyMs);
  return {
    asked,
    stop: (): WrittenIds[] => {
      clearInterval(timer);
      return asked;
    },
  };
};
