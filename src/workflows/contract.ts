import type { Conversation } from '../hubspot/conversation.ts';
import type { ActorId, ContactId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { PortalAutonomy } from './rules/autonomy.ts';
import type { HandoffSettings } from './rules/handoff-settings.ts';
import type { Seen } from './rules/moved.ts';
import type { PostKind } from './rules/own-post.ts';

/**
 * Why the AI said nothing. A closed set: the same words in the run's result, the `SkipReason` search attribute, the
 * metric label and docs/skip-reasons.md.
 */
export const SKIP_REASONS = [
  'comment',
  'outgoing',
  'sender-is-bot',
  'sender-is-agent',
  'ai-marker',
  'owned-by-human',
  'unassigned',
  'superseded',
  'human-replied',
  'paused',
  'handed-off',
  'skipped-by-agent',
  'empty-message',
  'message-not-found',
  'too-old',
  'channel-off',
  'ai-limit',
  'thread-spam',
  'thread-archived',
  'ticketing-disabled',
  'empty-value',
  'no-session',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

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

/** What decides a run on one portal. Plain data: it goes into the run's history, so no secret may stand here. */
export interface PortalSettings {
  portalId: PortalId;
  /** The AI's user. */
  aiActorId: ActorId;
  /** How far the AI may go, by channel. Assist Mode is in it. */
  autonomy: PortalAutonomy;
  /** Whether agents command the AI by internal comments that begin with `/ai`. */
  aiCommands: boolean;
  ticketingEnabled: boolean;
  /** What becomes of a thread that the AI hands to agents. */
  handoff: HandoffSettings;
  /** What to do with a thread that nobody owns: stay silent, or assign it to the AI and answer. */
  unassignedThreads: 'skip' | 'claim';
  /** How long an email waits before the AI looks at the thread, in ms: people send corrections. */
  emailDelayMs: number;
  /** How long a message on any other channel waits, in ms: people write in bursts, and get one answer. */
  quietPeriodMs: number;
  /** A customer who goes on writing gets an answer after so long all the same, in ms. */
  quietPeriodMaxMs: number;
  /** How long after a reply HubSpot is asked whether it was delivered, in ms. 0: never. */
  deliveryCheckMs: number;
  /**
   * HubSpot, the AI or the database may fail for so long, in ms, before a person should know. Then the AI is given up and
   * agents are told; the others are tried for the rest of a day.
   */
  attentionAfterMs: number;
  /** More replies within an hour on one thread end in a handoff: two machines may be talking. */
  maxRepliesPerHour: number;
  /**
   * The AI is asked at most so often within an hour for one contact, and on one thread. Absent only from what an earlier version
   * has read: no limit.
   */
  maxAiCallsPerHour?: number;
  /** A message that was older than so many ms when its run began is not answered. */
  maxMessageAgeMs: number;
  /** How long a draft waits for an agent's approval, in ms. */
  approvalTimeoutMs: number;
  /** How often threads are looked through for messages that no webhook announced, in ms. 0: never. */
  catchUpIntervalMs: number;
  /** Once the AI has cost so much in a UTC day, in millionths of the prices' currency, it sends nothing by itself; absent: no limit. */
  aiDailyBudgetMillionths?: number;
  /** Once it has cost so much, in the same, it is not asked any more on that day; absent: no limit. */
  aiDailyCeilingMillionths?: number;
  /** What stands below the AI's mails, by the domain that they go out from (`signatureFor`); absent: nothing. */
  signatures?: Record<string, string>;
  /** Whether whoever else got the customer's mail gets the AI's answer too; absent: no. */
  replyAll?: boolean;
}

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

/** What agents can tell the AI to do on a thread, by a comment such as `/ai pause`. */
export const COMMANDS = ['send', 'edit', 'skip', 'pause', 'resume', 'handoff', 'why'] as const;
export type Command = (typeof COMMANDS)[number];

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

/** What the AI knows of why a thread goes to agents. No customer's words. */
export interface HandoffReason {
  reason: string;
  /** A BCP 47 tag, such as `de`. */
  language?: string;
  sentiment?: 'positive' | 'neutral' | 'negative';
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
