import type { PortalId } from '../hubspot/ids.ts';
import type { StartResult } from '../temporal/run-starter.ts';

/** Starts what brings so many runs of a portal's crowd, telling in how many ms they may begin. */
export type CrowdLine = (
  portalId: PortalId,
  runs: number,
  start: (beginsInMs: number) => Promise<StartResult>,
) => Promise<StartResult>;

/**
 * The crowds of a portal begin one after the other, `perSecond` of their runs, whatever number of deliveries brings them; 0:
 * at once. No run begins without a call of HubSpot, which lets no more of them through in a second: begun faster, they would
 * only wait elsewhere, and the server and the workers would take up thousands of runs between one reply and the next. What was
 * not started, or is known already, gives its places back.
 *
 * Each process has a line of its own, and a restart forgets it: it saves work, the limit itself is the server's.
 */
export const createCrowdLine = (perSecond: number, now: () => number = Date.now): CrowdLine => {
  if (perSecond === 0) return (_portalId, _runs, start) => start(0);
  const freeAt = new Map<PortalId, number>();
  return async (portalId, runs, start) => {
    const takesMs = (runs * 1_000) / perSecond;
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
