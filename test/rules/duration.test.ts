import { describe, expect, it } from '@jest/globals';
import { durationIn, durationWords, waitInWords } from '../../src/rules/duration.ts';

describe('durationIn', () => {
  it.each([
    ['2h', 7_200_000],
    ['30 min', 1_800_000],
    [' 1 day ', 86_400_000],
    ['90m', 5_400_000],
    ['45 Seconds', 45_000],
    ['365d', 31_536_000_000],
    ['366d', null],
    ['0m', null],
    ['5', null],
    ['tomorrow', null],
    ['-1h', null],
    ['', null],
  ])('%j → %s ms', (said, ms) => {
    expect(durationIn(said)).toBe(ms);
  });
});

it.each([
  [86_400_000, '24h'],
  [172_800_000, '2d'],
  [5_400_000, '90m'],
  [45_000, '45s'],
  [300, '300ms'],
])('durationWords(%i) → %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

it.each([
  [null, '–'],
  [0, '0.0 s'],
  [4_240, '4.2 s'],
  [59_900, '59 s'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [2 * 3_600_000, '2 h'],
  [2 * 3_600_000 + 12 * 60_000, '2 h 12 min'],
  [49 * 3_600_000, '2 days'],
] as const)('waitInWords says %p ms as %s', (ms, words) => {
  expect(waitInWords(ms)).toBe(words);
});
