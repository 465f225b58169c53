/** When agents work, in the portal's time zone. Plain data: it goes into the history of runs. */
export interface BusinessHours {
  /** Of each day of the week, Sunday first: spans in minutes since midnight, 0 to 1440, the earliest first. */
  week: readonly (readonly (readonly [from: number, to: number])[])[];
  /** First and last day, both included: `2026-12-24` once, `12-24` each year. */
  holidays: readonly (readonly [first: string, last: string])[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Who doesn't open within this many days never does, as far as a customer can tell. */
const MOST_DAYS = 400;

/** A time as its own zone's clocks show it, written down as if it were UTC, in ms. */
const clockOf = (zone: Intl.DateTimeFormat, at: number): number => {
  const parts = Object.fromEntries(zone.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

const zoneOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });

/**
 * When the clocks of a zone show this, in ms since the epoch: the first time, where they show it twice. What they leave
 * out is as long after the last time before it.
 */
const instantOf = (zone: Intl.DateTimeFormat, clock: number): number => {
  const offsetAt = (at: number): number => clockOf(zone, at) - Math.floor(at / 1000) * 1000;
  const before = clock - offsetAt(clock - DAY_MS);
  const after = clock - offsetAt(clock + DAY_MS);
  return [before, after].sort((a, b) => a - b).find((at) => clockOf(zone, at) === clock) ?? before;
};

const isHoliday = (holidays: BusinessHours['holidays'], date: string): boolean =>
  holidays.some(([first, last]) => {
    const day = date.slice(-first.length);
    // Over the turn of the year.
    return first <= last ? first <= day && day <= last : day >= first || day <= last;
  });

/** The spans of business hours that end after a moment, the earliest first, as far as they are looked for. */
function* spansAfter(at: number, { week, holidays }: BusinessHours, timeZone: string): Generator<[number, number]> {
  const zone = zoneOf(timeZone);
  const today = Math.floor(clockOf(zone, at) / DAY_MS) * DAY_MS;
  for (let days = 0; days <= MOST_DAYS; days += 1) {
    const day = new Date(today + days * DAY_MS);
    if (isHoliday(holidays, day.toISOString().slice(0, 10))) continue;
    for (const [from, to] of week[day.getUTCDay()] ?? []) {
      const end = instantOf(zone, day.getTime() + to * MINUTE_MS);
      if (end > at) yield [instantOf(zone, day.getTime() + from * MINUTE_MS), end];
    }
  }
}

/**
 * When agents are there next: the moment itself (ms since the epoch) where they are now; `null` where they don't
 * come within a year.
 */
export const nextOpening = (at: number, hours: BusinessHours, timeZone: string): number | null => {
  for (const [from] of spansAfter(at, hours, timeZone)) return Math.max(from, at);
  return null;
};

/**
 * When a time is over by a clock that waits outside business hours, in ms since the epoch. Where they never
 * come, and where there are none (`undefined`), every hour counts.
 */
export const afterBusinessTime = (
  at: number,
  ms: number,
  hours: BusinessHours | undefined,
  timeZone: string,
): number => {
  if (!hours) return at + ms;
  let left = ms;
  let reached = at;
  for (const [from, to] of spansAfter(at, hours, timeZone)) {
    const begins = Math.max(from, reached);
    if (to <= begins) continue;
    if (left <= to - begins) return begins + left;
    left -= to - begins;
    reached = to;
  }
  return at + ms;
};

/** A moment for people, in their language: `Monday 09:00`, with the date where that is more than a few days away. */
export const momentInWords = (at: number, now: number, timeZone: string, language = 'en'): string => {
  const isFar = at - now > 6 * DAY_MS;
  const format = (tag: string): string =>
    new Intl.DateTimeFormat(tag, {
      timeZone,
      ...(isFar ? { day: 'numeric', month: 'long' } : {}),
      ...{ weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    }).format(at);
  try {
    return format(language);
  } catch {
    // It is a language that nobody has heard of.
    return format('en');
  }
};
