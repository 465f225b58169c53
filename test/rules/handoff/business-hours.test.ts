import { describe, expect, it } from '@jest/globals';
import {
  afterBusinessTime,
  type BusinessHours,
  momentInWords,
  nextOpening,
} from '../../../src/rules/handoff/business-hours.ts';

const NINE_TO_FIVE: [number, number][] = [[540, 1020]];
const OFFICE: BusinessHours = {
  week: [[], NINE_TO_FIVE, NINE_TO_FIVE, NINE_TO_FIVE, NINE_TO_FIVE, NINE_TO_FIVE, [[600, 840]]],
  holidays: [],
};
const holidays = (...days: [string, string][]): BusinessHours => ({ ...OFFICE, holidays: days });
const always: BusinessHours = { week: Array.from({ length: 7 }, () => [[0, 1440]]), holidays: [] };
const HOUR = 3_600_000;

const openingAfter = (at: string, hours = OFFICE, zone = 'Europe/Berlin') => {
  const opening = nextOpening(Date.parse(at), hours, zone);
  return opening === null ? null : new Date(opening).toISOString();
};
const deadline = (at: string, hours: number, open: BusinessHours | null = OFFICE, zone = 'Europe/Berlin') =>
  new Date(afterBusinessTime(Date.parse(at), hours * HOUR, open ?? undefined, zone)).toISOString();

describe('the next opening', () => {
  it.each([
    ['within the hours', '2026-11-30T10:00:00.000Z', '2026-11-30T10:00:00.000Z'],
    ['at the very opening', '2026-11-30T08:00:00.000Z', '2026-11-30T08:00:00.000Z'],
    ['at the very end', '2026-11-30T16:00:00.000Z', '2026-12-01T08:00:00.000Z'],
    ['before it, on the same day', '2026-11-30T05:00:00.000Z', '2026-11-30T08:00:00.000Z'],
    ['late on a Sunday in UTC, Monday there', '2026-11-29T23:30:00.000Z', '2026-11-30T08:00:00.000Z'],
    ['on Saturday evening', '2026-11-28T18:00:00.000Z', '2026-11-30T08:00:00.000Z'],
    ['over the end of summer time', '2026-10-24T20:00:00.000Z', '2026-10-26T08:00:00.000Z'],
    ['over the begin of summer time', '2026-03-28T20:00:00.000Z', '2026-03-30T07:00:00.000Z'],
  ])('%s', (_, at, opening) => expect(openingAfter(at)).toBe(opening));

  it('passes over holidays, those of each year too, over its turn', () => {
    expect(openingAfter('2026-11-30T05:00:00Z', holidays(['2026-11-30', '2026-11-30']))).toBe(
      '2026-12-01T08:00:00.000Z',
    );
    expect(openingAfter('2027-11-30T05:00:00Z', holidays(['2026-11-30', '2026-11-30']))).toBe(
      '2027-11-30T08:00:00.000Z',
    );
    expect(openingAfter('2026-12-24T05:00:00Z', holidays(['12-24', '01-03']))).toBe('2027-01-04T08:00:00.000Z');
    expect(openingAfter('2026-12-24T05:00:00Z', holidays(['2026-12-24', '2026-12-26']))).toBe(
      '2026-12-28T08:00:00.000Z',
    );
  });

  it('is by the clocks of the zone', () => {
    expect(openingAfter('2026-11-30T05:00:00Z', OFFICE, 'UTC')).toBe('2026-11-30T09:00:00.000Z');
    expect(openingAfter('2026-11-30T05:00:00Z', OFFICE, 'America/New_York')).toBe('2026-11-30T14:00:00.000Z');
    expect(openingAfter('2026-11-29T20:00:00Z', OFFICE, 'Pacific/Auckland')).toBe('2026-11-29T20:00:00.000Z');
    expect(openingAfter('2026-11-30T02:00:00Z', OFFICE, 'Asia/Kolkata')).toBe('2026-11-30T03:30:00.000Z');
  });

  it('is never where nobody opens', () => {
    expect(openingAfter('2026-11-30T05:00:00Z', holidays(['01-01', '12-31']))).toBeNull();
    expect(openingAfter('2026-11-30T05:00:00Z', { week: [], holidays: [] })).toBeNull();
  });
});

describe('a time by the clock of business hours', () => {
  it.each([
    ['that ends on the same day', '2026-11-30T09:00:00Z', 2, '2026-11-30T11:00:00.000Z'],
    ['that is over at the very end', '2026-11-30T15:00:00Z', 1, '2026-11-30T16:00:00.000Z'],
    ['that goes on the next day', '2026-11-30T15:30:00Z', 1, '2026-12-01T08:30:00.000Z'],
    ['that begins at night', '2026-11-30T20:00:00Z', 0.5, '2026-12-01T08:30:00.000Z'],
    ['over a weekend', '2026-11-27T15:00:00Z', 6, '2026-11-30T09:00:00.000Z'],
    ['of several days', '2026-11-30T08:00:00Z', 20, '2026-12-02T12:00:00.000Z'],
    ['of nothing', '2026-11-30T20:00:00Z', 0, '2026-12-01T08:00:00.000Z'],
  ])('%s', (_, at, hours, end) => expect(deadline(at, hours)).toBe(end));

  it('counts every hour where there are no hours, or agents are always there', () => {
    expect(deadline('2026-11-29T20:00:00Z', 5, null)).toBe('2026-11-30T01:00:00.000Z');
    expect(deadline('2026-10-24T20:00:00Z', 48, always)).toBe('2026-10-26T20:00:00.000Z');
  });

  it('counts a time that clocks show twice as it passes, and one that they leave out not at all', () => {
    const night: BusinessHours = { week: [[[60, 240]], [], [], [], [], [], []], holidays: [] };
    // 01:00 to 04:00: four hours in the night when summer time ends, two when it begins.
    expect(deadline('2026-10-24T20:00:00Z', 4, night)).toBe('2026-10-25T03:00:00.000Z');
    expect(deadline('2026-03-28T20:00:00Z', 2, night)).toBe('2026-03-29T02:00:00.000Z');
  });

  it('does not count twice where hours overlap', () => {
    const overlapping: BusinessHours = {
      ...OFFICE,
      week: OFFICE.week.map(() => [
        [540, 720],
        [600, 780],
      ]),
    };
    expect(deadline('2026-11-30T08:00:00Z', 4, overlapping)).toBe('2026-11-30T12:00:00.000Z');
  });

  it('ends where nobody ever opens', () => {
    expect(deadline('2026-11-30T08:00:00Z', 1, { week: [], holidays: [] })).toBe('2026-11-30T09:00:00.000Z');
  });
});

describe('a moment in words', () => {
  const now = Date.parse('2026-11-28T20:00:00Z');
  it.each([
    ['2026-11-30T08:00:00Z', 'en', 'Monday 09:00'],
    ['2026-11-30T08:00:00Z', 'de', 'Montag, 09:00'],
    ['2026-11-30T08:00:00Z', 'fr-CA', 'lundi'],
    ['2026-12-28T08:00:00Z', 'en', 'December'],
    ['2026-11-30T08:00:00Z', 'no such language', 'Monday 09:00'],
  ])('%s in %s', (at, language, words) => {
    expect(momentInWords(Date.parse(at), now, 'Europe/Berlin', language)).toContain(words);
  });
});
