import { forAll } from './at-once.ts';

/**
 * A read whose result serves for `ms`. Those who ask while it is on its way share it; a failure is theirs, and
 * forgotten. `now`: milliseconds of a clock that never jumps.
 */
export const cached = <Result>(
  read: () => Promise<Result>,
  ms: number,
  now: () => number = () => performance.now(),
): (() => Promise<Result>) => {
  let latest: { at: number; result: Promise<Result> } | null = null;
  return () => {
    if (latest !== null && now() - latest.at < ms) return latest.result;
    const reading = { at: now(), result: forAll(read) };
    latest = reading;
    reading.result.catch(() => {
      if (latest === reading) latest = null;
    });
    return reading.result;
  };
};
