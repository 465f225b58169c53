import type { MessageId, PortalId, ThreadId } from '../hubspot/ids.ts';
import { EXAMPLE_MESSAGE } from './reply-to-message.ts';
import type { RunType } from './run-type.ts';

export interface WatchInactivityInput {
  portalId: PortalId;
  threadId: ThreadId;
  /** The customer's message that was answered. */
  messageId: MessageId;
  /** The AI's answer, to which the customer has not replied. */
  replyId: MessageId;
  /** The customer's language, a BCP 47 tag, where the AI said it. */
  language?: string;
}

export interface WatchInactivityResult {
  /** `reminded`: the customer got the message. `closed`: the thread was closed. `left-alone`: nothing was done. */
  outcome: 'reminded' | 'closed' | 'left-alone' | 'skipped';
  /** Why nothing was done, or what could not be; or a {@link SkipReason}. */
  reason?: string;
}

/** One run for each reply of the AI's, where the portal wants to know of customers who don't answer. */
export const watchInactivityRun = {
  type: 'watchInactivity',
  title: 'Inactivity',
  about: ({ portalId, threadId, messageId }: WatchInactivityInput) => ({
    portalId,
    threadId,
    detail: `message ${messageId}`,
  }),
  workflowId: ({ portalId, threadId, messageId }: WatchInactivityInput) =>
    `inactivity:${portalId}:${threadId}-${messageId}`,
  example: { ...EXAMPLE_MESSAGE, replyId: '0c1d8b6a2f7e4d53a1c09b7f6e5d4c3b' },
} as const satisfies RunType<WatchInactivityInput>;
