/** In ms, the longest first. */
const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;

/**
 * Reads what people write for a time, such as `30m`, `2 h` or `1 day`, in ms; `null` where it is none, or not between 1
 * s and 365 days.
 */
export const durationIn = (said: string): number | null => {
  const [, number, unit] = /^(\d{1,6})\s*(d|days?|h|hours?|m|min|minutes?|s|sec|seconds?)$/i.exec(said.trim()) ?? [];
  if (number === undefined || unit === undefined) return null;
  const ms = Number(number) * UNITS[unit.charAt(0).toLowerCase() as keyof typeof UNITS];
  return ms >= UNITS.s && ms <= 365 * UNITS.d ? ms : null;
};

/** A time for people, in the largest unit that says it in whole numbers: `24h`, `90m`. */
export const durationWords = (ms: number): string => {
  for (const [unit, length] of Object.entries(UNITS)) {
    // A day says less than 24 hours do.
    if (ms >= length * (unit === 'd' ? 2 : 1) && ms % length === 0) return `${ms / length}${unit}`;
  }
  return `${ms}ms`;
};
