import type { HubSpotClient } from '../hubspot/client.ts';
import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { CrmClient, TicketProperties } from '../hubspot/crm.ts';
import { HubSpotUnauthorized } from '../hubspot/errors.ts';
import type { ActorId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import { LONGEST_PROPERTY_VALUE } from '../hubspot/property-value.ts';
import { ticketUrl } from '../rules/handoff/handoff-comment.ts';
import type { HandoffReason } from '../rules/handoff/handoff-reason.ts';
import type { HandoffSettings } from '../rules/handoff/handoff-settings.ts';
import { isSubjectOf, ticketContent, ticketSubject } from '../rules/handoff/ticket-content.ts';
import { threadUrl, USUAL_DOMAIN } from '../rules/thread-url.ts';
import type { UncertainPost } from './lost-post.ts';
import { type HubSpotPortal, readNewest, senderRulesOf } from './reading.ts';
import { isRefusal } from './refusals.ts';
import {
  ownerProperty,
  readTicket,
  reopening,
  setOwner,
  type ThreadTicket,
  withOwnerIfTaken,
} from './thread-ticket.ts';
import { ticketPlace } from './ticket-place.ts';

/** A ticket is made of these, beside what is on the thread. */
export interface TicketInput {
  portalId: PortalId;
  threadId: ThreadId;
  contactId: string | null;
  why: HandoffReason;
  settings: Pick<HandoffSettings, 'pipeline' | 'stage' | 'keyProperty' | 'closedTicket'>;
  /**
   * This actor has the thread from now on, and so the ticket; `null`: nobody. Absent only from what an earlier version
   * has asked.
   */
  owner?: ActorId | null;
  /** Taken where the thread has no ticket, as long as it is open. */
  joins?: TicketId;
  /** An earlier activity has given up on this ticket, and nobody knows whether it was made. */
  mayBeLost?: boolean;
}

export interface FoundTicket {
  ticketId: TicketId;
  /** It was there already. */
  known: boolean;
  /** It was closed, and is open again. */
  reopened?: boolean;
  /** It was made with its thread and its contact. */
  associated?: true;
  url: string;
}

/** This many of a contact's tickets are looked at, the newest: one that has just been made is among them. */
const NEWEST_TICKETS = 10;
/** This many of the messages that HubSpot had cut are read in full, the newest: as far as a ticket can hold them. */
const FULL_TEXTS = 20;
/** A thread's ticket is closed and another one is made so often at most: more than anyone ever will. */
const MOST_TICKETS = 50;

/** The unique values by which the tickets of a thread are found, the first one's first. */
const keysOf = (portalId: PortalId, threadId: ThreadId): string[] =>
  Array.from({ length: MOST_TICKETS }, (_, index) => `${portalId}-${threadId}${index === 0 ? '' : `-${index + 1}`}`);

// An id may have more digits than a number.
const newestFirst = (a: string, b: string): number => b.length - a.length || (a < b ? 1 : -1);

/** What is known before a ticket is looked for. */
interface Ground {
  at: HubSpotPortal;
  conversation: Conversation;
  /** Its owner from now on, as a property. */
  owner: TicketProperties;
  uiDomain: string;
}

/** What a look for the thread's ticket has found. */
interface Found {
  /** The one on which agents work. */
  open: TicketId | null;
  /** The first one that was closed. */
  closed: ThreadTicket | null;
  /** A new one is to have this unique value. */
  key: string;
}

/** The messages with the whole texts of those that HubSpot had cut, the newest of them. */
const inFull = async (client: HubSpotClient, { thread, messages }: Conversation): Promise<Message[]> => {
  const cut = messages.filter(({ kind, truncated }) => kind === 'message' && truncated).slice(-FULL_TEXTS);
  const texts = new Map<string, string>();
  for (const { id } of cut) texts.set(id, await client.fullText(thread.id, id, LONGEST_PROPERTY_VALUE));
  return messages.map((message) => ({ ...message, text: texts.get(message.id) ?? message.text }));
};

/** The tickets of this thread that earlier attempts or runs have made, newest first, however HubSpot's search lags. */
const ticketsMade = async (
  crm: CrmClient,
  { threadId, contactId }: Pick<TicketInput, 'threadId' | 'contactId'>,
  fate: UncertainPost,
): Promise<TicketId[]> => {
  const about = await crm.ticketsAbout(threadId);
  const found = about.filter(({ subject }) => isSubjectOf(threadId, subject)).map(({ id }) => id);
  if (fate.mayBeLost && contactId !== null) {
    for (const ticketId of (await crm.ticketsOfContact(contactId)).slice(0, NEWEST_TICKETS)) {
      if (found.includes(ticketId)) continue;
      if (isSubjectOf(threadId, (await crm.ticketSubject(ticketId)) ?? '')) found.push(ticketId);
    }
  }
  return found.sort(newestFirst);
};

const domainOf = async (crm: CrmClient): Promise<string> => {
  try {
    return await crm.uiDomain();
  } catch (error) {
    if (isRefusal(error) || error instanceof HubSpotUnauthorized) return USUAL_DOMAIN;
    throw error;
  }
};

/** Looks for the thread's ticket. One that is open and nobody's gets its owner. */
const findTicket = async (
  { at: { client, crm }, conversation, owner }: Ground,
  { portalId, threadId, contactId, settings, joins }: Omit<TicketInput, 'mayBeLost'>,
  fate: UncertainPost,
): Promise<Found> => {
  const [firstKey = '', ...laterKeys] = keysOf(portalId, threadId);
  const found: Found = { open: null, closed: null, key: firstKey };
  const isOpen = async (id: TicketId | null): Promise<boolean> => {
    const ticket = id && (await readTicket(client, crm, id));
    if (!ticket) return false;
    if (ticket.isClosed) {
      found.closed ??= ticket;
      return false;
    }
    if (!ticket.isOwned) await setOwner(crm, ticket.id, owner);
    found.open = ticket.id;
    return true;
  };

  const { ticketId: own } = conversation.thread;
  if (await isOpen(own)) return found;
  if (own === null && joins !== undefined && (await isOpen(joins))) return found;
  const { keyProperty } = settings;
  if (keyProperty) {
    // Each ticket of the thread that has been closed since has taken a key with it.
    for (found.key of [firstKey, ...laterKeys]) {
      const ticketId = await crm.ticketWith(keyProperty, found.key);
      if ((await isOpen(ticketId)) || ticketId === null) break;
    }
    return found;
  }
  for (const ticketId of await ticketsMade(crm, { threadId, contactId }, fate)) {
    if (await isOpen(ticketId)) return found;
  }
  fate.throwIfUnsettled();
  return found;
};

/** Opens the closed ticket again where that is wanted and possible, and makes a new one else. */
const openOrMakeTicket = async (
  { at, conversation, owner, uiDomain }: Ground,
  { closed, key }: Found,
  { portalId, threadId, contactId, why, settings }: Omit<TicketInput, 'mayBeLost'>,
  fate: UncertainPost,
): Promise<Pick<FoundTicket, 'ticketId' | 'known' | 'reopened' | 'associated'>> => {
  const { client, crm, aiActorId } = at;
  const senders = await senderRulesOf(at, conversation.messages);
  const messages = readNewest(await inFull(client, conversation), senders);
  const content = ticketContent(why, messages, {
    aiActorId,
    threadUrl: threadUrl(portalId, threadId, uiDomain),
    closings: conversation.closings,
  });
  const { keyProperty, closedTicket = 'new' } = settings;
  const again =
    closed && closedTicket === 'reopen' && reopening(closed, await crm.ticketPipelines(), settings, content);
  if (closed && again) {
    await withOwnerIfTaken({ ...again, ...owner }, (properties) => crm.updateTicket(closed.id, properties));
    return { ticketId: closed.id, known: true, reopened: true };
  }
  const place = ticketPlace(await crm.ticketPipelines(), settings);
  const properties = {
    subject: ticketSubject(threadId, messages, aiActorId),
    content,
    hs_pipeline: place.pipeline,
    hs_pipeline_stage: place.stage,
    ...owner,
  };
  if (keyProperty) {
    const ticketId = await withOwnerIfTaken(properties, (taken) => crm.upsertTicket(keyProperty, key, taken));
    return { ticketId, known: false };
  }
  const { ticketId, associated } = await withOwnerIfTaken(properties, (taken) =>
    fate.send(() => crm.createTicket(taken, { contactId, threadId })),
  );
  return { ticketId, known: false, ...(associated ? { associated } : {}) };
};

/**
 * The open ticket of this conversation; made, with the whole conversation in it, where there is none, or opened again.
 * The conversation's messages are whole as far as HubSpot's list has them.
 */
export const ticketOf = async (
  at: HubSpotPortal,
  conversation: Conversation,
  input: Omit<TicketInput, 'mayBeLost'>,
  fate: UncertainPost,
): Promise<FoundTicket> => {
  const uiDomain = await domainOf(at.crm);
  const ground: Ground = { at, conversation, uiDomain, owner: await ownerProperty(at.crm, input.owner) };
  const found = await findTicket(ground, input, fate);
  const ticket =
    found.open === null ? await openOrMakeTicket(ground, found, input, fate) : { ticketId: found.open, known: true };
  return { ...ticket, url: ticketUrl(uiDomain, input.portalId, ticket.ticketId) };
};
