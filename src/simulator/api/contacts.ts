import type { ContactRecord, World } from '../world.ts';
import { notFound } from './errors.ts';
import { type Handlers, propertyNames, type Schemas } from './operations.ts';

const DEFAULT_PROPERTIES = ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'];

const find = (world: World, contactId: string, idProperty: string | undefined): ContactRecord => {
  const record =
    idProperty === undefined
      ? world.contacts.get(contactId)
      : [...world.contacts.values()].find(({ properties }) => properties[idProperty] === contactId);
  if (!record) throw notFound(`Object with id ${contactId}`);
  return record;
};

/** A portal knows its standard properties, and those that some contact of it has; others are left out of an answer. */
const seen = (
  world: World,
  { id, createdAt, updatedAt, properties }: ContactRecord,
  names: string[],
): Schemas['Contact'] => {
  const known = new Set([
    ...DEFAULT_PROPERTIES,
    ...[...world.contacts.values()].flatMap((contact) => Object.keys(contact.properties)),
  ]);
  return {
    id,
    createdAt,
    updatedAt,
    archived: false,
    properties: Object.fromEntries(
      names.filter((name) => known.has(name)).map((name) => [name, properties[name] ?? null]),
    ),
  };
};

export const contactHandlers: Handlers<'getContact'> = {
  getContact: (world, { path, query }) => ({
    status: 200,
    body: seen(
      world,
      find(world, path.contactId, query.idProperty),
      propertyNames(query.properties) ?? DEFAULT_PROPERTIES,
    ),
  }),
};
