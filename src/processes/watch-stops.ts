import type { Logger } from 'pino';
import { repeatEvery } from '../lib/repeat.ts';
import type { Stop, StopScope, Stops } from '../sessions/stops.ts';

const WATCH_MS = 15_000;

/**
 * Logs each stop of the AI as it begins and ends, hands it to `changed`, and the number of stops to `count`, by scope,
 * until `signal` ends it. Only for people and alerts: what obeys a stop asks the database itself.
 */
export const watchStops = async (
  { list }: Pick<Stops, 'list'>,
  count: (scope: StopScope, stopped: boolean) => void,
  {
    signal,
    logger,
    everyMs = WATCH_MS,
    changed = async () => undefined,
  }: {
    signal: AbortSignal;
    logger: Pick<Logger, 'warn'>;
    everyMs?: number;
    changed?: (stop: Stop, change: 'begun' | 'ended') => Promise<void>;
  },
): Promise<void> => {
  let known = new Map<StopScope, Stop>();
  const look = async (): Promise<void> => {
    try {
      const now = new Map((await list()).map((stop) => [stop.scope, stop]));
      const begun = [...now.values()].filter(({ scope }) => !known.has(scope));
      const ended = [...known.values()].filter(({ scope }) => !now.has(scope));
      for (const { scope, by } of begun)
        logger.warn({ scope, by }, 'An operator has stopped the AI: it posts nothing to customers');
      for (const { scope } of ended) logger.warn({ scope }, 'The AI may answer again: its stop has ended');
      for (const scope of new Set(['all' as const, ...known.keys(), ...now.keys()])) count(scope, now.has(scope));
      known = now;
      const notify = (stop: Stop, change: 'begun' | 'ended') =>
        changed(stop, change).catch((error: unknown) => {
          logger.warn({ err: error, scope: stop.scope }, 'Nobody could be notified of a stop of the AI');
        });
      await Promise.all([...begun.map((stop) => notify(stop, 'begun')), ...ended.map((stop) => notify(stop, 'ended'))]);
    } catch (error) {
      logger.warn({ err: error }, 'Stops of the AI could not be listed: they stay in force');
    }
  };
  await look();
  await repeatEvery(everyMs, look, signal);
};
