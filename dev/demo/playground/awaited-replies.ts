import type { WhySilent } from './silence.ts';
import type { TimelineEntry } from './timeline.ts';

/**
 * The AI is about to answer the customer (`writing`), or to write a draft for agents (`drafting`), or can't yet
 * (`waiting`): a step is tried again, or no worker runs.
 */
export type Awaited = 'writing' | 'drafting' | 'waiting';

/** What decides whether a run that is under way may still come to an answer. */
export interface AwaitedReplyOptions {
  isWorkerUp: boolean;
  /** Why the AI would not answer the customer on a thread; `null` where it would. */
  silenceOn: (threadId: string) => WhySilent | null;
  /** Whether an agent has written to the customer since this message. */
  hasAgentReplied: (threadId: string, messageId: string) => boolean;
}

const DRAFTING: readonly (WhySilent | null)[] = ['approve', 'draft', 'shadow'];

/** A run for a customer's message that is under way. */
const isUnderWay = ({ kind, threadId, workflow, run, became }: TimelineEntry): boolean =>
  kind === 'customer' &&
  threadId !== null &&
  workflow?.type === 'replyToMessage' &&
  became === 'started' &&
  (run === null || run.state === 'running') &&
  // Else its draft is there: it waits for an agent.
  !run?.waitsFor?.startsWith('an agent');

/** The threads on which a customer's message has a run under way. */
export const threadsUnderWay = (timeline: readonly TimelineEntry[]): string[] => [
  ...new Set(timeline.flatMap((entry) => (isUnderWay(entry) && entry.threadId !== null ? [entry.threadId] : []))),
];

/** The threads on which a run may still answer a customer's message, each with how it goes. */
export const awaitedReplies = (
  timeline: readonly TimelineEntry[],
  { isWorkerUp, silenceOn, hasAgentReplied }: AwaitedReplyOptions,
): Map<string, Awaited> => {
  const awaited = new Map<string, Awaited>();
  for (const entry of timeline) {
    const { threadId, run, event } = entry;
    if (threadId === null || !isUnderWay(entry) || hasAgentReplied(threadId, String(event.messageId))) continue;
    const silence = silenceOn(threadId);
    const drafts = DRAFTING.includes(silence);
    if (silence !== null && !drafts) continue;
    const writes = isWorkerUp && !run?.retrying;
    if (writes || !awaited.has(threadId)) awaited.set(threadId, writes ? (drafts ? 'drafting' : 'writing') : 'waiting');
  }
  return awaited;
};
