import { ApplicationFailure } from '@temporalio/common';
import { authorOf, mailAddress } from '../hubspot/author.ts';
import type { HubSpotClient } from '../hubspot/client.ts';
import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { CrmClient, TicketPipeline, TicketProperties } from '../hubspot/crm.ts';
import { HubSpotNotFound, HubSpotRefused, HubSpotUnauthorized } from '../hubspot/errors.ts';
import type { ActorId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import { LONGEST_PROPERTY_VALUE } from '../hubspot/property-value.ts';
import { ticketUrl } from '../rules/handoff/handoff-comment.ts';
import type { HandoffReason } from '../rules/handoff/handoff-reason.ts';
import type { HandoffSettings } from '../rules/handoff/handoff-settings.ts';
import { isSubjectOf, ticketContent, ticketSubject } from '../rules/handoff/ticket-content.ts';
import { speakerOf } from '../rules/speaking/speaker.ts';
import { threadUrl, USUAL_DOMAIN } from '../rules/thread-url.ts';
import { toFailure, withFailures } from './failures.ts';
import { withHeartbeats } from './heartbeats.ts';
import { type HubSpotPortal, MESSAGE_TEXT, readNewest, senderRulesOf } from './hubspot.ts';
import { type UncertainPost, withUncertainPost } from './lost-post.ts';
import {
  ownerProperty,
  readTicket,
  reopening,
  setOwner,
  type ThreadTicket,
  withOwnerIfTaken,
} from './thread-ticket.ts';

interface OnThread {
  portalId: PortalId;
  threadId: ThreadId;
}

/** A ticket is made of these, beside what stands on the thread. */
export interface TicketInput extends OnThread {
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
  /** It stood there already. */
  known: boolean;
  /** It was closed, and is open again. */
  reopened?: boolean;
  /** It was made with its thread and its contact. */
  associated?: true;
  url: string;
}

/**
 * Contacts and tickets as a handoff uses them; each may be repeated. What a person has to mend (a missing scope, a
 * pipeline that isn't there) is refused at once here: agents wait for the comment that comes after.
 */
export interface CrmActivities {
  /**
   * The contact of whoever writes on the thread, made where there is none yet; `null` for one without an email address.
   */
  findOrCreateContact(input: OnThread): Promise<string | null>;
  /**
   * The thread's open ticket; made, with the whole conversation in it, where there is none, or opened again. What
   * customers wrote is read and written in here, so that no history of a run holds it.
   */
  findOrCreateTicket(input: TicketInput): Promise<FoundTicket>;
  /** Gives back what of it HubSpot doesn't take. */
  associateTicket(
    input: OnThread & { ticketId: TicketId; contactId: string | null },
  ): Promise<('contact' | 'conversation')[]>;
  /** Sets what HubSpot takes, and gives back the names of what it doesn't. */
  setTicketProperties(input: {
    portalId: PortalId;
    ticketId: TicketId;
    properties: Record<string, string>;
    /** Who has the thread from now on, and so the ticket, where they can own one; absent: its owner stays. */
    owner?: ActorId;
  }): Promise<string[]>;
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

const refuse = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: true });

/**
 * Where a new ticket stands.
 * @throws {ApplicationFailure} `NoSuchPipeline`, not retryable
 */
export const ticketPlace = (
  pipelines: readonly TicketPipeline[],
  { pipeline, stage }: Pick<HandoffSettings, 'pipeline' | 'stage'>,
): { pipeline: string; stage: string } => {
  const chosen = pipelines.find(({ id, stages }) => {
    if (pipeline !== null) return id === pipeline;
    return stage === null || stages.some((one) => one.id === stage);
  });
  if (!chosen) {
    const wanted = pipeline === null ? (stage === null ? '' : ` with stage ${stage}`) : ` ${pipeline}`;
    throw refuse('NoSuchPipeline', `The portal has no ticket pipeline${wanted}: see HANDOFF_TICKET_PIPELINE`);
  }
  const place = chosen.stages.find(({ id, closed }) => (stage === null ? !closed : id === stage));
  if (!place) {
    throw refuse(
      'NoSuchPipeline',
      `Pipeline ${chosen.id} has no stage ${stage ?? 'that is open'}: see HANDOFF_TICKET_STAGE`,
    );
  }
  return { pipeline: chosen.id, stage: place.id };
};

/** Finds the customer: the author of the newest message that a customer wrote. */
const customerOf = ({ messages }: Conversation, aiActorId: ActorId): { email: string | null; name: string | null } => {
  const newest = messages.findLast(
    (message) => message.kind === 'message' && speakerOf(message, aiActorId) === 'customer',
  );
  const author = newest ? authorOf(newest) : null;
  return { email: mailAddress(author?.address), name: author?.name ?? null };
};

/** The messages with the whole texts of those that HubSpot had cut, the newest of them. */
const inFull = async (client: HubSpotClient, { thread, messages }: Conversation): Promise<Message[]> => {
  const cut = messages.filter(({ kind, truncated }) => kind === 'message' && truncated).slice(-FULL_TEXTS);
  const texts = new Map<string, string>();
  for (const { id } of cut) texts.set(id, await client.fullText(thread.id, id, LONGEST_PROPERTY_VALUE));
  return messages.map((message) => ({ ...message, text: texts.get(message.id) ?? message.text }));
};

/** A missing scope stays missing until a person grants it, and agents don't wait for that. */
export const atOnce = (error: unknown): unknown =>
  error instanceof HubSpotUnauthorized && error.status === 403 ? refuse(error.name, error.message) : toFailure(error);

const isRefusal = (error: unknown): boolean => error instanceof HubSpotNotFound || error instanceof HubSpotRefused;

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

/** The contact of whoever writes in this conversation, as {@link CrmActivities.findOrCreateContact} gives it. */
export const contactIn = async (
  { crm, aiActorId }: Pick<HubSpotPortal, 'crm' | 'aiActorId'>,
  conversation: Conversation,
): Promise<string | null> => {
  const { contactId } = conversation.thread;
  if (contactId !== null && (await crm.hasContact(contactId))) return contactId;
  const { email, name } = customerOf(conversation, aiActorId);
  if (email === null) return null;
  // A lost POST needs no other care than this look: an address is of one contact only.
  return (await crm.contactWithEmail(email)) ?? (await crm.createContact({ email, name }));
};

/**
 * The ticket of this conversation, whose messages are whole as far as HubSpot's list has them, as
 * {@link CrmActivities.findOrCreateTicket} gives it.
 */
export const ticketOf = async (
  at: HubSpotPortal,
  conversation: Conversation,
  { portalId, threadId, contactId, why, settings, owner, joins }: Omit<TicketInput, 'mayBeLost'>,
  fate: UncertainPost,
): Promise<FoundTicket> => {
  const { client, crm, aiActorId } = at;
  const uiDomain = await domainOf(crm);
  const as = (ticketId: TicketId, known: boolean): FoundTicket => ({
    ticketId,
    known,
    url: ticketUrl(uiDomain, portalId, ticketId),
  });
  const given = await ownerProperty(crm, owner);
  let closed: ThreadTicket | null = null;
  /** The ticket, where it is one on which agents work; whose it is they have said, or nobody has yet. */
  const standing = async (id: TicketId | null): Promise<FoundTicket | null> => {
    const ticket = id && (await readTicket(client, crm, id));
    if (!ticket) return null;
    if (ticket.isClosed) {
      closed ??= ticket;
      return null;
    }
    if (!ticket.isOwned) await setOwner(crm, ticket.id, given);
    return as(ticket.id, true);
  };

  const own = await standing(conversation.thread.ticketId);
  if (own) return own;
  const joined = joins === undefined || conversation.thread.ticketId !== null ? null : await standing(joins);
  if (joined) return joined;
  const { keyProperty, closedTicket = 'new' } = settings;
  const keys = keysOf(portalId, threadId);
  let key = keys[0] ?? '';
  if (keyProperty) {
    // Each ticket of the thread that has been closed since has taken a key with it.
    for (key of keys) {
      const ticketId = await crm.ticketWith(keyProperty, key);
      const found = await standing(ticketId);
      if (found) return found;
      if (ticketId === null) break;
    }
  } else {
    for (const ticketId of await ticketsMade(crm, { threadId, contactId }, fate)) {
      const found = await standing(ticketId);
      if (found) return found;
    }
    fate.throwIfUnsettled();
  }

  const senders = await senderRulesOf(at, conversation.messages);
  const messages = readNewest(await inFull(client, conversation), senders);
  const content = ticketContent(why, messages, {
    aiActorId,
    threadUrl: threadUrl(portalId, threadId, uiDomain),
    closings: conversation.closings,
  });
  const before = closed as ThreadTicket | null;
  const again =
    before && closedTicket === 'reopen' && reopening(before, await crm.ticketPipelines(), settings, content);
  if (before && again) {
    const update = (properties: TicketProperties) => crm.updateTicket(before.id, properties);
    await withOwnerIfTaken({ ...again, ...given }, update);
    return { ...as(before.id, true), reopened: true };
  }
  const place = ticketPlace(await crm.ticketPipelines(), settings);
  const properties = {
    subject: ticketSubject(threadId, messages, aiActorId),
    content,
    hs_pipeline: place.pipeline,
    hs_pipeline_stage: place.stage,
    ...given,
  };
  if (keyProperty)
    return as(await withOwnerIfTaken(properties, (taken) => crm.upsertTicket(keyProperty, key, taken)), false);
  const { ticketId, associated } = await withOwnerIfTaken(properties, (taken) =>
    fate.send(() => crm.createTicket(taken, { contactId, threadId })),
  );
  return { ...as(ticketId, false), ...(associated ? { associated } : {}) };
};

/** Associates a ticket, as {@link CrmActivities.associateTicket} does. */
export const associate = async (
  crm: Pick<CrmClient, 'associateTicket'>,
  { threadId, ticketId, contactId }: { threadId: ThreadId; ticketId: TicketId; contactId: string | null },
): Promise<('contact' | 'conversation')[]> => {
  const refused: ('contact' | 'conversation')[] = [];
  const wanted = [
    ['conversation', threadId] as const,
    ...(contactId === null ? [] : [['contact', contactId] as const]),
  ];
  for (const [what, id] of wanted) {
    try {
      await crm.associateTicket(ticketId, what, id);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused.push(what);
    }
  }
  return refused;
};

/** `portal` finds a configured portal; a run has checked before that it is one. */
export const createCrmActivities = (portal: (portalId: PortalId) => HubSpotPortal): CrmActivities => {
  const activities: CrmActivities = {
    async findOrCreateContact({ portalId, threadId }) {
      const at = portal(portalId);
      const { thread, messages } = await at.client.conversation(threadId, MESSAGE_TEXT);
      const senders = await senderRulesOf(at, messages);
      return await contactIn(at, { thread, messages: readNewest(messages, senders) });
    },

    findOrCreateTicket: ({ mayBeLost = false, ...input }) =>
      withUncertainPost(async (fate) => {
        const at = portal(input.portalId);
        const conversation = await at.client.conversation(input.threadId, LONGEST_PROPERTY_VALUE);
        return await ticketOf(at, conversation, input, fate);
      }, mayBeLost),

    associateTicket: ({ portalId, ...ticket }) => associate(portal(portalId).crm, ticket),

    async setTicketProperties({ portalId, ticketId, properties, owner }) {
      const { crm } = portal(portalId);
      const left = { ...properties, ...(await ownerProperty(crm, owner)) };
      const dropped: string[] = [];
      while (Object.keys(left).length > 0) {
        try {
          await crm.updateTicket(ticketId, left);
          break;
        } catch (error) {
          const named = error instanceof HubSpotRefused ? error.properties.filter((name) => name in left) : [];
          if (named.length === 0) throw error;
          for (const name of named) delete left[name];
          dropped.push(...named);
        }
      }
      return dropped;
    },
  };
  return withFailures(withHeartbeats(activities, 'findOrCreateTicket'), atOnce);
};
