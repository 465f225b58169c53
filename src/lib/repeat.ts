import { setInterval } from 'node:timers/promises';

/**
 * Does `step` every `everyMs`, for the first time after that, until `signal` ends it. Keeps no process alive.
 * @throws what a step throws: it is the last one then
 */
export const repeatEvery = async (everyMs: number, step: () => Promise<void>, signal: AbortSignal): Promise<void> => {
  try {
    for await (const _ of setInterval(everyMs, undefined, { signal, ref: false })) await step();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
