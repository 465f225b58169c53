import type { Conversation } from '../hubspot/conversation.ts';
import type { ActorId, ContactId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { Command } from '../rules/command.ts';
import type { HandoffReason } from '../rules/handoff/handoff-reason.ts';
import type { PostKind } from '../rules/replying/own-post.ts';
import type { Seen } from '../rules/replying/thread-snapshot.ts';
import type { SkipReason } from '../rules/skip-reasons.ts';

/** The workflow types that a worker knows, as the CLI's `--type` takes them. */
export const WORKFLOW_TYPES = [
  'replyToMessage',
  'followCommand',
  'noticeOwnerChange',
  'checkDelivery',
  'handOff',
  'watchPickUp',
  'syncTicketProperty',
  'dispatchDelivery',
  'catchUp',
  'forgetThread',
  'forgetContact',
  'expireSessions',
] as const;

/** What a person has to look at: a closed set, the values of the `NeedsAttention` search attribute. */
export const ATTENTION_CAUSES = [
  'ai-failed',
  'hubspot-failed',
  'database-failed',
  'post-refused',
  'delivery-failed',
  'handoff-incomplete',
  'not-picked-up',
] as const;
export type AttentionCause = (typeof ATTENTION_CAUSES)[number];

/** How a `replyToMessage` run can end. */
export const OUTCOMES = ['replied', 'drafted', 'handed-off', 'skipped', 'needs-attention'] as const;
export type Outcome = (typeof OUTCOMES)[number];

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
  /** What this run put on the thread: reply, draft or handoff comment. */
  postedMessageId?: MessageId;
}

/** What an agent wants to become of a draft: input of the signal and the Update `decideDraft` of a `replyToMessage` run. */
export interface DraftDecision {
  decision: 'send' | 'edit' | 'skip';
  /** What goes out in place of the draft; only with `edit`. */
  text?: string;
  /** Who decided, such as the agent's actor. */
  by?: string;
}

/** A comment that may be a command; or a command by hand. */
export type FollowCommandInput =
  | { portalId: PortalId; threadId: ThreadId; messageId: MessageId }
  | {
      portalId: PortalId;
      threadId: ThreadId;
      command: Command;
      /** What stands after the word in a comment: the words to send, how long to pause, why to hand off. */
      text?: string;
      /** Who commands, such as the agent's actor. */
      by?: string;
    };

export interface FollowCommandResult {
  outcome: 'followed' | 'skipped';
  /** What was done; or a {@link SkipReason}. */
  reason?: string;
}

export interface NoticeOwnerChangeInput {
  portalId: PortalId;
  threadId: ThreadId;
  /** `null`: nobody owns the thread any more. */
  assignedTo: ActorId | null;
  /** Milliseconds since the epoch, by HubSpot's clock. The newest wins. */
  occurredAt: number;
}

export interface NoticeOwnerChangeResult {
  outcome: 'noticed';
  /** Who owns the thread now, and which run was told. */
  reason: string;
}

export interface CheckDeliveryInput {
  portalId: PortalId;
  threadId: ThreadId;
  /** The reply that was posted. */
  messageId: MessageId;
}

export interface CheckDeliveryResult {
  outcome: 'delivered' | 'handed-off' | 'skipped';
  /** Why HubSpot could not deliver it; or a {@link SkipReason}. */
  reason?: string;
}

export interface HandOffInput extends HandoffReason {
  portalId: PortalId;
  threadId: ThreadId;
  /** The customer's message that agents are to answer; or the AI's reply that did not arrive. */
  messageId: MessageId;
  /** What the comment is found by on the thread, beside `messageId`; absent: `handed-off`. */
  kind?: Extract<PostKind, 'handed-off' | 'undelivered'>;
  /** Whether the customer may be told; absent: yes. */
  tell?: boolean;
  /** The thread as it was decided upon; absent: however it is now. */
  seen?: Seen;
}

export interface HandOffResult {
  /** `moved`: nothing was done, the thread is no longer as it was seen. */
  outcome: 'handed-off' | 'moved' | 'skipped' | 'needs-attention';
  /** Why it was handed over; a {@link SkipReason}; or what went wrong. */
  reason?: string;
  /** The internal comment. */
  postedMessageId?: MessageId;
  ticketId?: TicketId;
  /** What the customer was told, where they were. */
  toldMessageId?: MessageId;
  /** Who owns the thread now: `null` for nobody. */
  owner?: ActorId | null;
  /** With `moved`: how it stands now, without texts; `null` where the thread is gone. */
  now?: Conversation | null;
}

export interface WatchPickUpInput {
  portalId: PortalId;
  threadId: ThreadId;
  /** The message that was handed over. */
  messageId: MessageId;
  /** Whom the thread was assigned to by the handoff; `null`: nobody. */
  assignedTo: ActorId | null;
  ticketId: TicketId | null;
}

export interface WatchPickUpResult {
  outcome: 'picked-up' | 'escalated' | 'skipped';
  /** How it was taken over, or what was done; or a {@link SkipReason}. */
  reason?: string;
}

export interface SyncTicketPropertyInput {
  portalId: PortalId;
  ticketId: TicketId;
  propertyName: string;
  propertyValue: string;
  /** Milliseconds since the epoch, by HubSpot's clock. The newest wins. */
  occurredAt: number;
}

export interface SyncTicketPropertyResult {
  outcome: 'synced' | 'skipped';
  reason?: string;
}

export interface ForgetThreadInput {
  portalId: PortalId;
  threadId: ThreadId;
}

export interface ForgetContactInput {
  portalId: PortalId;
  contactId: ContactId;
}

/** How much of each was deleted. */
export interface Erased {
  sessions: number;
  /** Synchronised ticket properties. */
  properties: number;
  turns: number;
  /** Of shadow mode, with what agents wrote. */
  drafts: number;
}

export interface ForgetResult extends Erased {
  outcome: 'forgotten';
  threads: number;
  /** Histories in Temporal. */
  runs: number;
  /** Why histories are left, where they are. */
  reason?: string;
}

export interface ExpireSessionsInput {
  /** Sessions without activity for so long are deleted, in ms. */
  retentionMs: number;
}

export interface ExpireSessionsResult extends Erased {
  outcome: 'expired';
  /** There were more than one run deletes; the next one goes on. */
  reason?: string;
}

/** One run to be, as `plan` makes it from an event. Its workflow ID is the event's dedup key. */
export type PlannedStart =
  | { type: 'replyToMessage'; workflowId: string; input: ReplyToMessageInput }
  | { type: 'followCommand'; workflowId: string; input: FollowCommandInput }
  | { type: 'noticeOwnerChange'; workflowId: string; input: NoticeOwnerChangeInput }
  | { type: 'syncTicketProperty'; workflowId: string; input: SyncTicketPropertyInput }
  | { type: 'forgetThread'; workflowId: string; input: ForgetThreadInput }
  | { type: 'forgetContact'; workflowId: string; input: ForgetContactInput };

export interface DispatchDeliveryInput {
  starts: PlannedStart[];
}

export interface DispatchDeliveryResult {
  started: number;
  duplicate: number;
}

export interface CatchUpInput {
  portalId: PortalId;
  /** Where the first run begins, ISO time; as far back as messages are answered, unless given. */
  since?: string;
}

export interface CatchUpResult {
  outcome: 'checked';
  /** That were read: a customer may wait there. */
  threads: number;
  /** Runs of messages that no webhook had announced. */
  started: number;
  /** Where the next run of the schedule goes on: ISO time, by HubSpot's clock. */
  checkedUntil: string;
}

/** `message:{portalId}:{threadId}-{messageId}`. A thread id is digits only, so no two messages share one. */
export const messageWorkflowId = ({ portalId, threadId, messageId }: ReplyToMessageInput): string =>
  `message:${portalId}:${threadId}-${messageId}`;

/** `ticket:{portalId}:{ticketId}-{eventId}:{propertyName}@{occurredAt}`. HubSpot's eventId alone is not unique. */
export const ticketWorkflowId = (
  { portalId, ticketId, propertyName, occurredAt }: SyncTicketPropertyInput,
  eventId: string,
): string => `ticket:${portalId}:${ticketId}-${eventId}:${propertyName}@${occurredAt}`;

/** `command:{portalId}:{threadId}-{messageId of the comment}`. */
export const commandWorkflowId = ({
  portalId,
  threadId,
  messageId,
}: Extract<FollowCommandInput, { messageId: MessageId }>): string => `command:${portalId}:${threadId}-${messageId}`;

/** `owner:{portalId}:{threadId}-{eventId}:{owner or nobody}@{occurredAt}`. */
export const ownerWorkflowId = (
  { portalId, threadId, assignedTo, occurredAt }: NoticeOwnerChangeInput,
  eventId: string,
): string => `owner:${portalId}:${threadId}-${eventId}:${assignedTo ?? 'nobody'}@${occurredAt}`;

/** `sent:{portalId}:{threadId}-{messageId of the reply}`. */
export const deliveryCheckWorkflowId = ({ portalId, threadId, messageId }: CheckDeliveryInput): string =>
  `sent:${portalId}:${threadId}-${messageId}`;

/** `forget-thread:{portalId}:{threadId}-{eventId}`. */
export const forgetThreadWorkflowId = ({ portalId, threadId }: ForgetThreadInput, eventId: string): string =>
  `forget-thread:${portalId}:${threadId}-${eventId}`;

/** `forget-contact:{portalId}:{contactId}-{eventId}`. */
export const forgetContactWorkflowId = ({ portalId, contactId }: ForgetContactInput, eventId: string): string =>
  `forget-contact:${portalId}:${contactId}-${eventId}`;

/** `handoff:{portalId}:{threadId}-{messageId}`. */
export const handOffWorkflowId = ({
  portalId,
  threadId,
  messageId,
}: Pick<HandOffInput, 'portalId' | 'threadId' | 'messageId'>): string => `handoff:${portalId}:${threadId}-${messageId}`;

/** `pick-up:{portalId}:{threadId}-{messageId}`. */
export const pickUpWorkflowId = ({ portalId, threadId, messageId }: WatchPickUpInput): string =>
  `pick-up:${portalId}:${threadId}-${messageId}`;

/** The run that answers a message, ready to be started. */
export const plannedReply = (input: ReplyToMessageInput): PlannedStart => ({
  type: 'replyToMessage',
  workflowId: messageWorkflowId(input),
  input,
});

/** The metric of how long a customer waited, in ms: from the run's start, which the webhook made durable, to what the run posted. */
export const REPLY_LATENCY = 'threadkeeper_reply_latency';
