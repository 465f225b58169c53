import { randomUUID } from 'node:crypto';
import type { components } from '../../src/hubspot/openapi.ts';
import { type ChannelKind, channelAccountIdOf, channelIdOf, INBOX_ID, SUPPORT_ADDRESS } from './channels.ts';
import { newMessageEvent, threadDeletionEvent, threadPropertyEvent, type WebhookEvent } from './webhooks/events.ts';
import {
  isoTime,
  meetActor,
  type ThreadItem,
  type ThreadRecord,
  threadRecord,
  ticketRecord,
  type World,
} from './world.ts';

type Schemas = components['schemas'];
type Message = Schemas['Message'];

/** What happened, for whoever made it happen, and the events that HubSpot sends because of it. */
export interface Happened {
  threadId: string;
  events: WebhookEvent[];
}

/** Something was written. */
export interface Written extends Happened {
  item: ThreadItem;
}

/** A message from the customer. Only `text` is needed, and `channel` for the first one of a thread. */
export interface CustomerMessage {
  text: string;
  /** An existing thread; without it a new one begins. */
  threadId?: string;
  /** `chat` by default; of an existing thread its own. */
  channel?: ChannelKind;
  richText?: string;
  /** Email only; for a new thread there is a default. */
  subject?: string;
  name?: string;
  email?: string;
  /** The sender's actor id, such as `E-someone@example.com`; a visitor (`V-…`) by default. */
  actorId?: string;
  /** Owner of the new thread; the simulator's `defaultOwner` by default, `null` for nobody. */
  assignedTo?: string | null;
  /** What the message shows instead of `text`, which only the original content has then. */
  truncatedTo?: string;
  attachments?: Schemas['Attachment'][];
  /** Instead of what follows from channel, actor, name and email: a forwarded email has several senders. */
  senders?: Schemas['Sender'][];
  /** The channel account that it came to, and a new thread belongs to; by default the channel's own. */
  channelAccountId?: string;
  /** An email goes to these, instead of the support mailbox alone. */
  recipients?: Schemas['Recipient'][];
  /** HubSpot sometimes says OUTGOING of a customer's message. INCOMING by default. */
  direction?: Message['direction'];
  /** The new thread belongs to this ticket. */
  ticketId?: string;
  /** The new thread is this contact's; by default a visitor's who is no contact yet. */
  contactId?: string;
  /** How long ago it was written, in ms; just now by default. */
  agoMs?: number;
}

/** Words of an agent, a bot, or another machine. */
export interface AgentMessage {
  text: string;
  /** `A-…` an agent, `B-…` a bot, `L-…` HubSpot's own AI, `I-…` another app. */
  actorId: string;
  richText?: string;
  /** HubSpot is known to say INCOMING of agents' mails. OUTGOING by default. */
  direction?: Message['direction'];
  /** The app that wrote it through the API, if one did. */
  integrationAppId?: number;
  /** Instead of what follows from that: agents write in HubSpot's own client. */
  client?: Schemas['Client'];
}

const itemBase = (world: World, threadId: string, createdBy: string, client: Schemas['Client']) => ({
  id: world.ids.message(),
  conversationsThreadId: threadId,
  createdAt: isoTime(world.now()),
  createdBy,
  client,
  recipients: [] as Schemas['Recipient'][],
  archived: false,
});

const fromHubSpot: Schemas['Client'] = { clientType: 'HUBSPOT' };

const fromApp = (integrationAppId: number): Schemas['Client'] => ({ clientType: 'INTEGRATION', integrationAppId });

const clientOf = ({ client, integrationAppId }: Pick<AgentMessage, 'client' | 'integrationAppId'>): Schemas['Client'] =>
  client ?? (integrationAppId === undefined ? fromHubSpot : fromApp(integrationAppId));

/** How things look that our app wrote through the API. */
export const fromOurApp = (world: World): Schemas['Client'] => fromApp(Number(world.appId));

const senderOf = (world: World, actorId: string): Schemas['Sender'] => {
  meetActor(world, actorId);
  const name = world.actors.get(actorId)?.name;
  return { actorId, ...(name !== undefined && { name }) };
};

/** Puts an item on its thread, and says so where HubSpot does: of everything that has words. */
const append = (world: World, record: ThreadRecord, item: ThreadItem): Written => {
  record.items.push(item);
  const { thread } = record;
  if (item.type === 'MESSAGE') {
    thread.latestMessageTimestamp = item.createdAt;
    if (item.direction === 'INCOMING') thread.latestMessageReceivedTimestamp = item.createdAt;
    else thread.latestMessageSentTimestamp = item.createdAt;
  }
  world.changed({ kind: 'thread', threadId: thread.id });
  const hasWords = item.type === 'MESSAGE' || item.type === 'COMMENT' || item.type === 'WELCOME_MESSAGE';
  return { threadId: thread.id, item, events: hasWords ? [newMessageEvent(world, item)] : [] };
};

const begin = (world: World, message: CustomerMessage, channel: ChannelKind, owner: string | null): ThreadRecord => {
  const createdAt = isoTime(world.now());
  const record: ThreadRecord = {
    thread: {
      id: world.ids.thread(),
      status: 'OPEN',
      inboxId: INBOX_ID,
      associatedContactId: message.contactId ?? world.ids.visitor(),
      originalChannelId: channelIdOf(channel),
      originalChannelAccountId: message.channelAccountId ?? channelAccountIdOf(channel),
      spam: false,
      archived: false,
      createdAt,
      ...(owner !== null && { assignedTo: owner }),
    },
    ticketId: message.ticketId ?? null,
    items: [],
    originals: new Map(),
  };
  if (owner !== null) meetActor(world, owner);
  world.threads.set(record.thread.id, record);
  return record;
};

const CHANNELS_WITH_ADDRESSES: ChannelKind[] = ['email', 'forms'];

const customerAddress = (record: ThreadRecord, channel: ChannelKind, email: string): Schemas['DeliveryIdentifier'] => {
  if (CHANNELS_WITH_ADDRESSES.includes(channel)) return { type: 'HS_EMAIL_ADDRESS', value: email };
  if (channel === 'whatsapp' || channel === 'sms') return { type: 'HS_PHONE_NUMBER', value: '+15550100' };
  return { type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value: `visitor-${record.thread.associatedContactId}` };
};

const channelOf = (record: ThreadRecord): ChannelKind => {
  const kinds: ChannelKind[] = ['chat', 'messenger', 'email', 'forms', 'whatsapp', 'sms', 'instagram', 'custom'];
  return kinds.find((kind) => channelIdOf(kind) === record.thread.originalChannelId) ?? 'chat';
};

const previousSubject = (record: ThreadRecord): string | undefined =>
  record.items.findLast((item): item is Message => item.type === 'MESSAGE' && item.subject !== undefined)?.subject;

/** The customer writes, on a thread or on a new one, which a closed thread answers by opening again. */
export const customerWrites = (world: World, message: CustomerMessage, defaultOwner: string | null): Written => {
  const owner = message.assignedTo === undefined ? defaultOwner : message.assignedTo;
  const record = message.threadId
    ? threadRecord(world, message.threadId)
    : begin(world, message, message.channel ?? 'chat', owner);
  const { thread } = record;
  const channel = message.channel ?? channelOf(record);
  const reopened = thread.status === 'CLOSED' ? setStatus(world, thread.id, 'OPEN', 'S-hubspot').events : [];

  const actorId = message.actorId ?? `V-${thread.associatedContactId}`;
  const isEmail = channel === 'email';
  const email =
    message.email ?? world.actors.get(actorId)?.email ?? `customer-${thread.associatedContactId}@example.com`;
  meetActor(world, actorId, {
    ...(message.name !== undefined && { name: message.name }),
    ...(CHANNELS_WITH_ADDRESSES.includes(channel) && { email }),
  });
  const subject = message.subject ?? previousSubject(record) ?? 'A question';
  const item: Message = {
    ...itemBase(world, thread.id, actorId, fromHubSpot),
    createdAt: isoTime(world.now() - (message.agoMs ?? 0)),
    // Incoming mail has ids of another look than everything else on the same thread.
    ...(isEmail && {
      id: randomUUID(),
      subject,
      recipients: message.recipients ?? [
        { recipientField: 'TO', deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS' as const, value: SUPPORT_ADDRESS } },
      ],
    }),
    type: 'MESSAGE',
    senders: message.senders ?? [
      {
        ...senderOf(world, actorId),
        ...(isEmail && { senderField: 'FROM' }),
        deliveryIdentifier: customerAddress(record, channel, email),
      },
    ],
    text: message.truncatedTo ?? message.text,
    ...(message.richText !== undefined && { richText: message.richText }),
    attachments: message.attachments ?? [],
    channelId: channelIdOf(channel),
    channelAccountId:
      message.channelAccountId ??
      (channel === channelOf(record) ? thread.originalChannelAccountId : channelAccountIdOf(channel)),
    direction: message.direction ?? 'INCOMING',
    truncationStatus: message.truncatedTo === undefined ? 'NOT_TRUNCATED' : 'TRUNCATED_TO_MOST_RECENT_REPLY',
    status: { statusType: 'RECEIVED' },
  };
  if (message.truncatedTo !== undefined) {
    record.originals.set(item.id, {
      text: message.text,
      ...(message.richText !== undefined && { richText: message.richText }),
    });
  }
  const written = append(world, record, item);
  return { ...written, events: [...reopened, ...written.events] };
};

const outgoing = (
  world: World,
  record: ThreadRecord,
  { text, actorId, richText, direction, ...written }: AgentMessage,
): Message => {
  const { originalChannelId: channelId, originalChannelAccountId: channelAccountId } = record.thread;
  return {
    ...itemBase(world, record.thread.id, actorId, clientOf(written)),
    type: 'MESSAGE',
    senders: [senderOf(world, actorId)],
    text,
    ...(richText !== undefined && { richText }),
    attachments: [],
    channelId,
    channelAccountId,
    direction: direction ?? 'OUTGOING',
    truncationStatus: 'NOT_TRUNCATED',
    status: { statusType: 'SENT' },
  };
};

/** An agent, or another machine, answers the customer in HubSpot. */
export const agentWrites = (world: World, threadId: string, message: AgentMessage): Written => {
  const record = threadRecord(world, threadId);
  return append(world, record, outgoing(world, record, message));
};

const comment = (
  world: World,
  threadId: string,
  { text, richText, actorId }: Pick<AgentMessage, 'text' | 'richText' | 'actorId'>,
  client: Schemas['Client'],
): ThreadItem => ({
  ...itemBase(world, threadId, actorId, client),
  type: 'COMMENT',
  senders: [senderOf(world, actorId)],
  text,
  richText: richText ?? text,
  attachments: [],
});

/** An agent, or another app, leaves an internal comment in HubSpot. */
export const agentComments = (world: World, threadId: string, message: AgentMessage): Written =>
  append(world, threadRecord(world, threadId), comment(world, threadId, message, clientOf(message)));

/** The chat flow greets the visitor. */
export const botWelcomes = (world: World, threadId: string, text: string): Written => {
  const record = threadRecord(world, threadId);
  const { originalChannelId: channelId, originalChannelAccountId: channelAccountId } = record.thread;
  return append(world, record, {
    ...itemBase(world, threadId, 'S-hubspot', fromHubSpot),
    type: 'WELCOME_MESSAGE',
    senders: [senderOf(world, 'S-hubspot')],
    text,
    richText: text,
    channelId,
    channelAccountId,
  });
};

const withoutComments = (world: World, richText: string): string =>
  world.behaviour.stripHtmlComments ? richText.replace(/<!--[\s\S]*?-->/g, '') : richText;

/** HubSpot answers a POST with SENT, and learns later that it was not. */
const DELIVERY_MS = 50;

const fail = (world: World, item: Message, errorMessage: string): void => {
  item.status = { statusType: 'FAILED', failureDetails: { errorMessage, errorMessageTokens: {} } };
  world.changed({ kind: 'thread', threadId: item.conversationsThreadId });
};

/**
 * Our app posts through the API. HubSpot keeps the agent as a message's sender, but makes the app itself the author of
 * a comment, whoever the request names.
 */
export const appPosts = (world: World, threadId: string, post: Schemas['NewThreadItem']): Written => {
  const record = threadRecord(world, threadId);
  const richText = post.richText === undefined ? {} : { richText: withoutComments(world, post.richText) };
  if (post.type === 'COMMENT') {
    const author = { text: post.text, ...richText, actorId: `I-${world.appId}` };
    return append(world, record, comment(world, threadId, author, fromOurApp(world)));
  }
  const limit = world.behaviour.truncateOutgoingTo;
  const isCut = limit !== null && post.text.length > limit;
  const item: Message = {
    ...outgoing(world, record, { text: post.text, ...richText, actorId: post.senderActorId }),
    ...(isCut && { text: post.text.slice(0, limit), truncationStatus: 'TRUNCATED_TO_MOST_RECENT_REPLY' as const }),
    client: fromOurApp(world),
    channelId: post.channelId,
    channelAccountId: post.channelAccountId,
    ...(post.subject !== undefined && { subject: post.subject }),
    recipients: post.recipients.flatMap(({ deliveryIdentifiers, ...recipient }) =>
      deliveryIdentifiers.map((deliveryIdentifier) => ({ ...recipient, deliveryIdentifier })),
    ),
  };
  if (isCut) record.originals.set(item.id, { text: post.text, ...richText });
  const { undeliverable } = world.behaviour;
  if (undeliverable !== null) setTimeout(() => fail(world, item, undeliverable), DELIVERY_MS).unref();
  return append(world, record, item);
};

/** The thread gets an owner, or loses it with `null`. */
export const assign = (
  world: World,
  threadId: string,
  actorId: string | null,
  client: Schemas['Client'] = fromHubSpot,
): Happened => {
  const record = threadRecord(world, threadId);
  const before = record.thread.assignedTo;
  if (actorId !== null) meetActor(world, actorId);
  if (actorId === null) delete record.thread.assignedTo;
  else record.thread.assignedTo = actorId;
  append(world, record, {
    ...itemBase(world, threadId, client.clientType === 'INTEGRATION' ? `I-${world.appId}` : 'S-hubspot', client),
    type: 'ASSIGNMENT',
    senders: [],
    ...(before !== undefined && { assignedFrom: before }),
    ...(actorId !== null && { assignedTo: actorId }),
  });
  const value = world.behaviour.bareActorIds ? (actorId ?? '').replace(/^A-/, '') : (actorId ?? '');
  return { threadId, events: [threadPropertyEvent(world, threadId, 'assignedTo', value)] };
};

/** The thread is opened or closed. */
export const setStatus = (
  world: World,
  threadId: string,
  status: Schemas['ThreadStatus'],
  actorId = 'S-hubspot',
): Happened => {
  const record = threadRecord(world, threadId);
  record.thread.status = status;
  if (status === 'CLOSED') record.thread.closedAt = isoTime(world.now());
  else delete record.thread.closedAt;
  append(world, record, {
    ...itemBase(world, threadId, actorId, fromHubSpot),
    type: 'THREAD_STATUS_CHANGE',
    senders: [],
    newStatus: status,
  });
  return { threadId, events: [threadPropertyEvent(world, threadId, 'status', status)] };
};

/** The thread goes to the archive, or comes back. HubSpot announces the first as a deletion. */
export const setArchived = (world: World, threadId: string, archived: boolean): Happened => {
  threadRecord(world, threadId).thread.archived = archived;
  world.changed({ kind: 'thread', threadId });
  const event = archived
    ? threadDeletionEvent(world, threadId)
    : threadPropertyEvent(world, threadId, 'isArchived', 'FALSE');
  return { threadId, events: [event] };
};

/** HubSpot, or an agent, takes the thread for spam. No event announces it. */
export const markSpam = (world: World, threadId: string): void => {
  threadRecord(world, threadId).thread.spam = true;
  world.changed({ kind: 'thread', threadId });
};

/** The thread is associated with a ticket. No event that we know of announces it. */
export const linkTicket = (world: World, threadId: string, ticketId: string): void => {
  threadRecord(world, threadId).ticketId = ticketId;
  world.changed({ kind: 'thread', threadId });
};

/** The contact is associated with a ticket. */
export const linkContact = (world: World, contactId: string, ticketId: string): void => {
  ticketRecord(world, ticketId).contactIds.add(contactId);
  world.changed({ kind: 'ticket', ticketId });
};
