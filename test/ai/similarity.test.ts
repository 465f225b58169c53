import { describe, expect, it } from '@jest/globals';
import { judgeShadow, similarityOf } from '../../src/ai/similarity.ts';

const SHIPPING = 'Standard shipping takes 2 to 4 working days. You get a tracking link by email once it has left.';

describe('similarityOf', () => {
  it.each([
    ['the same', SHIPPING, SHIPPING, 1, 1],
    ['the same with a greeting and a close', SHIPPING, `Hi Kim!\n\n${SHIPPING}\n\nKind regards`, 0.9, 1],
    ['the same in another order, number and case', 'The refund takes 5 days', 'REFUNDS: 5 day, taken', 0.9, 1],
    [
      'the same in other words',
      SHIPPING,
      'Hello, shipping usually takes two to four working days; the tracking link comes by email.',
      0.5,
      0.9,
    ],
    ['something else', SHIPPING, 'I have refunded your last order, the money will be back by Friday.', 0, 0.2],
    ['nothing', SHIPPING, '', 0, 0],
    ['nothing at all', '', ' \n', 0, 0],
    ['courtesies alone', 'Thank you!', 'thank you', 1, 1],
    ['another language', 'Der Versand dauert zwei Tage', 'Versand: zwei Tage', 0.5, 1],
  ])('of %s', (_, one, other, least, most) => {
    const similarity = similarityOf(one, other);
    expect(similarity).toBe(similarityOf(other, one));
    expect(similarity).toBeGreaterThanOrEqual(least);
    expect(similarity).toBeLessThanOrEqual(most);
  });
});

describe('judgeShadow', () => {
  it.each([
    ['alike', { action: 'reply' as const, words: SHIPPING, human: SHIPPING }],
    ['different', { action: 'reply' as const, words: SHIPPING, human: 'I have refunded you' }],
    ['handoff', { action: 'handoff' as const, words: 'not in the articles', human: 'not in the articles' }],
  ])('%s', (verdict, draft) => {
    expect(judgeShadow(draft).verdict).toBe(verdict);
  });
});
