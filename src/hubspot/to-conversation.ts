import type { Attachment, DeliveryIdentifier, ListedThread, Message, Outgoing, Party, Thread } from './conversation.ts';
import { htmlText } from './html-text.ts';
import { type ActorId, type MessageId, type PortalId, type ThreadId, type TicketId, toActorId } from './ids.ts';
import { carriesAiMarker, postKeyIn } from './markers.ts';
import type { components } from './openapi.ts';
import { redactValues } from './redact-values.ts';
import { hasVisible } from './visible.ts';

type Schemas = components['schemas'];
type Worded = Schemas['Message'] | Schemas['Comment'] | Schemas['WelcomeMessage'];

/** Nobody looks at more than so many of a message's files by their names. */
const MOST_ATTACHMENTS = 100;
/** A subject, and the name of a person or a file, is cut to so many characters. */
const LONGEST_SUBJECT = 1_000;
const LONGEST_NAME = 255;

const KINDS: Record<string, Message['kind']> = { MESSAGE: 'message', COMMENT: 'comment', WELCOME_MESSAGE: 'welcome' };

const actor = (id: unknown): ActorId | null =>
  id === undefined || id === null || id === '' ? null : toActorId(String(id));
const text = (value: unknown): string | null => (value === undefined || value === null ? null : String(value));

/** `text` cut to a length in characters, never inside one. */
export const clip = (whole: string, length: number): string => {
  const cut = whole.slice(0, length);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
};

const cut = (value: string | null | undefined, length: number): string | null =>
  value === undefined || value === null ? null : clip(value, length);

const sender = (raw: Schemas['Sender']): Party => ({
  actorId: actor(raw.actorId),
  name: cut(raw.name, LONGEST_NAME),
  field: raw.senderField ?? null,
  address: (raw.deliveryIdentifier as DeliveryIdentifier | undefined) ?? null,
});

/** Reads what a message says: a mail may come with its words in `richText` alone. */
export const wordsOf = (...sources: { text?: string | null; richText?: string | null }[]): string => {
  for (const { text: plain, richText } of sources) {
    if (plain && hasVisible(plain)) return plain;
    const words = richText ? htmlText(richText) : '';
    if (hasVisible(words)) return words;
  }
  return sources[0]?.text ?? '';
};

const isWorded = (item: Schemas['ThreadItem']): item is Worded => item.type in KINDS;

export const toAttachment = (raw: Schemas['Attachment']): Attachment => ({
  type: raw.type === 'FILE' ? raw.fileUsageType : raw.type,
  name: raw.type === 'FILE' ? cut(raw.name, LONGEST_NAME) : null,
});

/**
 * A thread item as a {@link Message}, its text cut to `textLength` characters; `null` for items without words
 * (assignments, status changes, types that HubSpot may add). Whose address it came from, the item alone doesn't say.
 */
export const toMessage = (item: Schemas['ThreadItem'], textLength: number): Message | null => {
  if (!isWorded(item)) return null;
  const kind = KINDS[item.type] ?? 'message';
  const whole = wordsOf(item);
  const shown = clip(whole, textLength);
  const message = item.type === 'MESSAGE' ? item : null;
  const cutByHubSpot = message !== null && message.truncationStatus !== 'NOT_TRUNCATED';
  return {
    id: item.id as MessageId,
    kind,
    createdAt: item.createdAt,
    direction: message?.direction === 'INCOMING' ? 'incoming' : message?.direction === 'OUTGOING' ? 'outgoing' : null,
    senders: (item.senders ?? []).map(sender),
    channelId: 'channelId' in item ? text(item.channelId) : null,
    channelAccountId: 'channelAccountId' in item ? text(item.channelAccountId) : null,
    subject: cut(message?.subject, LONGEST_SUBJECT),
    text: shown,
    truncated: shown.length < whole.length || cutByHubSpot,
    blank: !hasVisible(whole) && !cutByHubSpot,
    aiMarker: carriesAiMarker(whole),
    fromOwnAddress: false,
    integrationAppId: text(item.client?.integrationAppId),
    clientType: text(item.client?.clientType),
    attachments: 'attachments' in item ? (item.attachments ?? []).slice(0, MOST_ATTACHMENTS).map(toAttachment) : [],
    postKey: postKeyIn(item.richText ?? ''),
    undelivered:
      message?.status?.statusType === 'FAILED'
        ? redactValues(message.status.failureDetails?.errorMessage ?? 'it gives no reason')
        : null,
  };
};

const isAgent = (item: Schemas['ThreadItem']): boolean => actor(item.createdBy)?.startsWith('A-') ?? false;

/**
 * When the thread was closed, ISO times, oldest first. An agent who opened it again has taken the closing back; a
 * customer's message, for which HubSpot opens it, has not.
 */
export const closingsIn = (items: readonly Schemas['ThreadItem'][]): string[] => {
  const closings: string[] = [];
  const changes = items.flatMap((item) => (item.type === 'THREAD_STATUS_CHANGE' ? [item] : []));
  for (const change of changes.sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))) {
    if (change.newStatus === 'CLOSED') closings.push(change.createdAt);
    else if (isAgent(change)) closings.pop();
  }
  return closings;
};

export const toThread = (raw: Schemas['Thread'], portalId: PortalId): Thread => ({
  id: String(raw.id) as ThreadId,
  portalId,
  status: raw.status,
  spam: raw.spam,
  archived: raw.archived,
  assignedTo: actor(raw.assignedTo),
  contactId: text(raw.associatedContactId),
  ticketId: text(raw.threadAssociations?.associatedTicketId) as TicketId | null,
});

export const toListedThread = (raw: Schemas['Thread'], portalId: PortalId): ListedThread => ({
  ...toThread(raw, portalId),
  latestMessageAt: raw.latestMessageTimestamp ?? raw.createdAt,
  latestReceivedAt: raw.latestMessageReceivedTimestamp ?? null,
  latestSentAt: raw.latestMessageSentTimestamp ?? null,
});

/** Oldest first; two of one millisecond by id. HubSpot promises no order. */
export const byTime = (a: Message, b: Message): number =>
  Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const recipient = ({ actorId, name, field, address }: Party): Schemas['NewMessage']['recipients'][number] => ({
  ...(actorId === null ? {} : { actorId }),
  ...(name === null ? {} : { name }),
  ...(field === null ? {} : { recipientField: field }),
  deliveryIdentifiers: address === null ? [] : [address as Schemas['DeliveryIdentifier']],
});

/**
 * Makes what HubSpot takes of a post: both lists always present, absent fields left out, a recipient's addresses in the
 * plural.
 */
export const toNewItem = ({ text: words, richText, to }: Outgoing): Schemas['NewThreadItem'] => {
  if (to === null) return { type: 'COMMENT', text: words, richText, attachments: [] };
  return {
    type: 'MESSAGE',
    text: words,
    richText,
    senderActorId: to.senderActorId,
    channelId: to.channelId,
    channelAccountId: to.channelAccountId,
    recipients: [to.recipient, ...(to.cc ?? [])].map(recipient),
    ...(to.subject === null ? {} : { subject: to.subject }),
    attachments: [],
  };
};
