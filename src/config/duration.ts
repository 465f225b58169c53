import ms from 'ms';
import { listOf } from './list-of.ts';

const UNITS = ['ms', 's', 'm', 'h', 'd'] as const;
type Unit = (typeof UNITS)[number];

/** The units that a number without one is likely to mean, where a day is too long, and where it isn't. */
const SHORT = ['s', 'ms'] as const;
const LONG = ['d', 'h', 'm', 's'] as const;

const NUMBER = /^\d{1,8}(?:\.\d{1,3})?$/;
const PART = String.raw`(\d{1,8}(?:\.\d{1,3})?)\s*([a-z]+)`;
const PARTS = new RegExp(String.raw`^${PART}(?:[\s,]*${PART}){0,4}$`);

/** As people write them too, for the advice alone. */
const unitOf = (word: string): Unit | null => {
  const [, unit = ''] =
    /^(ms|millis|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)$/.exec(word) ?? [];
  if (unit === '') return null;
  return unit.startsWith('ms') || unit.startsWith('mil') ? 'ms' : (unit[0] as Unit);
};

/** With one number and one unit: 5400000 is `90m`. */
const spelled = (milliseconds: number): string => {
  if (milliseconds === 0) return '0s';
  const unit = UNITS.findLast((each) => milliseconds % ms(`1${each}`) === 0) ?? 'ms';
  return `${milliseconds / ms(`1${unit}`)}${unit}`;
};

/** Gives what `5 S` or `1h30m` means, in ms; `null`: nobody knows. */
const meant = (text: string): number | null => {
  const lower = text.toLowerCase();
  if (!PARTS.test(lower)) return null;
  const parts = [...lower.matchAll(new RegExp(PART, 'g'))].map(([, number = '', word = '']) => {
    const unit = unitOf(word);
    return unit && ms(`${Number(number)}${unit}`);
  });
  if (!parts.every((part) => part !== null)) return null;
  return Math.round(parts.reduce((sum, part) => sum + part, 0));
};

/**
 * `5s`, `2m`, `500ms`, `1.5h`: one number, one unit. `0` needs no unit; any other number without one is refused, since
 * it would be milliseconds to one reader and seconds to another.
 */
export const DURATION = /^(?:0|\d{1,8}(?:\.\d{1,3})?(?:ms|s|m|h|d))$/;

/** Reads what matches {@link DURATION}, in ms; 1.001s is 1001 of them, and not 1000.9999999999999. */
export const durationInMs = (text: string): number => {
  const milliseconds = ms(text as ms.StringValue);
  const whole = Math.round(milliseconds);
  return Math.abs(milliseconds - whole) < 1e-6 ? whole : milliseconds;
};

/** The bounds of a duration, in ms. */
export interface DurationBounds {
  /** 0 may be less. */
  leastMs: number;
  mostMs: number;
}

/**
 * Says whether a duration can be waited for: whole milliseconds, 0 or within the bounds. Past them is past a timer's
 * range too.
 */
export const isWithin = (milliseconds: number, { leastMs, mostMs }: DurationBounds): boolean =>
  Number.isInteger(milliseconds) && (milliseconds === 0 || milliseconds >= leastMs) && milliseconds <= mostMs;

/**
 * Advises what to write instead of a text that doesn't match {@link DURATION}, to be put behind its name, such as `has
 * no unit: write 5s or 5ms`; `otherwise` where that isn't known, or would be out of bounds. It repeats nothing of the
 * text but what is surely a duration.
 */
export const durationAdvice = (text: string, bounds: DurationBounds, otherwise: string): string => {
  if (NUMBER.test(text)) {
    const likely = bounds.mostMs < ms('1d') ? SHORT : LONG;
    const spellings = likely.map((unit) => `${Number(text)}${unit}`);
    const fitting = spellings.filter((spelling) => isWithin(durationInMs(spelling), bounds));
    return fitting.length === 0 ? otherwise : `has no unit: write ${listOf(fitting)}`;
  }
  const milliseconds = meant(text);
  if (milliseconds === null || !isWithin(milliseconds, bounds)) return otherwise;
  return `must be one number and one unit (ms, s, m, h or d) without a space: write ${spelled(milliseconds)}`;
};
