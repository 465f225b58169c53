import { createContact } from '../contacts.ts';
import type { ContactRecord, World } from '../world.ts';
import { HubSpotError, notFound } from './errors.ts';
import { type Handlers, propertyNames, type Schemas } from './operations.ts';
import { doesntExist, propertiesRefused } from './properties.ts';
import { found } from './search.ts';

const DEFAULT_PROPERTIES = ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'];

const find = (world: World, contactId: string, idProperty: string | undefined): ContactRecord => {
  const record =
    idProperty === undefined
      ? world.contacts.get(contactId)
      : [...world.contacts.values()].find(({ properties }) => properties[idProperty] === contactId);
  if (!record) throw notFound(`Object with id ${contactId}`);
  return record;
};

/** A portal knows its standard properties, and those that some contact of it has. */
const isKnown = (world: World, name: string): boolean =>
  DEFAULT_PROPERTIES.includes(name) || [...world.contacts.values()].some(({ properties }) => name in properties);

/** Properties that the portal doesn't know are left out of an answer. */
const seen = (
  world: World,
  { id, createdAt, updatedAt, properties }: ContactRecord,
  names: string[],
): Schemas['Contact'] => {
  return {
    id,
    createdAt,
    updatedAt,
    archived: false,
    properties: Object.fromEntries(
      names.filter((name) => isKnown(world, name)).map((name) => [name, properties[name] ?? null]),
    ),
  };
};

/** An email address belongs to one contact, however it is spelled. */
const holderOf = (world: World, email: string | undefined): ContactRecord | undefined =>
  [...world.contacts.values()].find(({ properties }) => properties.email?.toLowerCase() === email?.toLowerCase());

export const contactHandlers: Handlers<'getContact' | 'createContact' | 'searchContacts'> = {
  getContact: (world, { path, query }) => ({
    status: 200,
    body: seen(
      world,
      find(world, path.contactId, query.idProperty),
      propertyNames(query.properties) ?? DEFAULT_PROPERTIES,
    ),
  }),

  createContact: (world, { body }) => {
    const unknown = Object.keys(body.properties).filter((name) => !isKnown(world, name));
    if (unknown.length > 0) throw propertiesRefused(unknown.map(doesntExist));
    const holder = body.properties.email === undefined ? undefined : holderOf(world, body.properties.email);
    if (holder) {
      throw new HubSpotError(409, {
        message: `Contact already exists. Existing ID: ${holder.id}`,
        category: 'CONFLICT',
      });
    }
    const id = createContact(world, body.properties);
    return { status: 201, body: seen(world, find(world, id, undefined), DEFAULT_PROPERTIES), writtenId: id };
  },

  searchContacts: (world, { body }) => {
    const { results, ...page } = found(world, world.contacts.values(), body);
    return { status: 200, body: { ...page, results: results.map((record) => seen(world, record, body.properties)) } };
  },
};
