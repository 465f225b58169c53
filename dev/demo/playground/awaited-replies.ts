import type { TimelineEntry } from './timeline.ts';

/** The AI is about to answer (`writing`), or can't yet: a step is tried again, or no worker runs (`waiting`). */
export type Awaited = 'writing' | 'waiting';

const isAnswered = ({ workflow, run, became }: TimelineEntry): boolean =>
  workflow?.type !== 'replyToMessage' || became !== 'started' || (run !== null && run.state !== 'running');

/** The threads on which a run for a customer's message is under way, each with how it goes. */
export const awaitedReplies = (timeline: readonly TimelineEntry[], isWorkerUp: boolean): Map<string, Awaited> => {
  const awaited = new Map<string, Awaited>();
  for (const entry of timeline) {
    const { threadId, kind, run } = entry;
    if (kind !== 'customer' || threadId === null || isAnswered(entry)) continue;
    // Its draft is there: it waits for an agent.
    if (run?.waitsFor?.startsWith('an agent')) continue;
    const writes = isWorkerUp && !run?.retrying;
    if (writes || !awaited.has(threadId)) awaited.set(threadId, writes ? 'writing' : 'waiting');
  }
  return awaited;
};
