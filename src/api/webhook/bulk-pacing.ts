import type { PortalId } from '../../hubspot/ids.ts';
import { pacedMs } from '../../runs/bulk.ts';
import type { StartResult } from '../../temporal/run-starter.ts';

/** Calls `start` for a part of a portal's bulk, with the number of ms after which its `runs` may begin. */
export type BulkPacing = (
  portalId: PortalId,
  runs: number,
  start: (beginsInMs: number) => Promise<StartResult>,
) => Promise<StartResult>;

/**
 * A portal's bulk begins part by part, `perSecond` runs of it, whatever number of deliveries brings them; 0: at once.
 * No run begins without a call of HubSpot, which lets no more of them through in a second: begun faster, they
 * would only wait elsewhere, and the server and the workers would take up thousands of runs between one reply and the
 * next. What was not started, or is known already, gives its places back.
 *
 * Each process paces by itself, and a restart forgets it: pacing saves work, the limit itself is the server's.
 */
export const createBulkPacing = (perSecond: number, now: () => number = Date.now): BulkPacing => {
  if (perSecond === 0) return (_portalId, _runs, start) => start(0);
  const freeAt = new Map<PortalId, number>();
  return async (portalId, runs, start) => {
    const takesMs = pacedMs(runs, perSecond);
    const beginsAt = Math.max(now(), freeAt.get(portalId) ?? 0);
    freeAt.set(portalId, beginsAt + takesMs);
    let started = false;
    try {
      const result = await start(Math.round(beginsAt - now()));
      started = result === 'started';
      return result;
    } finally {
      if (!started) freeAt.set(portalId, (freeAt.get(portalId) ?? 0) - takesMs);
    }
  };
};
