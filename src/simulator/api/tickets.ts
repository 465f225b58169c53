import { setTicketProperty } from '../tickets.ts';
import type { TicketRecord, World } from '../world.ts';
import { invalidRequest, notFound } from './errors.ts';
import { type Handlers, propertyNames, type Schemas } from './operations.ts';

const DEFAULT_PROPERTIES = ['subject', 'content', 'hs_pipeline', 'hs_pipeline_stage', 'hs_object_id', 'createdate'];

/** Properties of a ticket that exist on every portal, though no ticket may have them yet. */
const STANDARD_PROPERTIES = [
  ...DEFAULT_PROPERTIES,
  'hs_ticket_priority',
  'hs_ticket_category',
  'hubspot_owner_id',
  'hs_resolution',
];

const find = (world: World, ticketId: string, idProperty: string | undefined): TicketRecord => {
  const record =
    idProperty === undefined
      ? world.tickets.get(ticketId)
      : [...world.tickets.values()].find(({ properties }) => properties[idProperty] === ticketId);
  if (!record) throw notFound(`Object with id ${ticketId}`);
  return record;
};

const seen = ({ id, createdAt, updatedAt, properties }: TicketRecord, names: string[]): Schemas['Ticket'] => ({
  id,
  createdAt,
  updatedAt,
  archived: false,
  properties: Object.fromEntries(names.map((name) => [name, properties[name] ?? null])),
});

/** A portal knows its standard properties, and those that some ticket of it has. */
const isKnownProperty = (world: World, name: string): boolean =>
  STANDARD_PROPERTIES.includes(name) || [...world.tickets.values()].some(({ properties }) => name in properties);

const refuseUnknown = (world: World, names: string[]): void => {
  const unknown = names
    .filter((name) => !isKnownProperty(world, name))
    .map((name) => ({
      isValid: false,
      message: `Property "${name}" does not exist`,
      error: 'PROPERTY_DOESNT_EXIST',
      name,
      localizedErrorMessage: `Property "${name}" does not exist`,
    }));
  if (unknown.length > 0) throw invalidRequest(`Property values were not valid: ${JSON.stringify(unknown)}`);
};

export const ticketHandlers: Handlers<'getTicket' | 'updateTicket'> = {
  getTicket: (world, { path, query }) => ({
    status: 200,
    body: seen(find(world, path.ticketId, query.idProperty), propertyNames(query.properties) ?? DEFAULT_PROPERTIES),
  }),

  updateTicket: (world, { path, query, body }) => {
    const record = find(world, path.ticketId, query.idProperty);
    const changes = Object.entries(body.properties);
    refuseUnknown(
      world,
      changes.map(([name]) => name),
    );
    // One save has one moment, and an event per property.
    const occurredAt = world.now();
    const events = changes.flatMap(([name, value]) =>
      setTicketProperty(world, record.id, name, value, { occurredAt, changeSource: 'INTEGRATION' }),
    );
    const names = [...DEFAULT_PROPERTIES, ...changes.map(([name]) => name)];
    return { status: 200, body: seen(record, names), events, writtenId: record.id };
  },
};
