import { describe, expect, it } from '@jest/globals';
import { amountInWords, spentInWords } from '../../src/rules/amounts.ts';

describe('amountInWords', () => {
  it.each([
    [0, '0.00'],
    [1, '0.000001'],
    [310, '0.00031'],
    [3_100, '0.0031'],
    [9_999, '0.009999'],
    [12_345, '0.0123'],
    [500_000, '0.50'],
    [12_400_000, '12.40'],
    [1_234_567_890, '1,234.5679'],
  ])('%i millionths are %s', (millionths, words) => {
    expect(amountInWords(millionths)).toBe(words);
  });
});

describe('spentInWords', () => {
  const spent = { inputTokens: 1_234, outputTokens: 56, cost: 3_100, threadCost: 12_300 };

  it.each([
    ['everything', spent, 'the AI read 1,234 and wrote 56 tokens, cost 0.0031, this thread 0.0123 so far'],
    ['no prices', { ...spent, cost: null, threadCost: null }, 'the AI read 1,234 and wrote 56 tokens'],
    [
      'a call that was not recorded',
      { ...spent, threadCost: null },
      'the AI read 1,234 and wrote 56 tokens, cost 0.0031',
    ],
  ])('says what is known: %s', (_, known, words) => {
    expect(spentInWords(known)).toBe(words);
  });
});
