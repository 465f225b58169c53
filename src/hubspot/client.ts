import { cached } from '../lib/cached.ts';
import { authorAddress, mailAddress } from './author.ts';
import type {
  ChannelAccount,
  Conversation,
  ListedThread,
  LocatedAttachment,
  Message,
  Outgoing,
} from './conversation.ts';
import { download } from './download.ts';
import { HubSpotNotFound, HubSpotRefused, HubSpotUnauthorized, nullIfNotFound } from './errors.ts';
import { createHubSpotHttp, type HubSpotHttpOptions } from './http.ts';
import {
  type ActorId,
  type ContactId,
  type MessageId,
  type PortalId,
  type ThreadId,
  type TicketId,
  toActorId,
} from './ids.ts';
import { mailRoute } from './mail-route.ts';
import type { components } from './openapi.ts';
import { type OwnPeople, ownDomains } from './own-people.ts';
import {
  byTime,
  clip,
  closingsIn,
  toAttachment,
  toListedThread,
  toMessage,
  toNewItem,
  toThread,
  wordsOf,
} from './to-conversation.ts';

type Schemas = components['schemas'];

const PAGE = 100;
const THREADS_PAGE = 500;
/**
 * 10,000 messages. A thread beyond it is refused rather than read in part: the newest messages might be the missing
 * ones.
 */
const MAX_PAGES = 100;
/** A portal hardly ever gets a new mailbox. */
const OWN_ADDRESSES_MS = 10 * 60_000;
/** Nor a new user. */
const USERS_MS = 60 * 60_000;
/** HubSpot gives no more owners at once. */
const OWNERS_PAGE = 500;

const THREADS = '/conversations/v3/conversations/threads';
const THREAD = `${THREADS}/{threadId}` as const;
const MESSAGES = `${THREAD}/messages` as const;
const MESSAGE = `${MESSAGES}/{messageId}` as const;
const CHANNEL_ACCOUNTS = '/conversations/v3/conversations/channel-accounts';
const CONTACT = '/crm/v3/objects/contacts/{contactId}';
const TICKET = '/crm/v3/objects/tickets/{ticketId}';
const OWNERS = '/crm/v3/owners';
const LIST = ['results'] as const;
const ASSIGNEE = '/conversations/conversations/v3/threads/{threadId}/assignee';

/** A message's whole text, and what HubSpot made of it. */
export interface OriginalText {
  /** Without words of its own: `null`. */
  message: Message | null;
  whole: string;
  shown: string;
  truncation: Schemas['Message']['truncationStatus'];
}

/** How far back a thread is read at least: so many of its newest messages, and whatever is not older than a moment. */
export interface Reach {
  messages: number;
  /** ISO time, by HubSpot's clock. */
  since?: string;
}

/**
 * HubSpot's API as this product uses it, for one portal, in our own words. Every method is one or more calls of
 * {@link createHubSpotHttp} and throws its errors.
 */
export interface HubSpotClient {
  /**
   * `null`: an item without words. Text up to `textLength` characters. It says of an email where it came to. @throws
   * {HubSpotNotFound}
   */
  message(threadId: ThreadId, messageId: MessageId, textLength: number): Promise<Message | null>;
  /**
   * The messages of the thread, oldest first: every one, or the newest as far as `reach` says. @throws
   * {HubSpotNotFound}
   */
  messages(threadId: ThreadId, textLength: number, reach?: Reach): Promise<Message[]>;
  /** The thread and the messages of it, as {@link HubSpotClient.messages} gives them. @throws {HubSpotNotFound} */
  conversation(threadId: ThreadId, textLength: number, reach?: Reach): Promise<Conversation>;
  /** The whole text of a message, also where HubSpot truncated it; up to `textLength` characters. */
  fullText(threadId: ThreadId, messageId: MessageId, textLength: number): Promise<string>;
  /** The same, beside what HubSpot shows of it. */
  original(threadId: ThreadId, messageId: MessageId, textLength: number): Promise<OriginalText>;
  /** Lists what came with a message, and where it can be had. @throws {HubSpotNotFound} */
  attachments(threadId: ThreadId, messageId: MessageId): Promise<LocatedAttachment[]>;
  /** The bytes of an attachment. @throws {FileTooLarge | FileUnavailable} or the signal's reason; see `download` */
  download(url: string, mostBytes: number, signal: AbortSignal): Promise<Buffer>;
  /** Sends a message or leaves a comment; gives its id. @throws {DeliveryUnknown} */
  post(threadId: ThreadId, outgoing: Outgoing): Promise<MessageId>;
  /**
   * Gives a thread to another owner, or to nobody (`null`), where one of `from` owns it; else it is `owned`.
   * `unavailable`: this portal offers no assignment. HubSpot can't assign on a condition, so a moment remains in which
   * an agent's own assignment is overwritten.
   */
  assignThread(
    threadId: ThreadId,
    from: readonly (ActorId | null)[],
    to: ActorId | null,
  ): Promise<'assigned' | 'owned' | 'unavailable'>;
  /** Closes a thread; one that is closed stays so. @throws {HubSpotNotFound} */
  closeThread(threadId: ThreadId): Promise<void>;
  /**
   * These properties of a contact, by name, those with a value only. `null`: there is no such contact, such as for a
   * visitor who is none yet.
   */
  contactProperties(contactId: string, names: readonly string[]): Promise<Record<string, string> | null>;
  /** Reads properties of a ticket as `contactProperties` does. */
  ticketProperties(ticketId: TicketId, names: readonly string[]): Promise<Record<string, string> | null>;
  ticketThreads(ticketId: TicketId): Promise<ThreadId[]>;
  /** The threads of a ticket or a contact, but for archived ones. */
  threadsOf(record: { ticketId: TicketId } | { contactId: ContactId }): Promise<ListedThread[]>;
  /** Every thread with a message after this moment (ISO time), but for archived ones. */
  threadsWithMessagesAfter(after: string): Promise<ListedThread[]>;
  /**
   * The mail addresses of the portal's channel accounts, in lower case, as of the last ten minutes. None where HubSpot
   * refuses the list.
   */
  ownAddresses(): Promise<ReadonlySet<string>>;
  /**
   * Whom the portal knows for its own people: by its mailboxes, as of the last ten minutes, and its users, as of the
   * last hour. None of those that HubSpot refuses to list.
   */
  ownPeople(): Promise<OwnPeople>;
  /** The portal's mailboxes, chat flows and numbers, but for archived ones. */
  channelAccounts(): Promise<ChannelAccount[]>;
  account(): Promise<Schemas['AccountDetails']>;
  actor(actorId: ActorId): Promise<Schemas['Actor']>;
  /** Reads one thread, if there is any, as the product reads threads. @throws {HubSpotUnauthorized} */
  tryReading(): Promise<void>;
  /**
   * Asks for a change of nothing on a thread that can't be: only the right to write is tried. @throws
   * {HubSpotUnauthorized}
   */
  tryWriting(): Promise<void>;
}

/**
 * Pages may be short or empty and yet have a successor: only a missing cursor ends a list, or what is read being
 * `enough`.
 * `isWhole`: nothing follows.
 */
const pagesUntil = async <Item>(
  read: (after: string | undefined) => Promise<{ results: Item[]; paging?: Schemas['Paging'] }>,
  enough: (items: Item[]) => boolean,
): Promise<{ items: Item[]; isWhole: boolean }> => {
  const items: Item[] = [];
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { results, paging } = await read(after);
    items.push(...results);
    after = paging?.next?.after;
    if (after === undefined) return { items, isWhole: true };
    if (enough(items)) return { items, isWhole: false };
  }
  throw new HubSpotRefused(`HubSpot's list goes on after ${MAX_PAGES} pages`, 200);
};

const everyPage = async <Item>(
  read: (after: string | undefined) => Promise<{ results: Item[]; paging?: Schemas['Paging'] }>,
): Promise<Item[]> => (await pagesUntil(read, () => false)).items;

/** Without such a list, a wrong author is one guard less; without answers, there is no product. */
const emptyIfRefused = async <Item>(read: Promise<Item[]>): Promise<Item[]> => {
  try {
    return await read;
  } catch (error) {
    const refused = error instanceof HubSpotNotFound || error instanceof HubSpotRefused;
    if (refused || (error instanceof HubSpotUnauthorized && error.status === 403)) return [];
    throw error;
  }
};

/** HubSpot takes a list's order, and no page of its says by what name: where this one is no name to it, all is read. */
const NEWEST_FIRST = ['-createdAt'];

/**
 * Says whether these items of a list, as they came, are its newest, and reach far enough. An order that HubSpot does
 * not keep shows in the times: then there is never enough.
 */
const reaches = (items: readonly Schemas['ThreadItem'][], { messages, since }: Reach): boolean => {
  const times = items.map(({ createdAt }) => Date.parse(createdAt));
  const [newest = 0] = times;
  const oldest = times.at(-1) ?? newest;
  const isNewestFirst = oldest < newest && times.every((time, index) => time <= (times[index - 1] ?? time));
  const isFar = since === undefined || oldest < Date.parse(since);
  return isNewestFirst && isFar && items.filter((item) => 'text' in item).length >= messages;
};

/**
 * Keeps of the properties asked for those that have a value: HubSpot leaves out, or gives as `null` or empty, what has
 * none.
 */
const withValues = (properties: Record<string, string | null>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = Object.hasOwn(properties, name) ? properties[name] : null;
      return value ? [[name, value]] : [];
    }),
  );

/**
 * The message without its sender where that is a mailbox of the portal's own that only passes a mail on: its author is
 * who wrote to it.
 */
const withoutRelay = (message: Message, own: ReadonlySet<string>): Message => {
  const original = message.senders.find(({ field }) => field === 'ORIGINAL_FROM');
  if (!original || own.has(mailAddress(original.address) ?? '')) return message;
  return own.has(incomingFrom(message) ?? '') ? { ...message, senders: [original] } : message;
};

/** The address that a message came in from by email, or `null`. */
const incomingFrom = (message: Message): string | null =>
  message.direction === 'incoming' ? authorAddress(message) : null;

export const createHubSpotClient = (options: HubSpotHttpOptions & { portalId: PortalId }): HubSpotClient => {
  const { call } = createHubSpotHttp(options);
  const listedAccounts = () =>
    everyPage((after) => call('get', CHANNEL_ACCOUNTS, { query: after ? { after } : {}, needs: LIST }));

  /** The mail addresses of the portal's channel accounts, by the accounts' ids. */
  const mailAccounts = cached(async (): Promise<ReadonlyMap<string, string>> => {
    const accounts = await emptyIfRefused(listedAccounts());
    return new Map(
      accounts.flatMap(({ id, deliveryIdentifier }): [string, string][] => {
        const address = mailAddress(deliveryIdentifier);
        return address === null ? [] : [[String(id), address]];
      }),
    );
  }, OWN_ADDRESSES_MS);
  /** The mail addresses of the portal's users: each is an owner. */
  const userAddresses = cached(async (): Promise<string[]> => {
    const owners = await emptyIfRefused(
      everyPage((after) =>
        call('get', OWNERS, { query: { limit: OWNERS_PAGE, ...(after ? { after } : {}) }, needs: LIST }),
      ),
    );
    return owners.flatMap(({ email }) => (email ? [email.trim().toLowerCase()] : []));
  }, USERS_MS);
  const ownAddresses = async (): Promise<ReadonlySet<string>> => new Set((await mailAccounts()).values());

  const markOwn = async (messages: Message[]): Promise<Message[]> => {
    if (!messages.some((message) => incomingFrom(message) !== null)) return messages;
    const own = await ownAddresses();
    return messages
      .map((message) => withoutRelay(message, own))
      .map((message) => ({ ...message, fromOwnAddress: own.has(incomingFrom(message) ?? '') }));
  };

  /** HubSpot has refused the order, and nothing else of the same call. */
  let isOrderRefused = false;
  const listedItems = async (threadId: ThreadId, reach: Reach | null) => {
    const read = (sort: { sort?: string[] }) =>
      pagesUntil(
        (after) => {
          const query = { limit: PAGE, ...sort, ...(after ? { after } : {}) };
          return call('get', MESSAGES, { path: { threadId }, query, needs: LIST });
        },
        (items) => reach !== null && reaches(items, reach),
      );
    if (reach === null || isOrderRefused) return await read({});
    try {
      return await read({ sort: NEWEST_FIRST });
    } catch (error) {
      if (!(error instanceof HubSpotRefused && error.status === 400)) throw error;
      const inAnyOrder = await read({});
      isOrderRefused = true;
      return inAnyOrder;
    }
  };

  const listed = async (threadId: ThreadId, textLength: number, reach: Reach | null) => {
    const { items, isWhole } = await listedItems(threadId, reach);
    // What comes while pages are read shifts them: an item may stand on two.
    const once = new Map(items.map((item) => [item.id, item]));
    const messages = [...once.values()].flatMap((item) => toMessage(item, textLength) ?? []).sort(byTime);
    return { messages: await markOwn(messages), closings: closingsIn([...once.values()]), isWhole };
  };

  const threadsOf = (query: { associatedTicketId: TicketId } | { associatedContactId: ContactId }) =>
    everyPage((after) =>
      call('get', THREADS, { query: { ...query, association: ['TICKET'], ...(after ? { after } : {}) }, needs: LIST }),
    );

  const rawMessage = (threadId: ThreadId, messageId: MessageId) =>
    call('get', MESSAGE, { path: { threadId, messageId }, needs: ['id', 'type'] });

  const original = async (threadId: ThreadId, messageId: MessageId, textLength: number): Promise<OriginalText> => {
    const item = await rawMessage(threadId, messageId);
    const message = toMessage(item, textLength);
    const shown = message?.text ?? '';
    if (item.type !== 'MESSAGE' || item.truncationStatus === 'NOT_TRUNCATED')
      return { message, whole: shown, shown, truncation: 'NOT_TRUNCATED' };
    const { truncationStatus: truncation } = item;
    try {
      const found = await call('get', `${MESSAGE}/original-content`, { path: { threadId, messageId } });
      return { message, whole: clip(wordsOf(found, item), textLength), shown, truncation };
    } catch (error) {
      // A part of the message is better than no answer.
      if (error instanceof HubSpotNotFound) return { message, whole: shown, shown, truncation };
      throw error;
    }
  };

  return {
    async message(threadId, messageId, textLength) {
      const item = await rawMessage(threadId, messageId);
      const message = toMessage(item, textLength);
      if (message === null || incomingFrom(message) === null) return message;
      const [marked = message] = await markOwn([message]);
      return { ...marked, mail: mailRoute(message, item.recipients ?? [], await mailAccounts()) };
    },

    async messages(threadId, textLength, reach) {
      return (await listed(threadId, textLength, reach ?? null)).messages;
    },

    async conversation(threadId, textLength, reach) {
      const path = { threadId };
      const read = (archived: boolean) =>
        Promise.all([
          call('get', THREAD, {
            path,
            query: { association: ['TICKET'], ...(archived ? { archived } : {}) },
            needs: ['id'],
          }),
          listed(threadId, textLength, reach ?? null),
        ]);
      const [thread, { messages, closings, isWhole }] = await read(false).catch((error) => {
        // HubSpot shows an archived thread only to those who ask for archived ones.
        if (error instanceof HubSpotNotFound) return read(true);
        throw error;
      });
      return {
        thread: toThread(thread, options.portalId),
        messages,
        closings,
        ...(isWhole ? {} : { isPartial: true }),
      };
    },

    async fullText(threadId, messageId, textLength) {
      return (await original(threadId, messageId, textLength)).whole;
    },

    original,

    async attachments(threadId, messageId) {
      const item = await rawMessage(threadId, messageId);
      const attachments = 'attachments' in item ? (item.attachments ?? []) : [];
      return attachments.map((raw) => ({
        ...toAttachment(raw),
        url: raw.type === 'FILE' ? (raw.url ?? null) : null,
      }));
    },

    download: (url, mostBytes, signal) =>
      download(url, { mostBytes, signal, trustedOrigin: new URL(options.apiUrl).origin }),

    async post(threadId, outgoing) {
      const { id } = await call('post', MESSAGES, { path: { threadId }, body: toNewItem(outgoing), needs: ['id'] });
      return id as MessageId;
    },

    async assignThread(threadId, from, to) {
      const { assignedTo } = await call('get', THREAD, { path: { threadId }, needs: ['id'] });
      const owner = assignedTo ? toActorId(assignedTo) : null;
      if (owner === to) return 'assigned';
      if (!from.includes(owner)) return 'owned';
      try {
        if (to === null) await call('delete', ASSIGNEE, { path: { threadId } });
        else await call('put', ASSIGNEE, { path: { threadId }, body: { actorId: to } });
        return 'assigned';
      } catch (error) {
        // HubSpot's pages disagree on this call; where it doesn't exist, the thread stays as it is.
        if (error instanceof HubSpotNotFound || (error instanceof HubSpotRefused && error.status === 405))
          return 'unavailable';
        throw error;
      }
    },

    async closeThread(threadId) {
      await call('patch', THREAD, { path: { threadId }, body: { status: 'CLOSED' } });
    },

    async contactProperties(contactId, names) {
      const properties = [...names];
      const found = await nullIfNotFound(
        call('get', CONTACT, { path: { contactId }, query: { properties }, needs: ['properties'] }),
      );
      return found && withValues(found.properties, names);
    },

    async ticketProperties(ticketId, names) {
      const properties = [...names];
      const found = await nullIfNotFound(
        call('get', TICKET, { path: { ticketId }, query: { properties }, needs: ['properties'] }),
      );
      return found && withValues(found.properties, names);
    },

    async ticketThreads(ticketId) {
      return (await threadsOf({ associatedTicketId: ticketId })).map(({ id }) => String(id) as ThreadId);
    },

    async threadsOf(record) {
      const query =
        'ticketId' in record ? { associatedTicketId: record.ticketId } : { associatedContactId: record.contactId };
      return (await threadsOf(query)).map((thread) => toListedThread(thread, options.portalId));
    },

    async threadsWithMessagesAfter(after) {
      const query = { latestMessageTimestampAfter: after, sort: ['latestMessageTimestamp'], limit: THREADS_PAGE };
      const threads = await everyPage((cursor) =>
        call('get', THREADS, { query: { ...query, ...(cursor ? { after: cursor } : {}) }, needs: LIST }),
      );
      return threads.map((thread) => toListedThread(thread, options.portalId));
    },

    ownAddresses,
    async ownPeople() {
      const [mailboxes, users] = await Promise.all([ownAddresses(), userAddresses()]);
      return { domains: ownDomains(mailboxes), users };
    },
    async channelAccounts() {
      const accounts = await listedAccounts();
      return accounts.map(({ id, name, active, authorized }) => ({ id: String(id), name, active, authorized }));
    },
    account: () => call('get', '/account-info/v3/details'),
    actor: (actorId) => call('get', '/conversations/v3/conversations/actors/{actorId}', { path: { actorId } }),

    async tryReading() {
      await call('get', THREADS, { query: { limit: 1, association: ['TICKET'] } });
    },

    async tryWriting() {
      try {
        await call('patch', THREAD, { path: { threadId: '0' }, body: {} });
      } catch (error) {
        // HubSpot refuses who may not write before it looks for the thread.
        if (!(error instanceof HubSpotNotFound || error instanceof HubSpotRefused)) throw error;
      }
    },
  };
};
