import type { MessageId, PortalId, ThreadId } from '../hubspot/ids.ts';
import type { EscalationReason } from '../rules/escalation/escalation.ts';
import type { Outcome } from './outcomes.ts';
import type { RunType } from './run-type.ts';

export interface ReplyToMessageInput {
  portalId: PortalId;
  threadId: ThreadId;
  messageId: MessageId;
  /** Our own app, as the event names it: what it wrote is no customer's. */
  appId?: string;
  /** Answer it however old it is. For runs by hand. */
  anyAge?: boolean;
}

export interface ReplyToMessageResult {
  outcome: Outcome;
  /** A {@link SkipReason} when skipped; else one readable line, where there is something to say. */
  reason?: string;
  /** What kept the AI's answer back, where an escalation rule did, or where the answer was not sure enough. */
  escalation?: EscalationReason;
  /** This run put it on the thread: reply, draft or handoff comment. */
  postedMessageId?: MessageId;
  /** The thread on which the same mail was answered, where this run was skipped for it. */
  answeredOn?: ThreadId;
}

/**
 * An agent wants this to become of a draft: input of the signal and the Update `decideDraft` of a `replyToMessage` run.
 * Of the call of a tool that waits: `send` lets it be made, `skip` doesn't.
 */
export interface DraftDecision {
  decision: 'send' | 'edit' | 'skip';
  /** The words that go out in place of the draft; only with `edit`. */
  text?: string;
  /** The one who decided, such as the agent's actor. */
  by?: string;
}

/** What came of a decision: how the run ended; of the call of a tool, whether it was made. */
export type DecisionResult = ReplyToMessageResult | { outcome: 'called' | 'not-called'; reason?: string };

/** A message as examples show it. */
export const EXAMPLE_MESSAGE = {
  portalId: '62515',
  threadId: '6065362089',
  messageId: '9b38dc6d5b5744a788931a9cf3a7b225',
};

/** One run for each message. */
export const replyToMessageRun = {
  type: 'replyToMessage',
  title: 'Reply',
  about: ({ portalId, threadId, messageId }: ReplyToMessageInput) => ({
    portalId,
    threadId,
    detail: `message ${messageId}`,
  }),
  // A thread id is digits only, so no two messages share one.
  workflowId: ({ portalId, threadId, messageId }: ReplyToMessageInput) =>
    `message:${portalId}:${threadId}-${messageId}`,
  urgency: 'post',
  urgencyInBulk: 'start',
  example: EXAMPLE_MESSAGE,
} as const satisfies RunType<ReplyToMessageInput>;

/** The message that a run is for, by its workflow ID. */
export const messageAnsweredBy = (workflowId: string): MessageId =>
  workflowId.slice(workflowId.indexOf('-') + 1) as MessageId;

/**
 * The metric of how long a customer waited, in ms: from the run's start, which the webhook made durable, to what the
 * run posted.
 */
export const REPLY_LATENCY = 'threadkeeper_reply_latency';
