import pMap from 'p-map';
import { createGate } from '../gate.ts';
import type { RunStarter } from '../temporal/run-starter.ts';
import type { DispatchDeliveryResult, PlannedStart } from '../workflows/contract.ts';
import { crowdedPortals } from '../workflows/rules/crowd.ts';
import { whileBeating } from './heartbeats.ts';

/** More in flight gain nothing: the server is the limit (a start takes its time in the history service). */
const IN_FLIGHT = 20;

export interface RunActivities {
  /** Starts every run that isn't known yet. Doing it again changes nothing: the workflow IDs are the lock. */
  startRuns(input: { starts: PlannedStart[] }): Promise<DispatchDeliveryResult>;
}

export const createRunActivities = (starter: RunStarter): RunActivities => {
  // One after the other, each is done in a second, and its slot is free for what is more urgent. A hundred together would
  // overrun the server, and all end when the last one does.
  const inTurn = createGate(() => 1);
  const startAll = (starts: PlannedStart[]) => {
    const crowded = crowdedPortals(starts);
    return pMap(starts, (planned) => starter.start(planned, crowded.has(planned.input.portalId)), {
      concurrency: IN_FLIGHT,
    });
  };
  return {
    async startRuns({ starts }) {
      // A wait for one's turn is no sign of death.
      const results = await whileBeating(() =>
        starts.length > IN_FLIGHT ? inTurn(() => startAll(starts)) : startAll(starts),
      );
      const started = results.filter((result) => result === 'started').length;
      return { started, duplicate: results.length - started };
    },
  };
};
