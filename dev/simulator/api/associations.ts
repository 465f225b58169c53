import { linkContact, linkTicket } from '../threads.ts';
import type { World } from '../world.ts';
import { invalidRequest, notFound } from './errors.ts';
import type { Handlers } from './operations.ts';
import { pageOf } from './paging.ts';

type Kind = 'contact' | 'conversation' | 'ticket';

const KINDS: Record<string, Kind> = {
  contact: 'contact',
  contacts: 'contact',
  conversation: 'conversation',
  conversations: 'conversation',
  ticket: 'ticket',
  tickets: 'ticket',
};

/** What a ticket can be associated with, and the type of it (associations guide). */
const FROM_TICKET: Record<number, Kind> = { 16: 'contact', 32: 'conversation', 278: 'conversation' };
const DEFAULT_TYPES: Record<string, number> = {
  'ticket contact': 16,
  'contact ticket': 15,
  'ticket conversation': 278,
  'conversation ticket': 277,
};

/** HubSpot knows threads by the name of conversations only. @throws {HubSpotError} 400 */
const kindOf = (name: string): Kind => {
  const kind = KINDS[name];
  if (!kind) throw invalidRequest(`Unable to infer object type from: ${name}`);
  return kind;
};

const mustExist = (world: World, kind: Kind, id: string): void => {
  const known = { contact: world.contacts, conversation: world.threads, ticket: world.tickets }[kind];
  if (!known.has(id)) throw notFound(`Object with id ${id}`);
};

const link = (world: World, ticketId: string, kind: Kind, id: string): void => {
  if (kind === 'conversation') linkTicket(world, id, ticketId);
  else linkContact(world, id, ticketId);
};

/**
 * The associations that a new ticket is made with.
 * @throws {HubSpotError} where one leads nowhere; then none is made
 */
export const checkedTicketLinks = (
  world: World,
  associations: { to: { id: string }; types: { associationTypeId: number }[] }[],
): ((ticketId: string) => void) => {
  const links = associations.flatMap(({ to, types }) =>
    types.map(({ associationTypeId }) => {
      const kind = FROM_TICKET[associationTypeId];
      if (!kind) throw invalidRequest(`Association type ${associationTypeId} is not for tickets`);
      mustExist(world, kind, to.id);
      return { kind, id: to.id };
    }),
  );
  return (ticketId) => {
    for (const { kind, id } of links) link(world, ticketId, kind, id);
  };
};

export const associationHandlers: Handlers<'associate' | 'listAssociations'> = {
  associate: (world, { path }) => {
    const from = { kind: kindOf(path.fromObjectType), id: path.fromObjectId };
    const to = { kind: kindOf(path.toObjectType), id: path.toObjectId };
    for (const { kind, id } of [from, to]) mustExist(world, kind, id);
    const ticket = from.kind === 'ticket' ? from : to;
    const other = from.kind === 'ticket' ? to : from;
    const associationTypeId = DEFAULT_TYPES[`${from.kind} ${to.kind}`];
    if (associationTypeId === undefined) throw invalidRequest(`No association from ${from.kind} to ${to.kind}`);
    link(world, ticket.id, other.kind, other.id);
    const now = new Date(world.now()).toISOString();
    return {
      status: 200,
      body: {
        status: 'COMPLETE',
        results: [
          {
            from: { id: from.id },
            to: { id: to.id },
            associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId },
          },
        ],
        startedAt: now,
        completedAt: now,
      },
      writtenId: `${from.id}-${to.id}`,
    };
  },

  listAssociations: (world, { path, query }) => {
    const from = kindOf(path.objectType);
    const to = kindOf(path.toObjectType);
    mustExist(world, from, path.objectId);
    const pairs = [...world.tickets.values()].flatMap((ticket) => [
      ...[...ticket.contactIds].map((id) => ({ ticket: ticket.id, contact: id, conversation: null })),
      ...[...world.threads.values()]
        .filter(({ ticketId }) => ticketId === ticket.id)
        .map(({ thread }) => ({ ticket: ticket.id, contact: null, conversation: thread.id })),
    ]);
    const typeId = DEFAULT_TYPES[`${from} ${to}`];
    if (typeId === undefined) throw invalidRequest(`No association from ${from} to ${to}`);
    const ids = pairs.filter((pair) => pair[from] === path.objectId).flatMap((pair) => pair[to] ?? []);
    const page = pageOf(ids, { after: query.after, limit: query.limit ?? 500 });
    return {
      status: 200,
      body: {
        ...page,
        results: page.results.map((toObjectId) => ({
          toObjectId,
          associationTypes: [{ category: 'HUBSPOT_DEFINED' as const, typeId }],
        })),
      },
    };
  },
};
