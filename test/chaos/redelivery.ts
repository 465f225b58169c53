import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { between, pick, type Random } from './random.ts';

/**
 * Sends deliveries again that were acknowledged long ago, as if HubSpot had never heard of it, until `signal` aborts.
 */
export const redeliver = async (simulator: Simulator, random: Random, signal: AbortSignal): Promise<void> => {
  const under: Promise<unknown>[] = [];
  try {
    for (;;) {
      await sleep(between(random, 200, 1_500), undefined, { signal });
      const acknowledged = simulator.deliveries.filter(({ status }) => status === 200);
      if (acknowledged.length > 0) under.push(simulator.sendEvents(pick(random, acknowledged).events));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await Promise.allSettled(under);
  }
};
