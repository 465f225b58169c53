import { ApplicationFailure } from '@temporalio/workflow';
import { isChannelName, longestText } from '../../hubspot/channels.ts';
import {
  type ContactId,
  DIGITS,
  digitsProblem,
  idAsText,
  MESSAGE_ID,
  MESSAGE_ID_PROBLEM,
  type MessageId,
  type PortalId,
  type ThreadId,
  type TicketId,
  toActorId,
} from '../../hubspot/ids.ts';
import { COMMANDS } from '../../rules/command.ts';
import { NOTIFY_EVENTS } from '../../rules/notify/notification.ts';
import { isScore } from '../../rules/rating/rating-settings.ts';
import { LIMITS } from '../../rules/speaking/limits.ts';
import { type AskForRatingInput, askForRatingRun, type RatedInput, type RateInput } from '../../runs/ask-for-rating.ts';
import { type CatchUpInput, catchUpRun } from '../../runs/catch-up.ts';
import { type CatchUpPortalsInput, catchUpPortalsRun } from '../../runs/catch-up-portals.ts';
import { type CheckDeliveryInput, checkDeliveryRun } from '../../runs/check-delivery.ts';
import { type DispatchDeliveryInput, dispatchDeliveryRun } from '../../runs/dispatch-delivery.ts';
import { type ExpireSessionsInput, expireSessionsRun } from '../../runs/expire-sessions.ts';
import { ACTIONS, type FollowActionInput, followActionRun } from '../../runs/follow-action.ts';
import { type FollowCommandInput, followCommandRun } from '../../runs/follow-command.ts';
import { type ForgetContactInput, forgetContactRun } from '../../runs/forget-contact.ts';
import { type ForgetThreadInput, forgetThreadRun } from '../../runs/forget-thread.ts';
import { HANDOFF_WORDS, type HandOffInput, handOffRun } from '../../runs/hand-off.ts';
import { type NoticeOwnerChangeInput, noticeOwnerChangeRun } from '../../runs/notice-owner-change.ts';
import { type NotifyInput, notifyRun } from '../../runs/notify.ts';
import { type RefreshKnowledgeInput, refreshKnowledgeRun } from '../../runs/refresh-knowledge.ts';
import {
  type DraftDecision,
  EXAMPLE_MESSAGE,
  type ReplyToMessageInput,
  replyToMessageRun,
} from '../../runs/reply-to-message.ts';
import { type SyncTicketPropertyInput, syncTicketPropertyRun } from '../../runs/sync-ticket-property.ts';
import { type TestQuestionInput, testQuestionRun } from '../../runs/test-question.ts';
import { type WatchInactivityInput, watchInactivityRun } from '../../runs/watch-inactivity.ts';
import { type WatchPickUpInput, watchPickUpRun } from '../../runs/watch-pick-up.ts';
import {
  boolean,
  discriminatedUnion,
  enumOf,
  type Field,
  field,
  int,
  list,
  nullable,
  object,
  optional,
  text,
  ValidationError,
  withDefault,
} from './fields.ts';

/** An agent's words may be as long as a reply on any channel, in characters. */
const LONGEST_TEXT = longestText('email');

const id = <Id extends string>(pattern: RegExp, problem: string): Field<Id> =>
  field((value) => {
    const asText = idAsText(value);
    return typeof asText === 'string' && pattern.test(asText) ? (asText as Id) : undefined;
  }, problem);

const portalId = id<PortalId>(DIGITS, digitsProblem('portalId'));
const threadId = id<ThreadId>(DIGITS, digitsProblem('threadId'));
const contactId = id<ContactId>(DIGITS, digitsProblem('contactId'));
const ticketId = id<TicketId>(DIGITS, digitsProblem('ticketId'));
const messageId = id<MessageId>(MESSAGE_ID, MESSAGE_ID_PROBLEM);

const actorId = field(
  (value) => (typeof value === 'string' || typeof value === 'number' ? toActorId(String(value)) : undefined),
  'must be an actor, as a number or a string',
);

/** Milliseconds since the epoch, as a number or as text. */
const time = field((value) => {
  const at = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(at) && Number(at) >= 0 ? Number(at) : undefined;
}, 'must be a time in ms since the epoch');

const isoTime = field(
  (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) &&
    Number.isFinite(Date.parse(value))
      ? value
      : undefined,
  'must be an ISO time such as 2026-01-31T12:00:00Z',
);

/** An empty text says too that nobody owns a thread. */
const ownerOrNobody = field((value) => {
  if (value === null || value === '') return null;
  return typeof value === 'string' || typeof value === 'number' ? toActorId(String(value)) : undefined;
}, 'must be an actor, as a number or a string, or null');

const onThread = { portalId, threadId };
const aboutMessage = object({ ...onThread, messageId });
const by = optional(text({ trimmed: true, min: 1, max: 200 }));

/** From 1 to 5. */
const score = field((value) => (isScore(value) ? value : undefined), 'must be a number from 1 to 5');

const askForRating = object(onThread);

const replyToMessage = object({ ...onThread, messageId, appId: optional(text()), anyAge: optional(boolean) });

const commandByHand = object({
  ...onThread,
  command: enumOf(COMMANDS),
  text: optional(text({ max: LONGEST_TEXT })),
  by,
});

const followAction = object({
  portalId,
  action: enumOf(ACTIONS),
  record: discriminatedUnion('kind', {
    ticket: object({ kind: enumOf(['ticket']), id: ticketId }),
    contact: object({ kind: enumOf(['contact']), id: contactId }),
    conversation: object({ kind: enumOf(['conversation']), id: threadId }),
  }),
  callbackId: messageId,
  text: optional(text({ max: LONGEST_TEXT })),
  by: text({ trimmed: true, min: 1, max: 200 }),
});

const noticeOwnerChange = object({ ...onThread, assignedTo: ownerOrNobody, occurredAt: time });

const checkDelivery = object({ ...onThread, messageId, notice: optional(boolean), afterMs: optional(int(0)) });

const handOff = object({
  ...onThread,
  messageId,
  reason: text({ trimmed: true, min: 1, max: HANDOFF_WORDS.reason }),
  language: optional(text()),
  sentiment: optional(enumOf(['positive', 'neutral', 'negative'])),
  kind: optional(enumOf(['handed-off', 'undelivered'])),
  cause: optional(text()),
  limit: optional(enumOf(LIMITS)),
  tell: optional(boolean),
  assignTo: optional(actorId),
  unsent: optional(text({ max: HANDOFF_WORDS.unsent })),
  consulted: optional(list(text({ max: HANDOFF_WORDS.line }))),
  called: optional(list(text({ max: HANDOFF_WORDS.line }))),
  joins: optional(ticketId),
  seen: optional(object({ assignedTo: nullable(actorId), newestMessageId: nullable(messageId) })),
});

const watchPickUp = object({
  ...onThread,
  messageId,
  assignedTo: withDefault(nullable(actorId), null),
  ticketId: withDefault(nullable(ticketId), null),
  handOver: optional(object({ at: time, to: nullable(actorId), silences: boolean })),
});

const watchInactivity = object({ ...onThread, messageId, replyId: messageId, language: optional(text()) });

const notification = object({
  portalId,
  event: enumOf(NOTIFY_EVENTS),
  about: text({ min: 1, max: 1000 }),
  at: time,
  reason: optional(text({ max: 100 })),
  detail: optional(text()),
  words: optional(text({ max: 10_000 })),
  threadId: optional(threadId),
  messageId: optional(messageId),
  ticketId: optional(ticketId),
  channel: optional(text()),
  language: optional(text()),
  sentiment: optional(enumOf(['positive', 'neutral', 'negative'])),
  waitingSince: optional(time),
  score: optional(score),
  run: optional(text()),
});

const syncTicketProperty = object({
  portalId,
  ticketId,
  propertyName: text({ pattern: /^[\w.-]{1,255}$/ }, 'propertyName must be an internal property name'),
  propertyValue: field((value) => {
    if (value === null) return '';
    return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
  }, 'must be text, a number, true, false or null'),
  occurredAt: time,
});

const forgetThread = object(onThread);

const forgetContact = object({ portalId, contactId });

const expireSessions = object({ retentionMs: int(1) });

const refreshKnowledge = object({ sources: list(text({ min: 1, max: 2_000 })) });

const testQuestion = object({
  portalId,
  channel: field(
    (value) => (typeof value === 'string' && isChannelName(value) ? value : undefined),
    'must be the name of a channel, such as live chat or email',
  ),
  question: text({ trimmed: true, min: 1, max: LONGEST_TEXT }),
  by,
});

const workflowId = text({ min: 1, max: 1000 });

const start = discriminatedUnion('type', {
  replyToMessage: object({ type: enumOf(['replyToMessage']), workflowId, input: replyToMessage }),
  followCommand: object({ type: enumOf(['followCommand']), workflowId, input: aboutMessage }),
  noticeOwnerChange: object({ type: enumOf(['noticeOwnerChange']), workflowId, input: noticeOwnerChange }),
  syncTicketProperty: object({ type: enumOf(['syncTicketProperty']), workflowId, input: syncTicketProperty }),
  askForRating: object({ type: enumOf(['askForRating']), workflowId, input: askForRating }),
  forgetThread: object({ type: enumOf(['forgetThread']), workflowId, input: forgetThread }),
  forgetContact: object({ type: enumOf(['forgetContact']), workflowId, input: forgetContact }),
});

const dispatchDelivery = object({ starts: list(start) });

const plainDecision = object({ decision: enumOf(['send', 'skip']), by });

const draftDecision = discriminatedUnion('decision', {
  send: plainDecision,
  skip: plainDecision,
  edit: object({ decision: enumOf(['edit']), text: text({ trimmed: true, min: 1, max: LONGEST_TEXT }), by }),
});

const catchUp = object({ portalId, since: optional(isoTime), advances: optional(boolean) });

const catchUpPortals = object({ batch: int(0) });

/**
 * Checks what a run was started with. Runs are started by hand too, so the failure shows what fits.
 * @throws {ApplicationFailure} `InvalidInput`, not retryable.
 */
const parser =
  <T>(known: Field<T>, example: object) =>
  (input: unknown): T => {
    try {
      return known(input, '');
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      throw ApplicationFailure.create({
        type: 'InvalidInput',
        nonRetryable: true,
        message: `The input doesn't fit: ${error.message}. Expected one JSON object such as ${JSON.stringify(example)}`,
      });
    }
  };

export const parseReplyToMessage = parser<ReplyToMessageInput>(replyToMessage, replyToMessageRun.example);

const followComment = parser<FollowCommandInput>(aboutMessage, EXAMPLE_MESSAGE);
const followByHand = parser<FollowCommandInput>(commandByHand, followCommandRun.example);

/** A comment, or where the input names a command, that. */
export const parseFollowCommand = (input: unknown): FollowCommandInput =>
  typeof input === 'object' && input !== null && 'messageId' in input ? followComment(input) : followByHand(input);

export const parseFollowAction = parser<FollowActionInput>(followAction, followActionRun.example);

export const parseNoticeOwnerChange = parser<NoticeOwnerChangeInput>(noticeOwnerChange, noticeOwnerChangeRun.example);

export const parseCheckDelivery = parser<CheckDeliveryInput>(checkDelivery, checkDeliveryRun.example);

export const parseHandOff = parser<HandOffInput>(handOff, handOffRun.example);

export const parseWatchPickUp = parser<WatchPickUpInput>(watchPickUp, watchPickUpRun.example);

export const parseWatchInactivity = parser<WatchInactivityInput>(watchInactivity, watchInactivityRun.example);

export const parseNotify = parser<NotifyInput>(notification, notifyRun.example);

export const parseSyncTicketProperty = parser<SyncTicketPropertyInput>(
  syncTicketProperty,
  syncTicketPropertyRun.example,
);

export const parseDispatchDelivery = parser<DispatchDeliveryInput>(dispatchDelivery, dispatchDeliveryRun.example);

export const parseDraftDecision = parser<DraftDecision>(draftDecision, {
  decision: 'edit',
  text: 'It ships tomorrow.',
  by: 'A-12345',
});

export const parseAskForRating = parser<AskForRatingInput>(askForRating, askForRatingRun.example);

export const parseRate = parser<RateInput>(object({ token: text({ max: 100 }), score }), { token: '…', score: 5 });

export const parseRated = parser<RatedInput>(object({ score }), { score: 5 });

export const parseCatchUp = parser<CatchUpInput>(catchUp, catchUpRun.example);

export const parseCatchUpPortals = parser<CatchUpPortalsInput>(catchUpPortals, catchUpPortalsRun.example);

export const parseForgetThread = parser<ForgetThreadInput>(forgetThread, forgetThreadRun.example);

export const parseForgetContact = parser<ForgetContactInput>(forgetContact, forgetContactRun.example);

export const parseExpireSessions = parser<ExpireSessionsInput>(expireSessions, expireSessionsRun.example);

export const parseRefreshKnowledge = parser<RefreshKnowledgeInput>(refreshKnowledge, refreshKnowledgeRun.example);

export const parseTestQuestion = parser<TestQuestionInput>(testQuestion, testQuestionRun.example);
