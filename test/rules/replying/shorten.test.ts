import { describe, expect, it } from '@jest/globals';
import { shorten } from '../../../src/rules/replying/shorten.ts';

describe('shorten', () => {
  it.each([
    ['leaves what fits', 'One. Two.', 9, 'One. Two.'],
    ['ends with a sentence', 'One. Two. Three.', 12, 'One. Two. …'],
    ['ends behind a quote that ends a sentence', 'He said: "No." And more', 17, 'He said: "No." …'],
    ['ends with a line', '- one\n- two\n- three', 14, '- one\n- two …'],
    ['knows the ends of sentences that no blank follows', '一。二！三四五六', 6, '一。二！ …'],
    ['takes no number of a list for a sentence', '1. one\n2. two\n3. three', 18, '1. one\n2. two …'],
    ['ends behind a word where the first sentence is too long', 'one two three four', 12, 'one two …'],
    ['never ends inside a character', '👍👍👍👍', 5, '👍 …'],
  ])('%s', (_, text, longest, expected) => {
    expect(shorten(text, longest)).toBe(expected);
    expect(expected.length).toBeLessThanOrEqual(longest);
  });

  it('measures as it is told', () => {
    expect(shorten('One. Two. Three.', 7, (part) => part.replace(/[^a-z]/gi, '').length)).toBe('One. Two. …');
  });

  it('takes any text of a hostile length', () => {
    for (const text of [' \n', '.', '. ', 'x', '1. ', '\n\n.'].map((part) => part.repeat(100_000 / part.length)))
      expect(shorten(text, 2_000).length).toBeLessThanOrEqual(2_000);
  });
});
