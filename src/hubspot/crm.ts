import { cached } from '../lib/cached.ts';
import { HubSpotNotFound, HubSpotRefused, nullIfNotFound } from './errors.ts';
import { createHubSpotHttp, type HubSpotHttpOptions } from './http.ts';
import type { ActorId, ThreadId, TicketId } from './ids.ts';
import type { components } from './openapi.ts';
import { personName } from './person-name.ts';

type Schemas = components['schemas'];

const CONTACTS = '/crm/v3/objects/contacts';
const TICKETS = '/crm/v3/objects/tickets';
const TICKET = `${TICKETS}/{ticketId}` as const;

// HubSpot's association types (associations guide).
const TICKET_TO_CONTACT = 16;
const TICKET_TO_THREAD = 32;

/** A portal hardly ever gets a new pipeline. */
const PIPELINES_MS = 5 * 60_000;
/** Nor does it move to another data centre. */
const DOMAIN_MS = 60 * 60_000;
/** A search gives at most this many. */
const MOST_FOUND = 20;

/** Ticket properties by name, all as text. */
export type TicketProperties = Record<string, string>;

/** A pipeline of tickets, and its stages in their order. */
export interface TicketPipeline {
  id: string;
  stages: { id: string; closed: boolean }[];
}

/**
 * HubSpot's contacts and tickets as this product uses them, for one portal. Every method throws the errors of {@link
 * createHubSpotHttp}.
 */
export interface CrmClient {
  hasContact(contactId: string): Promise<boolean>;
  /** By the email address, without a search's lag. */
  contactWithEmail(email: string): Promise<string | null>;
  /** Where another has the address by now, that one's id. @throws {DeliveryUnknown} */
  createContact(contact: { email: string; name: string | null }): Promise<string>;
  /** The ticket with this value of a unique property, without a search's lag. */
  ticketWith(property: string, value: string): Promise<TicketId | null>;
  /** Tickets whose subject holds this word, with their subjects, 20 at most. What is new may be missing. */
  ticketsAbout(word: string): Promise<{ id: TicketId; subject: string }[]>;
  /** The contact's tickets, newest first. */
  ticketsOfContact(contactId: string): Promise<TicketId[]>;
  /** `null`: there is no such ticket. */
  ticketSubject(ticketId: TicketId): Promise<string | null>;
  /**
   * Makes a ticket. `associated`: with its associations; else HubSpot doesn't take them in the same call. @throws
   * {DeliveryUnknown}
   */
  createTicket(
    properties: TicketProperties,
    associatedWith: { contactId: string | null; threadId: ThreadId },
  ): Promise<{ ticketId: TicketId; associated: boolean }>;
  /**
   * Makes the ticket that has this value of a unique property; once, however often it is asked for. @throws
   * {DeliveryUnknown}
   */
  upsertTicket(property: string, value: string, properties: TicketProperties): Promise<TicketId>;
  /** @throws {HubSpotRefused} that names the property which it doesn't take; then it has taken none */
  updateTicket(ticketId: TicketId, properties: TicketProperties): Promise<void>;
  associateTicket(ticketId: TicketId, with_: 'contact' | 'conversation', id: string): Promise<void>;
  /** The id by which this agent owns tickets, which is not their user's; `null`: they can't own any. */
  ownerOf(actorId: ActorId): Promise<string | null>;
  /** In the portal's order, without archived ones, as of the last five minutes. */
  ticketPipelines(): Promise<TicketPipeline[]>;
  /** Host of the portal's web app, for links; as of the last hour. */
  uiDomain(): Promise<string>;
  /** Reads one of them, if there is any. @throws {HubSpotUnauthorized} */
  tryReading(what: 'contacts' | 'tickets'): Promise<void>;
  /** Asks to make one of nothing, which can't be: only the right to is tried. @throws {HubSpotUnauthorized} */
  tryWriting(what: 'contacts' | 'tickets'): Promise<void>;
}

const search = (filters: Schemas['Filter'][], properties: string[]): Schemas['Search'] => ({
  filterGroups: [{ filters }],
  properties,
  limit: MOST_FOUND,
  sorts: [],
  after: '0',
});

const byOrder = (a: { displayOrder: number }, b: { displayOrder: number }): number => a.displayOrder - b.displayOrder;

const isClosed = ({ metadata }: Schemas['PipelineStage']): boolean =>
  metadata.ticketState === 'CLOSED' || metadata.isClosed === 'true';

/** `Ada King` as HubSpot keeps names. */
const nameProperties = (name: string | null): Record<string, string> => {
  const { first, last } = personName(name);
  return { ...(first === '' ? {} : { firstname: first }), ...(last === '' ? {} : { lastname: last }) };
};

const association = (id: string, associationTypeId: number): Schemas['NewAssociation'] => ({
  to: { id },
  types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
});

// An id may have more digits than a number.
const newestFirst = (a: string, b: string): number => b.length - a.length || (a < b ? 1 : -1);

export const createCrmClient = (options: HubSpotHttpOptions): CrmClient => {
  const { call } = createHubSpotHttp(options);

  const pipelines = cached(async (): Promise<TicketPipeline[]> => {
    const { results } = await call('get', '/crm/v3/pipelines/{objectType}', {
      path: { objectType: 'tickets' },
      needs: ['results'],
    });
    return results
      .filter(({ archived }) => !archived)
      .sort(byOrder)
      .map(({ id, stages }) => ({
        id,
        stages: stages
          .filter(({ archived }) => !archived)
          .sort(byOrder)
          .map((stage) => ({ id: stage.id, closed: isClosed(stage) })),
      }));
  }, PIPELINES_MS);

  return {
    async hasContact(contactId) {
      return (
        (await nullIfNotFound(call('get', `${CONTACTS}/{contactId}`, { path: { contactId }, needs: ['id'] }))) !== null
      );
    },

    async contactWithEmail(email) {
      const query = { idProperty: 'email' };
      const found = await nullIfNotFound(
        call('get', `${CONTACTS}/{contactId}`, { path: { contactId: email }, query, needs: ['id'] }),
      );
      return found === null ? null : found.id;
    },

    async createContact({ email, name }) {
      try {
        const body = { properties: { email, ...nameProperties(name) }, associations: [] };
        return (await call('post', CONTACTS, { body, needs: ['id'] })).id;
      } catch (error) {
        if (error instanceof HubSpotRefused && error.status === 409 && error.existingId) return error.existingId;
        throw error;
      }
    },

    async ticketWith(property, value) {
      const query = { idProperty: property };
      const found = await nullIfNotFound(call('get', TICKET, { path: { ticketId: value }, query, needs: ['id'] }));
      return found && (found.id as TicketId);
    },

    async ticketsAbout(word) {
      const filter = { propertyName: 'subject', operator: 'CONTAINS_TOKEN', value: word } as const;
      const { results } = await call('post', `${TICKETS}/search`, {
        body: search([filter], ['subject']),
        needs: ['results'],
      });
      return results.map(({ id, properties }) => ({ id: id as TicketId, subject: properties.subject ?? '' }));
    },

    async ticketsOfContact(contactId) {
      const path = { objectType: 'contacts', objectId: contactId, toObjectType: 'tickets' };
      const found = await nullIfNotFound(
        call('get', '/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}', {
          path,
          needs: ['results'],
        }),
      );
      const ids = (found?.results ?? []).map(({ toObjectId }) => String(toObjectId));
      return ids.sort(newestFirst) as TicketId[];
    },

    async ticketSubject(ticketId) {
      const query = { properties: ['subject'] };
      const found = await nullIfNotFound(call('get', TICKET, { path: { ticketId }, query, needs: ['properties'] }));
      return found && (found.properties.subject ?? '');
    },

    async createTicket(properties, { contactId, threadId }) {
      const associations = [
        ...(contactId === null ? [] : [association(contactId, TICKET_TO_CONTACT)]),
        association(threadId, TICKET_TO_THREAD),
      ];
      const create = async (together: Schemas['NewAssociation'][]) => {
        const { id } = await call('post', TICKETS, { body: { properties, associations: together }, needs: ['id'] });
        return { ticketId: id as TicketId, associated: together.length > 0 };
      };
      try {
        return await create(associations);
      } catch (error) {
        const refused = error instanceof HubSpotNotFound || (error instanceof HubSpotRefused && error.status === 400);
        if (!refused || (error instanceof HubSpotRefused && error.properties.length > 0)) throw error;
        return await create([]);
      }
    },

    async upsertTicket(property, value, properties) {
      const inputs = [{ id: value, idProperty: property, properties }];
      const { results } = await call('post', `${TICKETS}/batch/upsert`, { body: { inputs }, needs: ['results'] });
      const [ticket] = results;
      if (!ticket) throw new HubSpotRefused('HubSpot answered an upsert without a ticket', 200);
      return ticket.id as TicketId;
    },

    async updateTicket(ticketId, properties) {
      await call('patch', TICKET, { path: { ticketId }, body: { properties } });
    },

    async associateTicket(ticketId, with_, id) {
      await call(
        'put',
        '/crm/v4/objects/{fromObjectType}/{fromObjectId}/associations/default/{toObjectType}/{toObjectId}',
        { path: { fromObjectType: 'ticket', fromObjectId: ticketId, toObjectType: with_, toObjectId: id } },
      );
    },

    async ownerOf(actorId) {
      const [, ownerId] = /^A-(\d+)$/.exec(actorId) ?? [];
      if (ownerId === undefined) return null;
      const query = { idProperty: 'userId' } as const;
      const owner = await nullIfNotFound(
        call('get', '/crm/v3/owners/{ownerId}', { path: { ownerId }, query, needs: ['id'] }),
      );
      return owner === null || owner.archived ? null : owner.id;
    },

    ticketPipelines: pipelines,

    uiDomain: cached(
      async () => (await call('get', '/account-info/v3/details', { needs: ['uiDomain'] })).uiDomain,
      DOMAIN_MS,
    ),

    async tryReading(what) {
      const body = search([{ propertyName: 'hs_object_id', operator: 'EQ', value: '0' }], []);
      if (what === 'contacts') await call('post', `${CONTACTS}/search`, { body });
      else await call('post', `${TICKETS}/search`, { body });
    },

    async tryWriting(what) {
      try {
        if (what === 'contacts') {
          // A property that no portal has: HubSpot refuses who may not write before it looks at what.
          await call('post', CONTACTS, { body: { properties: { threadkeeper_scope_check: '' }, associations: [] } });
        } else await call('patch', TICKET, { path: { ticketId: '0' }, body: { properties: {} } });
      } catch (error) {
        if (!(error instanceof HubSpotNotFound || error instanceof HubSpotRefused)) throw error;
      }
    },
  };
};
