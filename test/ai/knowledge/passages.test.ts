import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadPassages, splitArticle } from '../../../src/ai/knowledge/passages.ts';

const textOf = (markdown: string) => splitArticle(markdown, 'a.md').map(({ text }) => text);

describe('an article taken apart', () => {
  it('gives one passage per heading, with every heading above it', () => {
    const article =
      'Before.\n\n# Shop\n\nOpen.\n\n## Hours\n\n9 to 5.\n\n### Holidays\n\nClosed.\n\n## Place\n\nHere.\n';
    expect(splitArticle(article, 'docs/shop.md').map(({ title, headings, text }) => [title, headings, text])).toEqual([
      ['shop', [], 'Before.'],
      ['Shop', ['Shop'], 'Open.'],
      ['Hours', ['Shop', 'Hours'], '9 to 5.'],
      ['Holidays', ['Shop', 'Hours', 'Holidays'], 'Closed.'],
      ['Place', ['Shop', 'Place'], 'Here.'],
    ]);
  });

  it('copes with headings that skip a level', () => {
    expect(splitArticle('### Deep\n\nText.\n\n# Top\n\nMore.', 'a.md').map(({ headings }) => headings)).toEqual([
      ['Deep'],
      ['Top'],
    ]);
  });

  it('leaves front matter and hidden comments out', () => {
    expect(textOf('---\ntitle: x\n---\n# T\n\nA <!-- secret --> B.\n\n<!-- OpenCX-AI-Response -->\n')).toEqual([
      'A  B.',
    ]);
  });

  it('keeps a section whole, and cuts a guide between paragraphs and says that each is a part', () => {
    const paragraph = 'word '.repeat(100).trim();
    const whole = splitArticle(`# T\n\n${paragraph}\n\n${paragraph}`, 'a.md');
    expect(whole.map(({ text, isPart }) => [text, isPart])).toEqual([[`${paragraph}\n\n${paragraph}`, false]]);
    const long = 'word '.repeat(200).trim();
    const parts = splitArticle(`# T\n\n${long}\n\n${long}\n\n${long}`, 'a.md');
    expect(parts.map(({ text, isPart }) => [text, isPart])).toEqual([long, long, long].map((text) => [text, true]));
  });

  it('is named by its front matter where no heading does it, and takes other wordings and its language from there', () => {
    const article = '---\ntitle: Returns\nlang: de-AT\nquestions: [Wie schicke ich etwas zurück?]\n---\nIn 30 Tagen.\n';
    expect(splitArticle(article, 'kb-00213.md')).toEqual([
      {
        title: 'Returns',
        headings: ['Returns'],
        questions: ['Wie schicke ich etwas zurück?'],
        path: 'kb-00213.md',
        text: 'In 30 Tagen.',
        isPart: false,
        language: 'de',
      },
    ]);
  });

  it.each([
    ['updated: 2026-11-28', '2026-11-28'],
    ['updated: 2026-11-28T23:00:00Z\ndate: 2020-01-01', '2026-11-28'],
    ['date: "2020-01-01"', '2020-01-01'],
    ['lastmod: 2021-02-03 04:05', '2021-02-03'],
    ['date: 01/02/2020', '2026-01-02'],
    ['date: 2020-13-45', '2026-01-02'],
    ['date: yesterday', '2026-01-02'],
    ['title: A', '2026-01-02'],
  ])('says when it was changed by its front matter, else by its file: %j', (front, updated) => {
    expect(splitArticle(`---\n${front}\n---\nText.`, 'a.md', '2026-01-02')).toMatchObject([{ updated }]);
  });

  it('gives a section the wordings that stand under its heading', () => {
    const article =
      '---\nquestions:\n  Hours: When are you open?\n  Place: [Where are you?, Your address]\n---\n# ' +
      'Shop\n\n## Hours\n\n9 to 5.\n\n## Place\n\nHere.\n';
    expect(splitArticle(article, 'a.md').map(({ title, questions }) => [title, questions])).toEqual([
      ['Hours', ['When are you open?']],
      ['Place', ['Where are you?', 'Your address']],
    ]);
  });

  it.each(['---\n: : [\n---\n', '---\n- a\n---\n', '---\nquestions: {}\n---\n', '---\ntitle: [a]\n---\n'])(
    'reads the text below front matter that is none of ours: %j',
    (front) => {
      expect(splitArticle(`${front}# T\n\nText.\n`, 'a.md')).toMatchObject([{ title: 'T', text: 'Text.' }]);
    },
  );

  it.each([
    ['returns.md', null],
    ['de/returns.md', 'de'],
    ['help/pt-BR/returns.md', 'pt'],
    ['returns.fr.md', 'fr'],
    ['no-such/returns.md', null],
  ])('%s says by its path that it is in %s', (path, language) => {
    expect(splitArticle('Text.', path)).toMatchObject([{ language }]);
  });

  it.each([
    ['emphasis, code and escapes', 'A *b* **c** `d` ~~e~~ 5 \\* 6', 'A b c d e 5 * 6'],
    ['entities', 'Tom &amp; Jerry &lt;3 &copy;', 'Tom & Jerry <3 ©'],
    [
      'links with their address',
      'See [the form](https://example.com/f) or <https://example.com>',
      'See the form (https://example.com/f) or https://example.com',
    ],
    ['links within the articles without it', 'See [returns](returns.md)', 'See returns'],
    [
      'HTML as what a browser shows of it',
      '<details>\n<summary>More</summary>\n<ul><li>One</li><li>Two &euro;</li></ul>\n</details>',
      'More\n\n- One\n- Two €',
    ],
    ['containers as what stands in them', ':::warning Mind this\nHot.\n:::\n', 'Mind this'],
    ['marks of a notice as nothing', '> [!NOTE]\n> Closed on Monday.', 'Closed on Monday.'],
    ['a script as nothing', '<script>\nalert(1)\n</script>\n\nText', 'Text'],
    ['pictures as nothing, HTML within a line as its words', 'A ![pic](p.png) <b>bold</b> line', 'A  bold line'],
    ['bullets, nested', '- one\n- two\n  - three', '- one\n- two\n  - three'],
    ['numbers, from where they start', '3. one\n4. two', '3. one\n4. two'],
    ['code blocks', '```js\nrun()\n```', 'run()'],
    ['quotes', '> said', 'said'],
    [
      'tables as lists',
      '| Way | Days | Cost |\n|---|---|---|\n| Slow | 4 | 1 |\n| Fast | 1 | 9 |',
      '- Slow (Days: 4; Cost: 1)\n- Fast (Days: 1; Cost: 9)',
    ],
  ])('writes %s as plain text', (_, markdown, text) => {
    expect(textOf(markdown)[0]).toContain(text);
  });
});

describe('a folder of articles', () => {
  it('is read with its subfolders in one order, hidden files left out and links followed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-articles-'));
    mkdirSync(join(folder, 'b'));
    mkdirSync(join(folder, '..data-1'), { recursive: true });
    mkdirSync(join(folder, 'folder.md'));
    writeFileSync(join(folder, 'b', 'z.markdown'), 'z');
    writeFileSync(join(folder, 'B.md'), 'B');
    writeFileSync(join(folder, 'a.md'), 'a');
    writeFileSync(join(folder, 'notes.txt'), 'no');
    writeFileSync(join(folder, '..data-1', 'real.md'), 'real');
    symlinkSync(join('..data-1', 'real.md'), join(folder, 'real.md'));
    utimesSync(join(folder, 'a.md'), 0, Date.parse('2026-01-02T03:04:05Z') / 1_000);
    const passages = await loadPassages(folder);
    expect(passages.map(({ path }) => path)).toEqual(['B.md', 'a.md', 'b/z.markdown', 'real.md']);
    expect(passages[1]?.updated).toBe('2026-01-02');
    rmSync(folder, { recursive: true });
  });
});
