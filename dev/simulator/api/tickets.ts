import { userIdOf } from '../owners.ts';
import { TICKET_PIPELINES } from '../pipelines.ts';
import { createTicket, setTicketProperty } from '../tickets.ts';
import type { TicketRecord, World } from '../world.ts';
import { checkedTicketLinks } from './associations.ts';
import { invalidRequest, notFound } from './errors.ts';
import { type Handlers, propertyNames, type Schemas } from './operations.ts';
import { doesntExist, invalidValue, propertiesRefused } from './properties.ts';
import { found } from './search.ts';

/** A text property may have this many characters. */
const MOST_TEXT = 65_536;

const DEFAULT_PROPERTIES = ['subject', 'content', 'hs_pipeline', 'hs_pipeline_stage', 'hs_object_id', 'createdate'];

/** Properties of a ticket that exist on every portal, though no ticket may have them yet. */
const STANDARD_PROPERTIES = [
  ...DEFAULT_PROPERTIES,
  'hs_ticket_priority',
  'hs_ticket_category',
  'hubspot_owner_id',
  'hs_resolution',
];

/** @throws {HubSpotError} 400 for a property that doesn't exist, or may hold a value twice */
const mustBeUnique = (world: World, name: string): void => {
  if (name !== 'hs_object_id' && !world.behaviour.uniqueTicketProperties.includes(name))
    throw invalidRequest(`Property ${name} is not a unique property of TICKET`);
};

const find = (world: World, ticketId: string, idProperty: string | undefined): TicketRecord => {
  if (idProperty !== undefined) mustBeUnique(world, idProperty);
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
  STANDARD_PROPERTIES.includes(name) ||
  world.behaviour.uniqueTicketProperties.includes(name) ||
  [...world.tickets.values()].some(({ properties }) => name in properties);

/** @throws {HubSpotError} 400 that names every property which doesn't exist or whose value isn't taken */
const refuseWrong = (world: World, properties: Record<string, string>): void => {
  const stages = TICKET_PIPELINES.flatMap((pipeline) => pipeline.stages.map(({ id }) => id));
  const wrong = Object.entries(properties).flatMap(([name, value]) => {
    if (!isKnownProperty(world, name)) return [doesntExist(name)];
    if (value.length > MOST_TEXT)
      return [invalidValue(name, 'PROPERTY_VALUE_TOO_LONG', `Property "${name}" is too long`)];
    const isOwner = userIdOf(value) !== null && !world.behaviour.usersWithoutOwner.includes(Number(userIdOf(value)));
    if (name === 'hubspot_owner_id' && value !== '' && !isOwner)
      return [invalidValue(name, 'INVALID_OWNER_ID', `Owner ${value} does not exist`)];
    return name === 'hs_pipeline_stage' && !stages.includes(value)
      ? [invalidValue(name, 'INVALID_OPTION', `"${value}" was not one of the allowed options`)]
      : [];
  });
  if (wrong.length > 0) throw propertiesRefused(wrong);
};

const mustBeWhole = ({ subject, hs_pipeline_stage: stage }: Record<string, string>): void => {
  if (!subject || !stage) throw invalidRequest('Error creating TICKET. Some required properties were not set.');
};

export const ticketHandlers: Handlers<
  'getTicket' | 'createTicket' | 'searchTickets' | 'updateTicket' | 'upsertTickets'
> = {
  getTicket: (world, { path, query }) => ({
    status: 200,
    body: seen(find(world, path.ticketId, query.idProperty), propertyNames(query.properties) ?? DEFAULT_PROPERTIES),
  }),

  createTicket: (world, { body }) => {
    refuseWrong(world, body.properties);
    mustBeWhole(body.properties);
    const link = checkedTicketLinks(world, body.associations);
    const id = createTicket(world, body.properties);
    link(id);
    const names = [...DEFAULT_PROPERTIES, ...Object.keys(body.properties)];
    return { status: 201, body: seen(find(world, id, undefined), names), writtenId: id };
  },

  searchTickets: (world, { body }) => {
    const { results, ...page } = found(world, world.tickets.values(), body);
    return { status: 200, body: { ...page, results: results.map((record) => seen(record, body.properties)) } };
  },

  upsertTickets: (world, { body }) => {
    const startedAt = new Date(world.now()).toISOString();
    const written = body.inputs.map(({ id: value, idProperty = 'hs_object_id', properties }) => {
      mustBeUnique(world, idProperty);
      refuseWrong(world, properties);
      const standing = [...world.tickets.values()].find((ticket) => ticket.properties[idProperty] === value);
      if (!standing) mustBeWhole(properties);
      const id = standing?.id ?? createTicket(world, { ...properties, [idProperty]: value });
      const occurredAt = world.now();
      const events = Object.entries(standing ? properties : {}).flatMap(([name, newValue]) =>
        setTicketProperty(world, id, name, newValue, { occurredAt, changeSource: 'INTEGRATION' }),
      );
      const names = [...DEFAULT_PROPERTIES, idProperty, ...Object.keys(properties)];
      return { events, result: { ...seen(find(world, id, undefined), names), new: standing === undefined } };
    });
    return {
      status: 200,
      body: {
        status: 'COMPLETE',
        results: written.map(({ result }) => result),
        startedAt,
        completedAt: new Date(world.now()).toISOString(),
      },
      events: written.flatMap(({ events }) => events),
      writtenId: written.map(({ result }) => result.id).join(','),
    };
  },

  updateTicket: (world, { path, query, body }) => {
    const record = find(world, path.ticketId, query.idProperty);
    const changes = Object.entries(body.properties);
    refuseWrong(world, body.properties);
    // One save has one moment, and an event per property.
    const occurredAt = world.now();
    const events = changes.flatMap(([name, value]) =>
      setTicketProperty(world, record.id, name, value, { occurredAt, changeSource: 'INTEGRATION' }),
    );
    const names = [...DEFAULT_PROPERTIES, ...changes.map(([name]) => name)];
    return { status: 200, body: seen(record, names), events, writtenId: record.id };
  },
};
