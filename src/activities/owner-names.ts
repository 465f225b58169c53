import type { HubSpotClient } from '../hubspot/client.ts';
import type { ActorId, PortalId } from '../hubspot/ids.ts';
import { cached } from '../lib/cached.ts';

/** People hardly ever change their names. */
const NAMES_MS = 60 * 60_000;
/** So many people of all portals are remembered; those beyond are asked for again. */
const MOST_NAMES = 1_000;
/** In characters. */
const LONGEST_NAME = 100;

/**
 * Gives a person's name, as of the last hour; `null` where HubSpot says none, or doesn't answer: no run may wait, or
 * fail, for the sake of a name.
 */
export const createOwnerNames = () => {
  const known = new Map<string, () => Promise<string | null>>();
  return async (client: Pick<HubSpotClient, 'actor'>, portalId: PortalId, actorId: ActorId): Promise<string | null> => {
    const key = `${portalId} ${actorId}`;
    if (known.size >= MOST_NAMES && !known.has(key)) known.clear();
    const read =
      known.get(key) ??
      cached(async () => {
        const { name = '' } = await client.actor(actorId);
        return (
          name
            .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
            .trim()
            .slice(0, LONGEST_NAME) || null
        );
      }, NAMES_MS);
    known.set(key, read);
    return await read().catch(() => null);
  };
};
