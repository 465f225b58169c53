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
/**
 * The actor who speaks: `A-` agent (a human user), `V-` visitor, `E-` email, `I-` integration, `S-` system, `L-` LLM,
 * `B-` bot.
 */
export type ActorId = Id<'actor'>;

/**
 * An id as text, whatever it came as. Past 2^53 a number has already lost digits: two ids would become one. Left as it
 * is, it fits no pattern.
 */
export const idAsText = (value: unknown): unknown => (Number.isSafeInteger(value) ? String(value) : value);

/**
 * Ids of portals, threads, contacts and tickets. No leading zeros: one id has one spelling, or one event would run
 * twice.
 */
export const DIGITS = /^(0|[1-9]\d{0,19})$/;

/** Says that an id doesn't fit {@link DIGITS}. `what`: the field. */
export const digitsProblem = (what: string): string => `${what} must be digits, as a number or a string`;

/**
 * Message ids are opaque to us, but they become part of a workflow ID and of a URL path: printable ASCII, no slash, no
 * space, no `..`, at most 200 characters, which leaves room in Temporal's 1000 bytes.
 */
export const MESSAGE_ID = /^(?!\.{1,2}$)[\w.~:=+@-]{1,200}$/;

/** Says to whoever gave it that an id doesn't fit {@link MESSAGE_ID}. */
export const MESSAGE_ID_PROBLEM = 'messageId must be 1-200 characters of A-Z a-z 0-9 _ . ~ : = + @ -';

/**
 * The actor id as HubSpot's API spells it. `conversation.propertyChange` sends bare digits for `assignedTo` in some
 * accounts (hubspot: conversations guide says "user ID", webhooks guide says actor id): those are agents.
 */
export const toActorId = (raw: string): ActorId => (/^\d+$/.test(raw) ? `A-${raw}` : raw) as ActorId;
