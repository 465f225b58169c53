import { z } from 'zod';

/** A string that can't be mistaken for another kind of id. */
type Id<Name extends string> = string & { readonly __id: Name };

/** A HubSpot account. Digits. */
export type PortalId = Id<'portal'>;
/** A conversation thread. Digits; an int64 at HubSpot, so never a JavaScript number here. */
export type ThreadId = Id<'thread'>;
/** A message or comment on a thread. Opaque: 32 hex digits or a UUID today. */
export type MessageId = Id<'message'>;
/** A CRM ticket. Digits. */
export type TicketId = Id<'ticket'>;
/** A CRM contact. Digits. */
export type ContactId = Id<'contact'>;
/** Who speaks: `A-` agent (a human user), `V-` visitor, `E-` email, `I-` integration, `S-` system, `L-` LLM, `B-` bot. */
export type ActorId = Id<'actor'>;

// Past 2^53 a number has already lost digits: two ids would become one. Left as it is, it fails the check below.
const asText = (value: unknown): unknown => (Number.isSafeInteger(value) ? String(value) : value);

// No leading zeros: one id has one spelling, or one event would run twice.
const digits = (what: string) => {
  const error = `${what} must be digits, as a number or a string`;
  return z.preprocess(asText, z.string({ error }).regex(/^(0|[1-9]\d{0,19})$/, error));
};

/** Accepts a safe integer or a string of digits, gives the string. */
export const portalIdSchema = digits('portalId').transform((id) => id as PortalId);
export const threadIdSchema = digits('threadId').transform((id) => id as ThreadId);
export const contactIdSchema = digits('contactId').transform((id) => id as ContactId);
export const ticketIdSchema = digits('ticketId').transform((id) => id as TicketId);

const MESSAGE_ID_ERROR = 'messageId must be 1-200 characters of A-Z a-z 0-9 _ . ~ : = + @ -';

/**
 * Message ids are opaque to us, but they become part of a workflow ID and of a URL path: printable ASCII, no slash, no
 * space, no `..`, at most 200 characters, which leaves room in Temporal's 1000 bytes.
 */
export const messageIdSchema = z
  .preprocess(asText, z.string({ error: MESSAGE_ID_ERROR }).regex(/^(?!\.{1,2}$)[\w.~:=+@-]{1,200}$/, MESSAGE_ID_ERROR))
  .transform((id) => id as MessageId);

/**
 * The actor id as HubSpot's API spells it. `conversation.propertyChange` sends bare digits for `assignedTo` in some
 * accounts (hubspot: conversations guide says "user ID", webhooks guide says actor id): those are agents.
 */
export const toActorId = (raw: string): ActorId => (/^\d+$/.test(raw) ? `A-${raw}` : raw) as ActorId;
