import type { HandoffCause, Source } from '../ai/backend.ts';
import type { PortalId, ThreadId } from '../hubspot/ids.ts';

/**
 * What became of a conversation. `resolved`: the AI answered, and nobody wrote again in time. `open`: it answered, and
 * somebody still may. `asked-back`: its last word was a question, which the customer has left. `drafted`: it wrote for
 * agents alone. `shadow`: nobody saw what it wrote. `skipped`: it posted nothing to the newest message.
 */
export const CONVERSATION_OUTCOMES = [
  'resolved',
  'open',
  'asked-back',
  'handed-off',
  'drafted',
  'shadow',
  'skipped',
] as const;
export type ConversationOutcome = (typeof CONVERSATION_OUTCOMES)[number];

/** Why agents have a conversation: the AI handed it off, or one of them wrote in time after its answer. */
export type HandoffReasonCode = HandoffCause | 'agent-took-over' | 'unknown';

/** So many conversations that began on one day are alike in all of this. */
export interface ConversationCount {
  /** UTC, `2026-01-31`: of the AI's first turn, or of when it first looked where it has taken none. */
  day: string;
  portalId: PortalId;
  /** By its name; `unknown` of turns of an earlier version. */
  channel: string;
  /** A BCP 47 tag without its region; `unknown` where the AI doesn't say. */
  language: string;
  outcome: ConversationOutcome;
  /** Of `handed-off`. */
  reason: HandoffReasonCode | null;
  count: number;
  /** How many of them the customer came back to after they were resolved. */
  reopened: number;
}

/** How soon the AI first answered. */
export interface AnswerTimes {
  /** Conversations in which it did. */
  answered: number;
  /** From the customer's message to the AI's reply, in ms; `null`: none is known. */
  medianMs: number | null;
}

/** A customer whom the AI handed to agents, and none has written to since. */
export interface WaitingCustomer {
  portalId: PortalId;
  threadId: ThreadId;
  channel: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** `null`: an agent handed it over, or a reply did not arrive. */
  cause: HandoffCause | null;
}

export interface WaitingCustomers {
  count: number;
  /** These wait longest, the longest first. */
  longest: WaitingCustomer[];
}

/** Something was asked that nobody could answer. */
export interface Gap {
  portalId: PortalId;
  threadId: ThreadId;
  /** Milliseconds since the epoch. */
  at: number;
  language: string | null;
  cause: HandoffCause;
  /** The customer's words; `''` where they are kept no more. */
  question: string;
  /** The article that was nearest, where one was near. */
  nearest: Source | null;
}

/** How an article did. */
export interface ArticleUse extends Source {
  /** Replies that were taken from it. */
  uses: number;
  /** After so many of them the thread was handed off, or an agent wrote, in time. */
  failures: number;
}

/** From when on, in ms since the epoch, and what counts as silence after an answer. */
export interface OutcomesAsked {
  since: number;
  now: number;
  resolvedAfterMs: number;
}

/**
 * What the AI did for customers, as far as turns say. A conversation is a thread's turns until nothing happens on it
 * for `resolvedAfterMs`; a thread may have several. Part of the session store; throws as that does.
 */
export interface OutcomeStore {
  /** The conversations that began since then. */
  conversationCounts(asked: OutcomesAsked): Promise<ConversationCount[]>;
  /** The same conversations. */
  answerTimes(asked: OutcomesAsked): Promise<AnswerTimes>;
  /** Those handed off since a moment (ms). */
  waitingCustomers(since: number, limit: number): Promise<WaitingCustomers>;
  /** The newest since a moment (ms), at most `limit`. */
  gaps(since: number, limit: number): Promise<Gap[]>;
  /** By use since a moment, those that were used most first. */
  articleUses(asked: Omit<OutcomesAsked, 'now'>, limit: number): Promise<ArticleUse[]>;
}
