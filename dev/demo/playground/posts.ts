import { postKeyIn } from '../../../src/hubspot/markers.ts';
import { answeredIn } from '../../../src/rules/replying/own-post.ts';
import type { Simulator } from '../../simulator/simulator.ts';

/** HubSpot took a post, and its answer to us got lost. */
export interface LostAnswer {
  /** How many POSTs of it HubSpot has carried out. 1 is right: the run found it, and did not repeat it. */
  received: number;
}

type Books = Pick<Simulator, 'ledger' | 'calls'>;

const keyOf = (body: unknown): string | null => postKeyIn((body as { richText?: string } | null)?.richText ?? '');

/**
 * Finds the posts that answer a message and whose answers got lost; `null` where none did. A call that is under way
 * has no answer yet, so it counts as lost until that comes.
 */
export const lostAnswerOf = ({ ledger, calls }: Books, messageId: string): LostAnswer | null => {
  const posts = ledger.filter(({ route, body }) => {
    const key = route === 'postMessage' ? keyOf(body) : null;
    return key !== null && answeredIn(key) === messageId;
  });
  const lost = posts.filter(({ time, path }) => {
    const call = calls.findLast((one) => one.method === 'POST' && one.path === path && one.time <= time);
    return call?.status === null;
  });
  const keys = new Set(lost.map(({ body }) => keyOf(body)));
  if (keys.size === 0) return null;
  const received = Math.max(...[...keys].map((key) => posts.filter(({ body }) => keyOf(body) === key).length));
  return { received };
};
