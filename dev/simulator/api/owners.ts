import { ownerIdOf, userIdOf } from '../owners.ts';
import { notFound } from './errors.ts';
import type { Handlers } from './operations.ts';

const MADE_AT = '2024-01-01T00:00:00.000Z';

export const ownerHandlers: Handlers<'getOwner'> = {
  getOwner: (world, { path, query }) => {
    const userId = query.idProperty === 'userId' ? Number(path.ownerId) : userIdOf(path.ownerId);
    if (userId === null || world.behaviour.usersWithoutOwner.includes(userId)) throw notFound(`Owner ${path.ownerId}`);
    const times = { createdAt: MADE_AT, updatedAt: MADE_AT };
    return { status: 200, body: { id: ownerIdOf(userId), userId, type: 'PERSON', archived: false, ...times } };
  },
};
