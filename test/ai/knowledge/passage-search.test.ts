import { describe, expect, it } from '@jest/globals';
import { createCandidateSearch } from '../../../src/ai/knowledge/passage-search.ts';
import { type Passage, splitArticle } from '../../../src/ai/knowledge/passages.ts';

/** The best match alone. */
const createPassageSearch = (passages: readonly Passage[]) => {
  const candidates = createCandidateSearch(passages);
  return (question: string) => candidates(question, 1)[0] ?? null;
};

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

  it('is less sure of a question whose other word no article knows', () => {
    const sure = search('change my tyre')?.confidence ?? 0;
    expect(search('change my gearbox')).toMatchObject({ passage: { title: 'Change a tyre' } });
    expect(search('change my gearbox')?.confidence).toBeLessThan(sure - 0.2);
  });

  it('is less sure the more of the question is unknown', () => {
    expect(search('change the gearbox of a submarine')?.confidence).toBeLessThan(0.5);
  });

  it("leaves the customer's own numbers and addresses aside, and keeps those that an article has", () => {
    const own = search('change tyre 4711-22 someone@example.com https://example.com/x');
    expect(own?.evidence.asked).toBe(1);
    expect(search('paint for 250')).toMatchObject({ passage: { path: 'boat.md' }, evidence: { asked: 1 } });
  });

  it('does not answer from what a passage mentions in passing', () => {
    expect(search('What about spring?')?.confidence).toBeLessThan(0.5);
    expect(search('Is the shade good in spring?')).toMatchObject({ passage: { title: 'Paint the hull' } });
  });

  it('takes the name of a site for no word of its pages, but their folders', () => {
    const page = (path: string) => splitArticle('# Opening hours\n\nFrom nine.', path);
    const found = createPassageSearch(page('https://lamps.example/visits/hours'));
    expect(found('lamps')).toBeNull();
    expect(found('visits')).toMatchObject({ passage: { title: 'Opening hours' } });
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

  it('knows which part of the heading was not asked for', () => {
    expect(search('How do I oil it?')?.evidence.headingAsked).toBeLessThan(1);
    expect(search('How do I oil the chain?')?.evidence.headingAsked).toBe(1);
  });
});

describe('the search in other languages', () => {
  const searchIn = (articles: Record<string, string>) =>
    createPassageSearch(Object.entries(articles).flatMap(([path, markdown]) => splitArticle(markdown, path)));

  it.each([
    ['de', 'Lieferung ins Ausland', 'Preis einer Lieferung', 'Liefert ihr auch ins Ausland?'],
    ['de', 'Versandkosten', 'Umtausch', 'Was kostet der Versand?'],
    ['fr', 'Livraison à domicile', 'Remboursement', 'Je voudrais être remboursé'],
    ['es', 'Cambiar la dirección', 'Cancelar un pedido', '¿Cómo cancelo mis pedidos?'],
    ['pt', 'Prazo de entrega', 'Devolução', 'qual o prazo das entregas?'],
    ['pl', 'Zwrot towaru', 'Czas dostawy', 'jaki jest czas dostaw?'],
    ['zh', '如何修改密码', '退货需要多少天', '我想退货'],
    ['ja', '返品の方法', '送料について', '送料はいくらですか'],
  ])('%s: "%s", "%s": %s', (code, one, other, question) => {
    const search = searchIn({ [`${code}/a.md`]: `# ${one}\n\n…`, [`${code}/b.md`]: `# ${other}\n\n…` });
    const right = [
      'Umtausch',
      'Livraison à domicile',
      'Cambiar la dirección',
      'Devolução',
      'Zwrot towaru',
      '如何修改密码',
      '返品の方法',
      'Preis einer Lieferung',
    ];
    expect(search(question)?.passage.title).toBe(right.includes(one) ? other : one);
  });

  it('answers in the language of the question where an article is there in two', () => {
    const search = searchIn({ 'en/a.md': '# PayPal\n\nYes.', 'de/a.md': '# PayPal\n\nJa.' });
    expect(search('Kann ich mit PayPal bezahlen?')?.passage.path).toBe('de/a.md');
    expect(search('Can I pay with PayPal?')?.passage.path).toBe('en/a.md');
  });
});
