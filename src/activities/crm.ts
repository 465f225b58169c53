import type { CrmClient } from '../hubspot/crm.ts';
import { HubSpotRefused } from '../hubspot/errors.ts';
import type { ActorId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import { LONGEST_PROPERTY_VALUE } from '../hubspot/property-value.ts';
import { contactIn } from './contact-of-thread.ts';
import { withFailures } from './failures.ts';
import { withHeartbeats } from './heartbeats.ts';
import { withUncertainPost } from './lost-post.ts';
import { type HubSpotPortal, MESSAGE_TEXT, readNewest, senderRulesOf } from './reading.ts';
import { atOnce, isRefusal } from './refusals.ts';
import { ownerProperty } from './thread-ticket.ts';
import { type FoundTicket, type TicketInput, ticketOf } from './ticket-of-thread.ts';

interface OnThread {
  portalId: PortalId;
  threadId: ThreadId;
}

/**
 * Contacts and tickets as a handoff uses them; each may be repeated. What a person has to put right (a missing scope, a
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
