import { describe, expect, it } from '@jest/globals';
import type { TranscriptLine } from '../../src/ai/backend.ts';
import { createCandidateSearch } from '../../src/ai/knowledge/passage-search.ts';
import { splitArticle } from '../../src/ai/knowledge/passages.ts';
import { type ArticleSearch, findAsked, lookUp, queriesOf, ShownArticles } from '../../src/ai/models/articles.ts';
import { asking } from './request.ts';

const line = (from: TranscriptLine['from'], text: string): TranscriptLine => ({ from, text, attachments: [] });

describe('the queries in a customer’s own words', () => {
  it.each<[string, string[], TranscriptLine[], string[]]>([
    ['a question', ['How long does shipping to Austria take?'], [], ['How long does shipping to Austria take?']],
    [
      'each question, the newest message first, without what asks nothing',
      ['Hello!', 'My lamp flickers badly. Can I return the desk lamp?', 'What does the return cost me?'],
      [],
      ['What does the return cost me?', 'Can I return the desk lamp?'],
    ],
    ['a statement', ['My desk lamp has arrived broken.'], [], ['My desk lamp has arrived broken.']],
    [
      'a follow-up, with the turn before it',
      ['And to Switzerland?'],
      [line('customer', 'What does shipping to Austria cost?'), line('ai', 'Five euros.\n\nSource: Shipping')],
      ['And to Switzerland?', 'And to Switzerland? What does shipping to Austria cost?'],
    ],
    [
      'a short question, with the turn before it',
      ['Does that go for Norway too?'],
      [line('customer', 'What does shipping to Austria cost?'), line('ai', 'Five euros.\n\nSource: Shipping')],
      ['Does that go for Norway too?', 'Does that go for Norway too? What does shipping to Austria cost?'],
    ],
    [
      'the answer to a question of the AI, with what was asked first',
      ['The blue one with the brass foot, please'],
      [line('customer', 'How do I clean my lamp?'), line('ai', 'Which lamp is it?')],
      ['The blue one with the brass foot, please', 'The blue one with the brass foot, please How do I clean my lamp?'],
    ],
    [
      'not thanks, whatever was said before',
      ['Thank you!'],
      [line('customer', 'How do I clean my lamp?'), line('ai', 'With a cloth.')],
      [],
    ],
    ['nothing for nothing', [''], [], []],
  ])('are %s', (_what, questions, transcript, queries) => {
    expect(queriesOf(asking(questions, { transcript }))).toEqual(queries);
  });

  it('are a mail’s subject too, few, and short', () => {
    const questions = Array.from({ length: 30 }, (_, n) => `What is the price of the large lamp number ${n}00?`);
    const many = queriesOf(asking([questions.join(' '), ...questions], { subject: 'Prices of lamps' }));
    expect(many).toHaveLength(4);
    expect(many.at(-1)).toBe('Prices of lamps');
    const [long = ''] = queriesOf(asking('lamp '.repeat(5_000)));
    expect(long.length).toBeLessThanOrEqual(1_000);
  });
});

describe('what a model is shown of the articles', () => {
  const passages = [
    ...Array.from({ length: 7 }, (_, n) =>
      splitArticle(`# Lamp care, part ${n}\n\nWipe lamp ${n} with a cloth.`, `care-${n}.md`, '2026-01-02'),
    ).flat(),
    ...splitArticle('---\nupdated: 2025-12-31\n---\n# Postage\n\nFive euros.', 'postage.md', '2026-01-02'),
  ];
  const shown = (search: ArticleSearch = createCandidateSearch(passages)) => {
    const articles = new ShownArticles();
    const find = async (...queries: string[]) => (await lookUp(search, queries)).map((found) => articles.show(found));
    return { articles, search, find };
  };

  it('are five passages a query, however little they fit, each with its path and date, once', async () => {
    const { articles, search, find } = shown();
    const request = asking('Where can I lend a lamp and a boat for a fortnight?');
    const [found] = (await findAsked(search, request)).map((one) => articles.show(one));
    expect(found?.found).toHaveLength(5);
    expect(found?.found[0]).toEqual({
      id: 'article-1',
      title: expect.stringContaining('Lamp care'),
      path: expect.stringMatching(/^care-\d\.md$/),
      updated: '2026-01-02',
      text: expect.stringMatching(/^Wipe lamp/),
    });
    const [again] = await find('lamp care');
    expect(again?.found.filter((one) => 'shown' in one)).not.toHaveLength(0);
    expect(await find('postage')).toMatchObject([
      { found: [{ title: 'Postage', updated: '2025-12-31', text: 'Five euros.' }] },
    ]);
    expect(new Set(articles.sources.values()).size).toBe(articles.sources.size);
  });

  it('have room for so much, and say how many had none', async () => {
    const long = Array.from({ length: 60 }, (_, n) => ({
      title: `Lamp ${n}`,
      headings: [],
      questions: [],
      path: `${n}.md`,
      text: '<'.repeat(20_000),
      isPart: false,
      language: 'en',
    }));
    const { find } = shown(() =>
      long.splice(0, 5).map((passage) => ({
        ...{ passage, confidence: 0, fit: 0 },
        meaning: null,
        evidence: { asked: 0, heading: 0, headingAsked: 0, density: 0, likeness: 0 },
      })),
    );
    const results = [...(await find('a')), ...(await find('b'))];
    expect(JSON.stringify(results).length).toBeLessThan(25_000);
    expect(results.at(-1)).toEqual({ query: 'b', found: [], leftOut: 5 });
  });
});
