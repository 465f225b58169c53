import { ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';
import {
  contactIdSchema,
  messageIdSchema,
  portalIdSchema,
  threadIdSchema,
  ticketIdSchema,
  toActorId,
} from '../hubspot/ids.ts';
import {
  type CatchUpInput,
  type CheckDeliveryInput,
  COMMANDS,
  type DispatchDeliveryInput,
  type DraftDecision,
  type ExpireSessionsInput,
  type FollowCommandInput,
  type ForgetContactInput,
  type ForgetThreadInput,
  type HandOffInput,
  type NoticeOwnerChangeInput,
  type ReplyToMessageInput,
  type SyncTicketPropertyInput,
  type WatchPickUpInput,
} from './contract.ts';

/** In characters: as much as an email of the AI's may have. */
const LONGEST_REPLY = 20_000;

// Built when they are asked for: each run evaluates this file anew, and needs one of them.
const replyToMessage = () =>
  z.object({
    portalId: portalIdSchema,
    threadId: threadIdSchema,
    messageId: messageIdSchema,
    appId: z.string().exactOptional(),
    anyAge: z.boolean().exactOptional(),
  });

const onThread = { portalId: portalIdSchema, threadId: threadIdSchema };
const by = () => z.string().trim().min(1).max(200).exactOptional();
const comment = () => z.object({ ...onThread, messageId: messageIdSchema });
const commandByHand = () =>
  z.object({
    ...onThread,
    command: z.enum(COMMANDS),
    text: z.string().max(LONGEST_REPLY).exactOptional(),
    by: by(),
  });

const time = () =>
  z.preprocess((at) => (typeof at === 'string' && /^\d+$/.test(at) ? Number(at) : at), z.int().nonnegative());

const noticeOwnerChange = () =>
  z.object({
    portalId: portalIdSchema,
    threadId: threadIdSchema,
    assignedTo: z
      .union([z.string(), z.number()])
      .nullable()
      .transform((id) => (id === null || id === '' ? null : toActorId(String(id)))),
    occurredAt: time(),
  });

const checkDelivery = () =>
  z.object({ portalId: portalIdSchema, threadId: threadIdSchema, messageId: messageIdSchema });

const actorId = () => z.union([z.string(), z.number()]).transform((id) => toActorId(String(id)));

const handOff = () =>
  z.object({
    portalId: portalIdSchema,
    threadId: threadIdSchema,
    messageId: messageIdSchema,
    reason: z.string().trim().min(1).max(10_000),
    language: z.string().exactOptional(),
    sentiment: z.enum(['positive', 'neutral', 'negative']).exactOptional(),
    kind: z.enum(['handed-off', 'undelivered']).exactOptional(),
    tell: z.boolean().exactOptional(),
    seen: z.object({ assignedTo: actorId().nullable(), newestMessageId: messageIdSchema.nullable() }).exactOptional(),
  });

const watchPickUp = () =>
  z.object({
    portalId: portalIdSchema,
    threadId: threadIdSchema,
    messageId: messageIdSchema,
    assignedTo: actorId().nullable().default(null),
    ticketId: ticketIdSchema.nullable().default(null),
  });

const syncTicketProperty = () =>
  z.object({
    portalId: portalIdSchema,
    ticketId: ticketIdSchema,
    propertyName: z.string().regex(/^[\w.-]{1,255}$/, 'propertyName must be an internal property name'),
    propertyValue: z
      .union([z.string(), z.number(), z.boolean()])
      .nullable()
      .transform((value) => String(value ?? '')),
    occurredAt: time(),
  });

const forgetThread = () => z.object({ portalId: portalIdSchema, threadId: threadIdSchema });

const forgetContact = () => z.object({ portalId: portalIdSchema, contactId: contactIdSchema });

const expireSessions = () => z.object({ retentionMs: z.int().positive() });

const start = () => z.object({ workflowId: z.string().min(1).max(1000) });

const dispatchDelivery = () =>
  z.object({
    starts: z
      .array(
        z.discriminatedUnion('type', [
          start().extend({ type: z.literal('replyToMessage'), input: replyToMessage() }),
          start().extend({ type: z.literal('followCommand'), input: comment() }),
          start().extend({ type: z.literal('noticeOwnerChange'), input: noticeOwnerChange() }),
          start().extend({ type: z.literal('syncTicketProperty'), input: syncTicketProperty() }),
          start().extend({ type: z.literal('forgetThread'), input: forgetThread() }),
          start().extend({ type: z.literal('forgetContact'), input: forgetContact() }),
        ]),
      )
      .min(1),
  });

const draftDecision = () =>
  z.discriminatedUnion('decision', [
    z.object({ decision: z.enum(['send', 'skip']), by: by() }),
    z.object({ decision: z.literal('edit'), text: z.string().trim().min(1).max(LONGEST_REPLY), by: by() }),
  ]);

const catchUp = () => z.object({ portalId: portalIdSchema, since: z.iso.datetime().exactOptional() });

/**
 * Checks what a run was started with. Runs are started by hand too, so the failure shows what fits.
 * @throws {ApplicationFailure} `InvalidInput`, not retryable.
 */
const parser =
  <T>(schema: () => z.ZodType<T>, example: object) =>
  (input: unknown): T => {
    const parsed = schema().safeParse(input);
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.') || 'input'}: ${message}`,
    );
    throw ApplicationFailure.create({
      type: 'InvalidInput',
      nonRetryable: true,
      message: `The input doesn't fit: ${problems.join('; ')}. Expected one JSON object such as ${JSON.stringify(example)}`,
    });
  };

const MESSAGE = { portalId: '62515', threadId: '6065362089', messageId: '9b38dc6d5b5744a788931a9cf3a7b225' };

export const parseReplyToMessage = parser<ReplyToMessageInput>(replyToMessage, MESSAGE);

const followComment = parser<FollowCommandInput>(comment, MESSAGE);
const followByHand = parser<FollowCommandInput>(commandByHand, {
  portalId: '62515',
  threadId: '6065362089',
  command: 'pause',
  text: '2h',
});

/** A comment, or where the input names a command, that. */
export const parseFollowCommand = (input: unknown): FollowCommandInput =>
  typeof input === 'object' && input !== null && 'messageId' in input ? followComment(input) : followByHand(input);

export const parseNoticeOwnerChange = parser<NoticeOwnerChangeInput>(noticeOwnerChange, {
  portalId: '62515',
  threadId: '6065362089',
  assignedTo: 'A-12345',
  occurredAt: 1_700_000_000_000,
});

export const parseCheckDelivery = parser<CheckDeliveryInput>(checkDelivery, MESSAGE);

export const parseHandOff = parser<HandOffInput>(handOff, { ...MESSAGE, reason: 'asks for a refund' });

export const parseWatchPickUp = parser<WatchPickUpInput>(watchPickUp, MESSAGE);

export const parseSyncTicketProperty = parser<SyncTicketPropertyInput>(syncTicketProperty, {
  portalId: '62515',
  ticketId: '1846',
  propertyName: 'hs_ticket_priority',
  propertyValue: 'HIGH',
  occurredAt: 1_700_000_000_000,
});

export const parseDispatchDelivery = parser<DispatchDeliveryInput>(dispatchDelivery, {
  starts: [
    { type: 'replyToMessage', workflowId: 'message:62515:6065362089-9b38dc6d5b5744a788931a9cf3a7b225', input: MESSAGE },
  ],
});

export const parseDraftDecision = parser<DraftDecision>(draftDecision, {
  decision: 'edit',
  text: 'It ships tomorrow.',
  by: 'A-12345',
});

export const parseCatchUp = parser<CatchUpInput>(catchUp, { portalId: '62515' });

export const parseForgetThread = parser<ForgetThreadInput>(forgetThread, { portalId: '62515', threadId: '6065362089' });

export const parseForgetContact = parser<ForgetContactInput>(forgetContact, { portalId: '62515', contactId: '101' });

export const parseExpireSessions = parser<ExpireSessionsInput>(expireSessions, { retentionMs: 7_776_000_000 });
