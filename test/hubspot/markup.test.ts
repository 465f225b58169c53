import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toHtml, toPlainText } from '../../src/hubspot/markup.ts';

describe('toPlainText and toHtml', () => {
  it.each<[string, string, string, string]>([
    ['paragraphs and lines', 'One\ntwo\n\n\n\nThree', 'One\ntwo\n\nThree', '<p>One<br>two</p><p>Three</p>'],
    ['bold', 'It is **really** here', 'It is really here', '<p>It is <strong>really</strong> here</p>'],
    ['italics', 'an *old* one', 'an old one', '<p>an <em>old</em> one</p>'],
    ['code', 'type `a*b*c`', 'type a*b*c', '<p>type <code>a*b*c</code></p>'],
    ['a heading', '## Returns ##\nFree', 'Returns\nFree', '<p><strong>Returns</strong></p><p>Free</p>'],
    ['a rule', 'One\n\n---\n\nTwo', 'One\n\nTwo', '<p>One</p><p>Two</p>'],
    [
      'a list right below its line',
      'We need:\n* the order\n+ a **photo**\nThanks',
      'We need:\n- the order\n- a photo\nThanks',
      '<p>We need:</p><ul><li>the order</li><li>a <strong>photo</strong></li></ul><p>Thanks</p>',
    ],
    [
      'a numbered list with gaps and long items',
      '1) Open it\n   wide\n\n2) Close it\n   - well\n3. Done',
      '1. Open it\n   wide\n\n2. Close it\n   - well\n3. Done',
      '<ol><li>Open it<br>wide</li><li>Close it</li></ol><ul><li>well</li></ul><ol start="3"><li>Done</li></ol>',
    ],
    [
      'a link',
      'See [our **page**](https://example.com/a?b=1&c=(2)).',
      'See our page (https://example.com/a?b=1&c=(2)).',
      '<p>See <a href="https://example.com/a?b=1&amp;c=(2)">our page</a>.</p>',
    ],
    [
      'a bare address at a sentence’s end',
      'See https://example.com/a (or http://example.com/b).',
      'See https://example.com/a (or http://example.com/b).',
      '<p>See <a href="https://example.com/a">https://example.com/a</a> (or <a ' +
        'href="http://example.com/b">http://example.com/b</a>).</p>',
    ],
    [
      'mail addresses',
      '[us](mailto:help@example.com) <mailto:a@example.com>',
      'us (help@example.com) a@example.com',
      '<p><a href="mailto:help@example.com">us</a> <a href="mailto:a@example.com">a@example.com</a></p>',
    ],
    [
      'an address that is its own words',
      '[example.com](https://example.com)',
      'https://example.com',
      '<p><a href="https://example.com">example.com</a></p>',
    ],
    ['a block of code', '```sh\na  *b*\n\n<c>\n```', 'a  *b*\n\n<c>', '<pre>a  *b*\n\n&lt;c&gt;</pre>'],
    ['marks that are meant', 'a \\*b\\* c', 'a *b* c', '<p>a *b* c</p>'],
  ])('write %s', (_, markup, text, html) => {
    expect(toPlainText(markup)).toBe(text);
    expect(toHtml(markup)).toBe(html);
  });

  it.each([
    '5 * 3 * 2 = 30',
    'a*b*c and snake_case_names and __init__',
    'C:\\new\\table',
    '**not closed, * neither',
    '[click](javascript:alert(1))',
    '[click](data:text/html,hi)',
    '[relative](/help)',
    '#1 of 2',
    '2026. A year',
    '<script>alert(1)</script> & <!-- a comment -->',
    'a > b < c "d"',
  ])('leave %j as it is', (text) => {
    expect(toPlainText(text)).toBe(text);
    expect(toHtml(text)).not.toMatch(/<(?!\/?p>)/);
  });

  it('never write a tag or a link of somebody else’s, nor leave one open', () => {
    const piece = fc.constantFrom(
      ...[
        '**',
        '*',
        '`',
        '```\n',
        '[a](https://b.c)',
        '[x](javascript:y)',
        '[',
        '](',
        ')',
        '<',
        '>',
        '"',
        '&',
        '\\',
        '\n',
      ],
      ...[
        '# ',
        '- ',
        '1. ',
        '> ',
        'https://d.e/f"onclick=g',
        '<script>',
        '</p>',
        '<!--',
        '-->',
        '<https://',
        'mailto:',
        ' ',
        'h',
      ],
    );
    const nasty = fc.array(fc.oneof({ weight: 5, arbitrary: piece }, fc.string()), { maxLength: 40 });
    const ours =
      /<(?:(\/?)(p|strong|em|code|pre|ul|ol|li|a)|br| )?(?: start="\d+"| href="(?:https?:\/\/|mailto:)[^"<>\s]+")?>/gi;
    fc.assert(
      fc.property(nasty, (pieces) => {
        const written = toHtml(pieces.join(''));
        const open: string[] = [];
        const rest = written.replace(ours, (_, closes: string | undefined, tag: string | undefined) => {
          if (closes === '/') expect(open.pop()).toBe(tag);
          else if (tag !== undefined) open.push(tag);
          return '';
        });
        expect(open).toEqual([]);
        expect(rest).not.toMatch(/[<>"]/);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['**a ', '*a', '[a', '[a](https://b', '`a', 'https://', '(((((', '- ', '\\', '1. ', '[a](https://b(', '# #'])(
    'are through at once with 20,000 characters of %j',
    (part) => {
      const long = part.repeat(20_000 / part.length);
      expect(toHtml(long).length).toBeGreaterThan(0);
      expect(toPlainText(long).length).toBeGreaterThanOrEqual(0);
    },
  );
});
