import { describe, expect, it } from '@jest/globals';
import { durationIn, durationWords } from '../../src/rules/duration.ts';

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
