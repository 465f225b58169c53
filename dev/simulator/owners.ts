/** Owners have ids of their own, far from those of users. */
const FIRST_OWNER = 70_000_000;

/** The id by which a user owns tickets. */
export const ownerIdOf = (userId: number): string => String(FIRST_OWNER + userId);

/** The user behind an owner's id; `null` for an id that no owner has. */
export const userIdOf = (ownerId: string): number | null => {
  const userId = Number(ownerId) - FIRST_OWNER;
  return Number.isSafeInteger(userId) && userId > 0 ? userId : null;
};
