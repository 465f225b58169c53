import type { Simulator } from '../../simulator/simulator.ts';

/** How the simulated HubSpot can fail, until it is mended. */
export const HUBSPOT_FAULTS = ['none', 'rate-limit', 'server-error', 'lost-answer'] as const;
export type HubSpotFault = (typeof HUBSPOT_FAULTS)[number];

/** Sets this fault in place of the one before. */
export const breakHubSpot = ({ faults }: Pick<Simulator, 'faults'>, fault: HubSpotFault): void => {
  faults.clear();
  const times = Number.POSITIVE_INFINITY;
  switch (fault) {
    case 'none':
      break;
    case 'rate-limit':
      faults.add({ kind: 'rate-limit', retryAfter: 1, times });
      break;
    case 'server-error':
      faults.add({ kind: 'status', status: 500, times });
      break;
    case 'lost-answer':
      // What is written stays written, and nobody learns of it.
      faults.add({ kind: 'reset-after', match: { route: 'postMessage' }, times });
      break;
  }
};
