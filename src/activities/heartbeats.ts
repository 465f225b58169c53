import { heartbeat } from '@temporalio/activity';

/**
 * Well within the heartbeat timeout of 20 s. The answer to a heartbeat may be that the run was cancelled; a worker
 * sends one each 3 s at most (temporal/worker.ts).
 */
const BEAT_MS = 2_000;

/**
 * Shows Temporal while `work` goes on that this worker lives, so that another one takes over within seconds of its
 * death. `details`: what the next attempt has to know by then; asked for at each beat.
 */
export const heartbeatWhile = async <T>(
  work: () => Promise<T>,
  details: () => unknown = () => undefined,
): Promise<T> => {
  const beat = setInterval(() => heartbeat(details()), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
};

/** A family whose every activity beats, but for those named, which do so themselves. */
export const withHeartbeats = <Family extends object>(family: Family, ...but: (keyof Family)[]): Family =>
  Object.fromEntries(
    Object.entries(family).map(([name, activity]) => [
      name,
      but.includes(name as keyof Family)
        ? activity
        : (...input: unknown[]) => heartbeatWhile(async () => await activity(...input)),
    ]),
  ) as Family;
