import { describe, expect, it } from '@jest/globals';
import { createPassageSearch } from '../../../src/ai/knowledge/passage-search.ts';
import { splitArticle } from '../../../src/ai/knowledge/passages.ts';

const search = createPassageSearch(
  [
    [
      'bicycle.md',
      '# Bicycle\n\n## Change a tyre\n\nTake the wheel out.\n\n## Oil the chain\n\nUse a drop for every link of it.',
    ],
    ['boat.md', '# Boat\n\n## Paint the hull\n\nPaint it in spring, in the shade. It costs 250.'],
    ['twin-a.md', '# Lanterns\n\nLight one.'],
    ['twin-b.md', '# Lanterns\n\nLight one.'],
  ].flatMap(([path = '', markdown = '']) => splitArticle(markdown, path)),
);

describe('the search for a passage', () => {
  it('is sure when every distinctive word of the question is there', () => {
    expect(search('How do I change a tyre on my bicycle?')).toMatchObject({
      passage: { title: 'Change a tyre' },
      evidence: { asked: 1 },
    });
  });

  it('finds a word in another form, in capitals, with an accent, or misspelt by a letter', () => {
    for (const question of ['changing tyres', 'CHANGED TYRE', 'change týre', 'bicicle tyre']) {
      expect(search(question)).toMatchObject({ passage: { title: 'Change a tyre' } });
    }
  });

  it('does not take one short word for another', () => {
    expect(search('boot')).toBeNull();
  });

  it('is half sure of a question whose other word no article knows', () => {
    expect(search('change my gearbox')).toMatchObject({ passage: { title: 'Change a tyre' }, confidence: 0.5 });
  });

  it('is less sure the more of the question is unknown', () => {
    expect(search('change the gearbox of a submarine')?.confidence).toBeLessThan(0.5);
  });

  it("leaves the customer's own numbers and addresses aside, and keeps those that an article has", () => {
    expect(search('change tyre 4711-22 someone@example.com https://example.com/x')?.confidence).toBe(1);
    expect(search('paint for 250')).toMatchObject({ passage: { path: 'boat.md' }, confidence: 1 });
  });

  it('does not answer from what a passage mentions in passing', () => {
    expect(search('What about spring?')).toBeNull();
    expect(search('Is the shade good in spring?')).toMatchObject({ passage: { title: 'Paint the hull' } });
  });

  it('finds nothing in a question of stop words alone', () => {
    expect(search('How can I do it?')).toBeNull();
  });

  it('takes the first of two that are equally good', () => {
    expect(search('lanterns')?.passage.path).toBe('twin-a.md');
  });

  it('knows no magic words', () => {
    expect(search('constructor __proto__ hasOwnProperty toString')).toBeNull();
  });
});
