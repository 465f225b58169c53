import pMap from 'p-map';
import type { PortalId } from '../hubspot/ids.ts';
import { limitConcurrency } from '../lib/limit-concurrency.ts';
import { bulkPortals, pacedMs } from '../runs/bulk.ts';
import type { DispatchDeliveryResult } from '../runs/dispatch-delivery.ts';
import type { PlannedStart } from '../runs/planned-start.ts';
import type { RunStarter } from '../temporal/run-starter.ts';
import { heartbeatWhile } from './heartbeats.ts';

/** More in flight gain nothing, the server is the limit, and what others wait for stands behind them there. */
const IN_FLIGHT = 5;

export interface RunActivities {
  /** Starts every run that isn't known yet. Doing it again changes nothing: the workflow IDs are the lock. */
  startRuns(input: { starts: PlannedStart[] }): Promise<DispatchDeliveryResult>;
}

/** `perSecond` runs of a portal's bulk begin each second, one after the other; 0: at once. */
export const createRunActivities = (starter: RunStarter, perSecond: number): RunActivities => {
  // One after the other, each is done in a second, and its slot is free for what is more urgent. A hundred together
  // would overrun the server, and all end when the last one does.
  const inTurn = limitConcurrency(() => 1);
  const startAll = (starts: PlannedStart[]) => {
    const inBulk = bulkPortals(starts);
    const places = new Map<PortalId, number>();
    const start = (planned: PlannedStart) => {
      const { portalId } = planned.input;
      if (!inBulk.has(portalId)) return starter.start(planned);
      const place = places.get(portalId) ?? 0;
      places.set(portalId, place + 1);
      return starter.start(planned, { beginsInMs: Math.round(pacedMs(place, perSecond)) });
    };
    return pMap(starts, start, { concurrency: IN_FLIGHT });
  };
  return {
    async startRuns({ starts }) {
      // A wait for one's turn is no sign of death.
      const results = await heartbeatWhile(() =>
        starts.length > IN_FLIGHT ? inTurn(() => startAll(starts)) : startAll(starts),
      );
      const started = results.filter((result) => result === 'started').length;
      return { started, duplicate: results.length - started };
    },
  };
};
