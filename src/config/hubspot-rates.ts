/** How fast HubSpot is called in one portal, all workers together; 0: as fast as it goes. */
export interface HubSpotRates {
  /** Calls a second. */
  hubspotCallsPerSecond: number;
  /** Activities that call HubSpot and begin each second. */
  hubspotActivitiesPerSecond: number;
  /** Runs of a large delivery that begin each second. */
  bulkRunsPerSecond: number;
}

/** HubSpot's limit for apps of one account, in Professional and Enterprise: 190 calls in ten seconds. */
const CALLS = 19;

/** Activities make 1 to 3 calls: what begins beyond this would mostly wait in a worker rather than in its queue. */
const ACTIVITIES_OF_CALLS = 0.6;

/** An answer takes about six calls, and what is begun goes first. */
const RUNS_OF_CALLS = 1 / 3;

const part = (calls: number, share: number): number => Math.ceil(calls * share);

/**
 * The rates by their settings. Before calls were counted, no limit on activities was no limit at all: so it stays where
 * somebody has asked for it.
 */
export const hubspotRates = (env: {
  HUBSPOT_CALLS_PER_SECOND?: number | undefined;
  HUBSPOT_ACTIVITIES_PER_SECOND?: number | undefined;
}): HubSpotRates => {
  const { HUBSPOT_ACTIVITIES_PER_SECOND: activities } = env;
  const calls = env.HUBSPOT_CALLS_PER_SECOND ?? (activities === 0 ? 0 : CALLS);
  const bulk = [part(calls, RUNS_OF_CALLS), activities ?? 0].filter((rate) => rate > 0);
  return {
    hubspotCallsPerSecond: calls,
    hubspotActivitiesPerSecond: activities ?? part(calls, ACTIVITIES_OF_CALLS),
    bulkRunsPerSecond: activities === 0 || bulk.length === 0 ? 0 : Math.min(...bulk),
  };
};
