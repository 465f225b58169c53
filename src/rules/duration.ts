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

/** How long somebody has waited, in its largest unit or two: `4.2 s`, `45 min`, `3 h 12 min`; nothing is a dash. */
export const waitInWords = (ms: number | null): string => {
  if (ms === null) return '–';
  if (ms < UNITS.m) return `${ms < 10 * UNITS.s ? Math.max(0, ms / UNITS.s).toFixed(1) : Math.floor(ms / UNITS.s)} s`;
  const minutes = Math.floor(ms / UNITS.m);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(ms / UNITS.h);
  if (hours >= 48) return `${Math.floor(ms / UNITS.d)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
};
