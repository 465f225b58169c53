import type { Notification } from '../rules/notify/notification.ts';
import type { PortalSettings } from '../rules/settings.ts';
import type { Stop } from '../sessions/stops.ts';

/** Of a stop that began before, each portal was notified by the worker that ran then, in ms. */
const RECENT_MS = 24 * 60 * 60_000;

/**
 * What portals are to be notified of once a stop was seen to begin or to end: each once, whichever worker sees it, by
 * when the stop began.
 */
export const noticesOfStop = (
  { scope, at }: Stop,
  change: 'begun' | 'ended',
  portals: readonly PortalSettings[],
  now: number,
): Notification[] => {
  if (now - at.getTime() > RECENT_MS && change === 'begun') return [];
  const where = scope === 'all' ? 'in every portal' : 'in this portal';
  return portals
    .filter(({ portalId, notify }) => notify?.events.includes('stopped') && (scope === 'all' || scope === portalId))
    .map(({ portalId }) => ({
      portalId,
      event: 'stopped',
      about: `${scope}-${at.getTime()}-${change}`,
      at: now,
      reason: `stop-${change}`,
      detail:
        change === 'begun'
          ? `An operator has stopped the AI ${where}: it posts nothing to customers`
          : `The stop has ended ${where}: the AI may answer again`,
    }));
};
