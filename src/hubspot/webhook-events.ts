import { z } from 'zod';
import { contactIdSchema, messageIdSchema, portalIdSchema, threadIdSchema, ticketIdSchema } from './id-schemas.ts';
import {
  type ActorId,
  type ContactId,
  type MessageId,
  type PortalId,
  type ThreadId,
  type TicketId,
  toActorId,
} from './ids.ts';
import { LONGEST_PROPERTY_VALUE } from './property-value.ts';

/**
 * An event of a delivery can't be used for one of these reasons: the field of HubSpot's that is missing or wrong. A
 * closed set.
 */
export const REJECT_REASONS = [
  'not-an-object',
  'too-many-values',
  'bad-subscriptionType',
  'bad-portalId',
  'bad-objectId',
  'bad-messageId',
  'bad-eventId',
  'bad-occurredAt',
  'bad-propertyName',
  'bad-propertyValue',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** A message or comment was put on a thread, by anyone: visitor, agent, bot, or ourselves. */
export interface MessageEvent {
  index: number;
  kind: 'message';
  portalId: PortalId;
  threadId: ThreadId;
  messageId: MessageId;
  /** `MESSAGE`, `COMMENT`, `WELCOME_MESSAGE`, or what HubSpot will think of next. */
  messageType: string | null;
  /** The app that is notified; of our own webhooks that is our app. `null` where the event doesn't say. */
  appId: string | null;
}

/** A property of a ticket changed. */
export interface TicketPropertyEvent {
  index: number;
  kind: 'ticketProperty';
  portalId: PortalId;
  ticketId: TicketId;
  /** HubSpot: not guaranteed to be unique. */
  eventId: string;
  propertyName: string;
  /** Empty when the property was cleared; `REDACTED` when the older shape of the event hides a sensitive one. */
  propertyValue: string;
  /** Milliseconds since the epoch, by HubSpot's clock. */
  occurredAt: number;
  /** Only the newer shape of the event says so. */
  sensitive: boolean;
}

/** A thread has a new owner, or none any more. */
export interface ThreadOwnerEvent {
  index: number;
  kind: 'threadOwner';
  portalId: PortalId;
  threadId: ThreadId;
  /** HubSpot: not guaranteed to be unique. */
  eventId: string;
  /** `null`: nobody. */
  assignedTo: ActorId | null;
  /** Milliseconds since the epoch, by HubSpot's clock. */
  occurredAt: number;
}

/** A thread was closed, or opened again. */
export interface ThreadStatusEvent {
  index: number;
  kind: 'threadStatus';
  portalId: PortalId;
  threadId: ThreadId;
  /** HubSpot: not guaranteed to be unique. */
  eventId: string;
  /** False: it was opened, or HubSpot says what nobody knows yet. */
  closed: boolean;
}

/** A thread was deleted for good, so that nothing of it may be kept. */
export interface ThreadErasureEvent {
  index: number;
  kind: 'threadErasure';
  portalId: PortalId;
  threadId: ThreadId;
  /** HubSpot: not guaranteed to be unique. */
  eventId: string;
}

/** A contact was deleted for good, as privacy laws ask for. */
export interface ContactErasureEvent {
  index: number;
  kind: 'contactErasure';
  portalId: PortalId;
  contactId: ContactId;
  /** HubSpot: not guaranteed to be unique. */
  eventId: string;
}

/** One element of a delivery; `index` is its place there. */
export type WebhookEvent =
  | MessageEvent
  | TicketPropertyEvent
  | ThreadOwnerEvent
  | ThreadStatusEvent
  | ThreadErasureEvent
  | ContactErasureEvent
  /** A type that nothing here acts on. */
  | { index: number; kind: 'other'; type: string }
  | { index: number; kind: 'rejected'; reason: RejectReason };

/** HubSpot sends up to 100. So many still show a HubSpot that changed its mind, and take no longer than it waits. */
export const MAX_EVENTS = 1000;

/** A delivery of more than {@link MAX_EVENTS}. */
export class TooManyEvents extends Error {
  override readonly name = 'TooManyEvents';

  constructor() {
    super(`The delivery has more than ${MAX_EVENTS} events`);
  }
}

/** An event of HubSpot's has some twenty names and values. One that holds more than so many isn't read at all. */
const MAX_VALUES = 1000;

/** The object type of tickets in HubSpot's generic events. */
const TICKET_OBJECT_TYPE = '0-5';

const integer = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value),
  z.int().nonnegative(),
);

// No database column takes a NUL, and half a surrogate pair is no character.
const printable = (text: string): string => text.replace(/[\p{Surrogate}\0]/gu, '\ufffd');

const integerAsText = (id: unknown): unknown => (Number.isSafeInteger(id) ? String(id) : id);

const messageFields = z.object({
  portalId: portalIdSchema,
  objectId: threadIdSchema,
  messageId: messageIdSchema,
  messageType: z.string().nullable().catch(null),
  // It guards against loops, and others do too: no reason to lose a message.
  appId: z
    .preprocess(
      integerAsText,
      z
        .string()
        .regex(/^\d{1,20}$/)
        .nullable(),
    )
    .catch(null),
});

const eventId = z.preprocess(integerAsText, z.string().regex(/^[\w-]{1,64}$/));

const threadOwnerFields = z.object({
  portalId: portalIdSchema,
  objectId: threadIdSchema,
  eventId,
  // An actor id, bare digits, or nothing: HubSpot's guides disagree.
  propertyValue: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((value) => String(value ?? '').trim())
    .pipe(z.string().regex(/^(([A-Z]-)?[\w.@+-]{1,100})?$/))
    .transform((value) => (value === '' ? null : toActorId(value))),
  occurredAt: integer,
});

const threadStatusFields = z.object({
  portalId: portalIdSchema,
  objectId: threadIdSchema,
  eventId,
  propertyValue: z
    .unknown()
    .optional()
    .transform((value) => typeof value === 'string' && value.trim().toUpperCase() === 'CLOSED'),
});

const threadErasureFields = z.object({ portalId: portalIdSchema, objectId: threadIdSchema, eventId });
const contactErasureFields = z.object({ portalId: portalIdSchema, objectId: contactIdSchema, eventId });

const ticketPropertyFields = z.object({
  portalId: portalIdSchema,
  objectId: ticketIdSchema,
  eventId,
  propertyName: z.string().regex(/^[\w.-]{1,255}$/),
  propertyValue: z
    .union([z.string(), z.number(), z.boolean()])
    .nullish()
    .transform((value) => String(value ?? ''))
    // First its length: what is much too long isn't worth a look at each character.
    .pipe(z.string().max(LONGEST_PROPERTY_VALUE))
    .transform(printable),
  occurredAt: integer,
  isSensitive: z.preprocess((value) => value === true || value === 'true', z.boolean()),
});

const rejected = (index: number, reason: RejectReason): WebhookEvent => ({ index, kind: 'rejected', reason });

const rejectedFor = (index: number, error: z.ZodError): WebhookEvent => {
  const field = String(error.issues[0]?.path[0]);
  return rejected(index, REJECT_REASONS.find((reason) => reason === `bad-${field}`) ?? 'not-an-object');
};

const parseMessage = (index: number, raw: object): WebhookEvent => {
  const { success, data, error } = messageFields.safeParse(raw);
  if (!success) return rejectedFor(index, error);
  const { objectId: threadId, ...fields } = data;
  return { index, kind: 'message', threadId, ...fields };
};

const parseTicketProperty = (index: number, raw: object): WebhookEvent => {
  const { success, data, error } = ticketPropertyFields.safeParse(raw);
  if (!success) return rejectedFor(index, error);
  const { objectId: ticketId, isSensitive: sensitive, ...fields } = data;
  return { index, kind: 'ticketProperty', ticketId, sensitive, ...fields };
};

const parseThreadOwner = (index: number, raw: object): WebhookEvent => {
  const { success, data, error } = threadOwnerFields.safeParse(raw);
  if (!success) return rejectedFor(index, error);
  const { objectId: threadId, propertyValue: assignedTo, ...fields } = data;
  return { index, kind: 'threadOwner', threadId, assignedTo, ...fields };
};

const parseThreadStatus = (index: number, raw: object): WebhookEvent => {
  const { success, data, error } = threadStatusFields.safeParse(raw);
  if (!success) return rejectedFor(index, error);
  const { objectId: threadId, propertyValue: closed, ...fields } = data;
  return { index, kind: 'threadStatus', threadId, closed, ...fields };
};

const parseThreadErasure = (index: number, raw: object): WebhookEvent => {
  const { success, data, error } = threadErasureFields.safeParse(raw);
  if (!success) return rejectedFor(index, error);
  const { objectId: threadId, ...fields } = data;
  return { index, kind: 'threadErasure', threadId, ...fields };
};

const parseContactErasure = (index: number, raw: object): WebhookEvent => {
  const { success, data, error } = contactErasureFields.safeParse(raw);
  if (!success) return rejectedFor(index, error);
  const { objectId: contactId, ...fields } = data;
  return { index, kind: 'contactErasure', contactId, ...fields };
};

/** An event says by these what it is; by hand, since every event passes here. */
interface Envelope {
  subscriptionType?: unknown;
  eventType?: unknown;
  objectTypeId?: unknown;
  propertyName?: unknown;
}

const isEnvelope = (raw: unknown): raw is Envelope => typeof raw === 'object' && raw !== null && !Array.isArray(raw);

const parseEvent = (raw: unknown, index: number): WebhookEvent => {
  if (!isEnvelope(raw)) return rejected(index, 'not-an-object');
  // HubSpot's table of fields says eventType, its calls say subscriptionType.
  const type = raw.subscriptionType ?? raw.eventType;
  switch (type) {
    case 'conversation.newMessage':
    case 'conversation.messageCreated':
      return parseMessage(index, raw);
    case 'conversation.propertyChange':
      if (raw.propertyName === 'assignedTo') return parseThreadOwner(index, raw);
      if (raw.propertyName === 'status') return parseThreadStatus(index, raw);
      break;
    // Both come in the older shape only: HubSpot's generic subscriptions don't have them.
    case 'conversation.privacyDeletion':
      return parseThreadErasure(index, raw);
    case 'contact.privacyDeletion':
      return parseContactErasure(index, raw);
    case 'ticket.propertyChange':
      return parseTicketProperty(index, raw);
    case 'object.propertyChange':
      if (raw.objectTypeId === TICKET_OBJECT_TYPE) return parseTicketProperty(index, raw);
      break;
  }
  if (typeof type !== 'string' || !/^[\w.-]{1,100}$/.test(type)) return rejected(index, 'bad-subscriptionType');
  return { index, kind: 'other', type };
};

// JSON.parse has rounded an integer past 2^53 by the time the reviver sees it; its source text still has every digit.
const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^\d+$/.test(context?.source ?? '')
    ? context?.source
    : value;

// A reviver makes reading four times as long, and HubSpot's ids are shorter.
const parseJson = (text: string, longNumbers: boolean): unknown =>
  longNumbers ? JSON.parse(text, keepDigits) : JSON.parse(text);

/** An element of an array, before it is read. */
interface Element {
  text: string;
  /** Names and values in it, by its brackets, commas and colons. */
  values: number;
  /** A number in it is so long that it may be past 2^53. */
  longNumbers: boolean;
}

const SPACE = /^[ \t\n\r]*$/;
const LONG_NUMBER_DIGITS = 16;

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The place after the string that begins at `at`; past the end where it has no end. */
const afterString = (text: string, at: number): number => {
  for (let end = at + 1; end < text.length; end += 1) {
    const character = text.charCodeAt(end);
    if (character === QUOTE) return end + 1;
    if (character === BACKSLASH) end += 1;
  }
  return text.length + 1;
};

/**
 * The elements of the JSON array that a text is, none of them read yet: what a hostile one would take of memory and
 * time to read is known before. `null` where it is no array.
 * @throws {TooManyEvents}
 */
const elementsOf = (text: string): Element[] | null => {
  const opening = text.indexOf('[');
  if (opening < 0 || !SPACE.test(text.slice(0, opening))) return null;
  const elements: Element[] = [];
  let begin = opening + 1;
  let depth = 1;
  let values = 0;
  let digits = 0;
  let longNumbers = false;
  const take = (end: number): void => {
    if (elements.length === MAX_EVENTS) throw new TooManyEvents();
    elements.push({ text: text.slice(begin, end), values, longNumbers });
    begin = end + 1;
    values = 0;
    longNumbers = false;
  };
  for (let at = begin; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character >= ZERO && character <= NINE) {
      digits += 1;
      if (digits === LONG_NUMBER_DIGITS) longNumbers = true;
      continue;
    }
    digits = 0;
    switch (character) {
      case QUOTE:
        at = afterString(text, at) - 1;
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        depth += 1;
        values += 1;
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth -= 1;
        if (depth > 0) break;
        if (character !== CLOSE_ARRAY || !SPACE.test(text.slice(at + 1))) return null;
        if (elements.length > 0 || !SPACE.test(text.slice(begin, at))) take(at);
        return elements;
      case COLON:
        values += 1;
        break;
      case COMMA:
        if (depth === 1) take(at);
        else values += 1;
        break;
    }
  }
  return null;
};

const readElement = ({ text, values, longNumbers }: Element, index: number): WebhookEvent =>
  values > MAX_VALUES ? rejected(index, 'too-many-values') : parseEvent(parseJson(text, longNumbers), index);

/**
 * Reads a webhook delivery, each event on its own, so that a bad one never hurts its neighbours: ids as numbers or
 * text, of any size; unknown fields and types are harmless. Gives `null` where the bytes aren't a JSON array. (HubSpot:
 * webhooks guide, "Webhook payloads".)
 * @throws {TooManyEvents} before any of them is read
 */
export const parseWebhookEvents = (body: Uint8Array): WebhookEvent[] | null => {
  const elements = elementsOf(new TextDecoder().decode(body));
  try {
    return elements === null ? null : elements.map(readElement);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
};
