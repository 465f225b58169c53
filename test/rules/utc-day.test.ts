import { describe, expect, it } from '@jest/globals';
import { utcDay } from '../../src/rules/utc-day.ts';

describe('utcDay', () => {
  it.each([
    ['2026-01-31T23:59:59.999Z', '2026-01-31'],
    ['2026-02-01T00:00:00.000Z', '2026-02-01'],
    ['2026-02-01T00:30:00.000+01:00', '2026-01-31'],
  ])('%s is on %s', (time, day) => {
    expect(utcDay(Date.parse(time))).toBe(day);
  });
});
