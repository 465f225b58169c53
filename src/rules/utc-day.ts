/** A moment's day in UTC, `2026-01-31`. `at`: milliseconds since the epoch. */
export const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
