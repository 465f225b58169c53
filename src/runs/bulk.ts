import type { PortalId } from '../hubspot/ids.ts';
import type { PlannedStart } from './planned-start.ts';

/**
 * More starts of one portal than this in one delivery are bulk: an import, a campaign's echo, an outage's backlog.
 */
export const BULK_FROM_MORE_THAN = 10;

/** The portals of a delivery that more than {@link BULK_FROM_MORE_THAN} of its starts belong to. */
export const bulkPortals = (starts: readonly PlannedStart[]): ReadonlySet<PortalId> => {
  const counts = new Map<PortalId, number>();
  for (const { input } of starts) counts.set(input.portalId, (counts.get(input.portalId) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > BULK_FROM_MORE_THAN).map(([portalId]) => portalId));
};

/**
 * Computes how long so many runs of one portal take to begin, `perSecond` of them each second, in ms; 0: all at once.
 */
export const pacedMs = (runs: number, perSecond: number): number => (perSecond === 0 ? 0 : (runs * 1_000) / perSecond);
