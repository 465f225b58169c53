import { isoTime, type World } from './world.ts';

/** A new contact with these properties. Gives its id, by which a customer's message can name it. */
export const createContact = (world: World, properties: Record<string, string> = {}): string => {
  const id = world.ids.visitor();
  const createdAt = isoTime(world.now());
  world.contacts.set(id, {
    id,
    createdAt,
    updatedAt: createdAt,
    properties: { createdate: createdAt, lastmodifieddate: createdAt, hs_object_id: id, ...properties },
  });
  return id;
};
