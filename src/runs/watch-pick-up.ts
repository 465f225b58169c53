import type { ActorId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import { EXAMPLE_MESSAGE } from './reply-to-message.ts';
import type { RunType } from './run-type.ts';

export interface WatchPickUpInput {
  portalId: PortalId;
  threadId: ThreadId;
  /** The message that was handed over. */
  messageId: MessageId;
  /** The handoff assigned the thread to this actor; `null`: to nobody. */
  assignedTo: ActorId | null;
  ticketId: TicketId | null;
  /** What the handoff has left for when agents are there; absent: nothing. */
  handOver?: DeferredHandOver;
}

/** What is done of a handoff once agents are there. */
export interface DeferredHandOver {
  /** When that is, in ms since the epoch. */
  at: number;
  /** Who gets the thread then; `null`: nobody, it is released where the AI falls silent. */
  to: ActorId | null;
  /** Whether the AI falls silent only then, where it does at all. */
  silences: boolean;
}

export interface WatchPickUpResult {
  /** `handed-over`: business hours have begun, and nobody looks whether an agent comes. */
  outcome: 'picked-up' | 'escalated' | 'handed-over' | 'skipped';
  /** The way in which it was taken over, or the action taken; or a {@link SkipReason}. */
  reason?: string;
}

/** One run for each handoff, but where agents see every thread. */
export const watchPickUpRun = {
  type: 'watchPickUp',
  title: 'Pick-up',
  about: ({ portalId, threadId, messageId, ticketId }: WatchPickUpInput) => ({
    portalId,
    threadId,
    ticketId,
    detail: `message ${messageId}`,
  }),
  workflowId: ({ portalId, threadId, messageId }: WatchPickUpInput) => `pick-up:${portalId}:${threadId}-${messageId}`,
  example: EXAMPLE_MESSAGE,
} as const satisfies RunType<WatchPickUpInput>;
