import { describe, expect, it } from '@jest/globals';
import { costOf, millionths } from '../../src/ai/prices.ts';

describe('costOf', () => {
  it.each([
    ['nothing', 0, 0, 0],
    ['one token in', 1, 0, 3],
    ['one token out', 0, 1, 15],
    ['a short question', 1_234, 56, 4_542],
    ['a million each', 1_000_000, 1_000_000, 18_000_000],
  ])('of %s, at 3 and 15 a million, in millionths', (_, inputTokens, outputTokens, cost) => {
    expect(costOf({ inputTokens, outputTokens }, { input: 3, output: 15 })).toBe(cost);
  });

  it('is whole also where a token costs less than a millionth', () => {
    expect(costOf({ inputTokens: 3, outputTokens: 0 }, { input: 0.15, output: 0.6 })).toBe(0);
    expect(costOf({ inputTokens: 4, outputTokens: 0 }, { input: 0.15, output: 0.6 })).toBe(1);
  });
});

it('an amount is turned into millionths without the errors of binary fractions', () => {
  expect([0.1, 0.7, 1.15, 5].map(millionths)).toEqual([100_000, 700_000, 1_150_000, 5_000_000]);
});
