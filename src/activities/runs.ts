import pMap from 'p-map';
import type { RunStarter } from '../temporal/run-starter.ts';
import type { DispatchDeliveryResult, PlannedStart } from '../workflows/contract.ts';

/** More in flight gain nothing: the server is the limit (a start takes its time in the history service). */
const IN_FLIGHT = 20;

export interface RunActivities {
  /** Starts every run that isn't known yet. Doing it again changes nothing: the workflow IDs are the lock. */
  startRuns(input: { starts: PlannedStart[] }): Promise<DispatchDeliveryResult>;
}

export const createRunActivities = (starter: RunStarter): RunActivities => ({
  async startRuns({ starts }) {
    const results = await pMap(starts, (planned) => starter.start(planned), { concurrency: IN_FLIGHT });
    const started = results.filter((result) => result === 'started').length;
    return { started, duplicate: results.length - started };
  },
});
