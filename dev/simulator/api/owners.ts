import { ownerIdOf, userIdOf } from '../owners.ts';
import type { World } from '../world.ts';
import { notFound } from './errors.ts';
import type { Handlers, Schemas } from './operations.ts';
import { pageOf } from './paging.ts';

const MADE_AT = '2024-01-01T00:00:00.000Z';

const owner = (world: World, userId: number): Schemas['Owner'] => ({
  id: ownerIdOf(userId),
  userId,
  email: world.actors.get(`A-${userId}`)?.email ?? `user-${userId}@example.com`,
  type: 'PERSON',
  archived: false,
  createdAt: MADE_AT,
  updatedAt: MADE_AT,
});

/** The users that anybody has met, but for those who own nothing. */
const users = ({ actors, behaviour }: World): number[] =>
  [...actors.keys()]
    .flatMap((id) => Number(/^A-(\d+)$/.exec(id)?.[1] ?? Number.NaN))
    .filter((userId) => !Number.isNaN(userId) && !behaviour.usersWithoutOwner.includes(userId));

export const ownerHandlers: Handlers<'getOwner' | 'listOwners'> = {
  listOwners: (world, { query }) => {
    const owners = query.archived ? [] : users(world).map((userId) => owner(world, userId));
    return { status: 200, body: pageOf(owners, { after: query.after, limit: query.limit ?? 100 }) };
  },

  getOwner: (world, { path, query }) => {
    const userId = query.idProperty === 'userId' ? Number(path.ownerId) : userIdOf(path.ownerId);
    if (userId === null || world.behaviour.usersWithoutOwner.includes(userId)) throw notFound(`Owner ${path.ownerId}`);
    return { status: 200, body: owner(world, userId) };
  },
};
