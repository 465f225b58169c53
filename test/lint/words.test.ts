import { describe, expect, it } from '@jest/globals';
import { faultsOfPage } from '../../scripts/words.ts';
import { PAGES, read } from '../docs/markdown.ts';

/** These are still to be put into plain words. */
const NOT_YET = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/architecture.md',
  'docs/configuration.md',
  'docs/operations.md',
  'docs/security.md',
];

describe('the words of a page', () => {
  it.each(PAGES.filter((page) => !NOT_YET.includes(page)).map((page) => [page]))('are plain in %s', (page) => {
    expect(faultsOfPage(read(page))).toEqual([]);
  });

  it.each([
    ['a long sentence', `One ${'word '.repeat(30)}too many.`, /words: at most/],
    ['a semicolon', 'It waits; then it posts.', /semicolon/],
    ['a riddle', 'Mend the token.', /say fix/],
    ['a riddle in a list', '- Whoever asks is answered.', /anyone who/],
    ['a wide table', '| a | b | c | d |\n| - | - | - | - |\n| 1 | 2 | 3 | 4 |', /4 columns/],
    ['a long cell', `| a |\n| - |\n| ${'long '.repeat(25)} |`, /a cell of/],
  ])('are not plain with %s', (_, markdown, fault) => {
    expect(faultsOfPage(markdown).map((one) => one.fault)).toEqual([expect.stringMatching(fault)]);
  });

  it.each([
    ['code', 'Run `mend; whoever` now.'],
    ['a block of code', '```sh\nmend; whoever\n```'],
    ['a row of links', `[One](a.md) · ${'[Another one](b.md) · '.repeat(20)}`],
  ])('don’t count in %s', (_, markdown) => {
    expect(faultsOfPage(markdown)).toEqual([]);
  });
});
