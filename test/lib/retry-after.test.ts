import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from '../../src/lib/retry-after.ts';

describe('retryAfterMs', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');
  it.each<[string | null, number | undefined]>([
    ['7', 7_000],
    ['0', 0],
    ['0.5', 500],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['86400', 3_600_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', undefined],
    ['-3', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %j ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
