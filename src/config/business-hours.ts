import { z } from 'zod';
import type { BusinessHours } from '../rules/handoff/business-hours.ts';
import { commaSeparated } from './primitives.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTES_OF_DAY = 24 * 60;

const HOURS_ERROR = 'must be days and hours, such as mon-fri 09:00-17:00, sat 10:00-14:00';
const SPAN = /^([a-z]{3})(?:\s*-\s*([a-z]{3}))?\s+(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)$/i;

type Span = [from: number, to: number];

/** The days of the week from one to the other, over its turn too. */
const daysBetween = (first: string, last: string): number[] | null => {
  const [from, to] = [DAYS.indexOf(first.toLowerCase()), DAYS.indexOf(last.toLowerCase())];
  if (from === undefined || to === undefined || from === -1 || to === -1) return null;
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
};

/** `mon-fri 09:00-17:00`, each day's part by itself; `null` where it is none. Hours over midnight are two parts. */
const spansIn = (text: string): { day: number; span: Span }[] | null => {
  const [, first = '', last = first, ...clocks] = SPAN.exec(text.trim()) ?? [];
  const days = daysBetween(first, last);
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = clocks.map(Number);
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  if (days === null || from >= MINUTES_OF_DAY || to > MINUTES_OF_DAY || from === to) return null;
  return days.flatMap((day): { day: number; span: Span }[] =>
    from < to
      ? [{ day, span: [from, to] }]
      : [{ day, span: [from, MINUTES_OF_DAY] }, ...(to === 0 ? [] : [{ day: (day + 1) % 7, span: [0, to] as Span }])],
  );
};

/** A text, or a list of them, as the parts between commas. */
const parts = (error: string) =>
  z.union([z.string().transform(commaSeparated), z.array(z.string())], { error }).transform((said) => said.flat());

const week = parts(HOURS_ERROR).transform((said, context): BusinessHours['week'] => {
  const spans = said.map(spansIn);
  if (said.length > 0 && spans.every((one) => one !== null)) {
    const all = spans.flat();
    return DAYS.map((_, day) =>
      all
        .filter((one) => one.day === day)
        .map(({ span }) => span)
        .sort(([a], [b]) => a - b),
    );
  }
  context.addIssue({ code: 'custom', message: HOURS_ERROR });
  return z.NEVER;
});

const HOLIDAYS_ERROR =
  'must be days, such as 2026-12-31, 12-25 for each year, or 12-24..12-26 for all between them, 400 at most';

/** A leap year, so that each year may have its 29th of February. */
const isDay = (day: string): boolean => {
  const whole = day.length === 5 ? `2024-${day}` : day;
  const at = new Date(`${whole}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === whole;
};

const holidayIn = (text: string): BusinessHours['holidays'][number] | null => {
  const [first = '', last = first, ...more] = text.split('..').map((day) => day.trim());
  const isRight = [first, last].every((day) => /^(?:\d{4}-)?\d\d-\d\d$/.test(day) && isDay(day));
  if (!isRight || more.length > 0 || first.length !== last.length) return null;
  return first.length === 10 && first > last ? null : [first, last];
};

const holidays = parts(HOLIDAYS_ERROR).transform((said, context): BusinessHours['holidays'] => {
  const days = said.map(holidayIn);
  if (said.length <= 400 && days.every((day) => day !== null)) return days;
  context.addIssue({ code: 'custom', message: HOLIDAYS_ERROR });
  return z.NEVER;
});

/** What both the environment and a portal of `PORTALS_FILE` say of when agents work. */
export const businessHours = week.optional();
export const businessHolidays = holidays.default([]);
