import { ApplicationFailure } from '@temporalio/common';
import { authorOf } from '../hubspot/author.ts';
import type { HubSpotClient } from '../hubspot/client.ts';
import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { CrmClient, TicketPipeline } from '../hubspot/crm.ts';
import { HubSpotNotFound, HubSpotRefused, HubSpotUnauthorized } from '../hubspot/errors.ts';
import type { ActorId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import { mailAddress } from '../hubspot/to-conversation.ts';
import { ticketUrl } from '../rules/handoff/handoff-comment.ts';
import type { HandoffReason } from '../rules/handoff/handoff-reason.ts';
import type { HandoffSettings } from '../rules/handoff/handoff-settings.ts';
import { isSubjectOf, ticketContent, ticketSubject } from '../rules/handoff/ticket-content.ts';
import { speakerOf } from '../rules/speaking/speaker.ts';
import { toFailure, withFailures } from './failures.ts';
import { withHeartbeats } from './heartbeats.ts';
import type { HubSpotPortal } from './hubspot.ts';
import { type UncertainPost, withUncertainPost } from './lost-post.ts';

interface OnThread {
  portalId: PortalId;
  threadId: ThreadId;
}

/** What a ticket is made of, beside what stands on the thread. */
export interface TicketInput extends OnThread {
  contactId: string | null;
  why: HandoffReason;
  settings: Pick<HandoffSettings, 'pipeline' | 'stage' | 'keyProperty'>;
  /** Taken where the thread has no ticket, as long as it is open. */
  joins?: TicketId;
  /** An earlier activity has given up on this ticket, and nobody knows whether it was made. */
  mayBeLost?: boolean;
}

export interface FoundTicket {
  ticketId: TicketId;
  /** Whether it stood there already. */
  known: boolean;
  url: string;
}

/**
 * Contacts and tickets as a handoff uses them; each may be repeated. What a person has to mend (a missing scope, a pipeline that
 * isn't there) is refused at once here: agents wait for the comment that comes after.
 */
export interface CrmActivities {
  /** The contact of whoever writes on the thread, made where there is none yet; `null` for one without an email address. */
  findOrCreateContact(input: OnThread): Promise<string | null>;
  /**
   * The thread's ticket; made, with the whole conversation in it, where there is none. What customers wrote is read and written in
   * here, so that no history of a run holds it.
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
  }): Promise<string[]>;
}

/** Of a contact's tickets, the newest: one that has just been made is among them. */
const NEWEST_TICKETS = 10;
/** Of the messages that HubSpot had cut, the newest are read in full. */
const FULL_TEXTS = 20;
const FULL_TEXT = 65_536;
/** Where HubSpot's answer doesn't say: it leads on to the portal's own. */
const USUAL_DOMAIN = 'app.hubspot.com';

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

/** Who the customer is: the author of the newest message that a customer wrote. */
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
  for (const { id } of cut) texts.set(id, await client.fullText(thread.id, id, FULL_TEXT));
  return messages.map((message) => ({ ...message, text: texts.get(message.id) ?? message.text }));
};

/** A missing scope stays missing until a person grants it, and agents don't wait for that. */
const atOnce = (error: unknown): unknown =>
  error instanceof HubSpotUnauthorized && error.status === 403 ? refuse(error.name, error.message) : toFailure(error);

const isRefusal = (error: unknown): boolean => error instanceof HubSpotNotFound || error instanceof HubSpotRefused;

/** The ticket of this thread that an earlier attempt or run has made, however HubSpot's search lags. */
const ticketMade = async (
  crm: CrmClient,
  { threadId, contactId }: Pick<TicketInput, 'threadId' | 'contactId'>,
  fate: UncertainPost,
): Promise<TicketId | null> => {
  const found = (await crm.ticketsAbout(threadId)).find(({ subject }) => isSubjectOf(threadId, subject));
  if (found) return found.id;
  if (!fate.mayBeLost || contactId === null) return null;
  for (const ticketId of (await crm.ticketsOfContact(contactId)).slice(0, NEWEST_TICKETS)) {
    if (isSubjectOf(threadId, (await crm.ticketSubject(ticketId)) ?? '')) return ticketId;
  }
  return null;
};

/** Whether a ticket is there, and not closed. */
const isOpen = async (client: HubSpotClient, crm: CrmClient, ticketId: TicketId): Promise<boolean> => {
  const found = await client.ticketProperties(ticketId, ['hs_pipeline_stage']);
  if (found === null) return false;
  const stages = (await crm.ticketPipelines()).flatMap((pipeline) => pipeline.stages);
  return stages.find(({ id }) => id === found.hs_pipeline_stage)?.closed === false;
};

/** `portal` finds a configured portal; a run has checked before that it is one. */
export const createCrmActivities = (portal: (portalId: PortalId) => HubSpotPortal): CrmActivities => {
  const domainOf = async (crm: CrmClient): Promise<string> => {
    try {
      return await crm.uiDomain();
    } catch (error) {
      if (isRefusal(error) || error instanceof HubSpotUnauthorized) return USUAL_DOMAIN;
      throw error;
    }
  };

  const activities: CrmActivities = {
    async findOrCreateContact({ portalId, threadId }) {
      const { client, crm, aiActorId } = portal(portalId);
      const conversation = await client.conversation(threadId, 0);
      const { contactId } = conversation.thread;
      if (contactId !== null && (await crm.hasContact(contactId))) return contactId;
      const { email, name } = customerOf(conversation, aiActorId);
      if (email === null) return null;
      // A lost POST needs no other care than this look: an address is of one contact only.
      return (await crm.contactWithEmail(email)) ?? (await crm.createContact({ email, name }));
    },

    findOrCreateTicket: ({ portalId, threadId, contactId, why, settings, joins, mayBeLost = false }) =>
      withUncertainPost(async (fate) => {
        const { client, crm, aiActorId } = portal(portalId);
        const uiDomain = await domainOf(crm);
        const as = (ticketId: TicketId, known: boolean): FoundTicket => ({
          ticketId,
          known,
          url: ticketUrl(uiDomain, portalId, ticketId),
        });
        const conversation = await client.conversation(threadId, FULL_TEXT);
        const { ticketId } = conversation.thread;
        if (ticketId !== null) return as(ticketId, true);
        if (joins !== undefined && (await isOpen(client, crm, joins))) return as(joins, true);
        const { keyProperty } = settings;
        const key = `${portalId}-${threadId}`;
        const standing = keyProperty
          ? await crm.ticketWith(keyProperty, key)
          : await ticketMade(crm, { threadId, contactId }, fate);
        if (standing !== null) return as(standing, true);
        if (!keyProperty) fate.throwIfUnsettled();

        const place = ticketPlace(await crm.ticketPipelines(), settings);
        const messages = await inFull(client, conversation);
        const threadUrl = `https://${uiDomain}/live-messages/${portalId}/inbox/${threadId}`;
        const properties = {
          subject: ticketSubject(threadId, messages, aiActorId),
          content: ticketContent(why, messages, { aiActorId, threadUrl }),
          hs_pipeline: place.pipeline,
          hs_pipeline_stage: place.stage,
        };
        const made = keyProperty
          ? await crm.upsertTicket(keyProperty, key, properties)
          : await fate.send(() => crm.createTicket(properties, { contactId, threadId }));
        return as(made, false);
      }, mayBeLost),

    async associateTicket({ portalId, threadId, ticketId, contactId }) {
      const { crm } = portal(portalId);
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
    },

    async setTicketProperties({ portalId, ticketId, properties }) {
      const { crm } = portal(portalId);
      const left = { ...properties };
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
