import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { blocksOfHtml, textsOf, textsUnder } from '../../scripts/texts.ts';
import { faultsOfPage, faultsOfText } from '../../scripts/words.ts';
import { PAGES, ROOT, read } from '../docs/markdown.ts';

/** These list what a schema has, or all that ever changed: no reader reads them from top to bottom. */
const LONGER = ['CHANGELOG.md', 'docs/configuration.md'];
const MOST_WORDS = 2_000;

describe('the words of a page', () => {
  it.each(PAGES.filter((page) => !LONGER.includes(page)).map((page) => [page]))('are few enough in %s', (page) => {
    expect(read(page).split(/\s+/).length).toBeLessThanOrEqual(MOST_WORDS);
  });

  it.each(PAGES.map((page) => [page]))('are plain in %s', (page) => {
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

/** What these say comes to people: settings, doctor, logs, errors, comments in HubSpot, the desk, the commands. */
const SPEAKING = ['src/**/*.ts', 'dev/**/*.{ts,js}'];
/** Lists of words, and what only a browser or a model reads. */
const NO_SENTENCES = new RegExp(
  `^src/(${[
    'rules/(mail/reaction|escalation/sentiment)',
    'config/guessable',
    'api/ops/style',
    'ai/unread-files',
    'ai/links/addresses',
    'ai/knowledge/(asks-for-person|languages|small-talk)',
    'ai/models/prompt',
  ].join('|')})\\.ts$`,
);

/** Data whose texts people read, and where in it they are. */
const DATA: readonly (readonly [string, readonly string[]])[] = [
  ['ops/alerts.yaml', ['summary', 'description']],
  ['ops/grafana-dashboard.json', ['title', 'description', 'content']],
  ...globSync('hubspot-app/src/**/*.json', { cwd: ROOT })
    .sort()
    .map((path) => [path, ['actionDescription', 'actionCardContent', 'reason', 'description']] as const),
];

describe('the words of a message', () => {
  it('are plain in the code, which users read as settings, advice, logs and comments', () => {
    const files = globSync(SPEAKING, { cwd: ROOT }).filter((path) => !NO_SENTENCES.test(path));
    expect(files.length).toBeGreaterThan(200);
    const faults = files.flatMap((path) =>
      textsOf(path, read(path)).flatMap(({ line, text }) =>
        faultsOfText(text).map(({ fault, sentence }) => `${join(path)}:${line} ${fault}: ${sentence}`),
      ),
    );
    expect(faults).toEqual([]);
  });

  it.each(DATA)('are plain in %s', (path, keys) => {
    expect(textsUnder(parse(read(path)), keys).flatMap(faultsOfText)).toEqual([]);
  });

  it.each([
    ['parts that are joined', `const a = 'Mend ' +\n  'the token now.';`],
    ['a template', ['const a = `It waits; then $', '{it} posts.`;'].join('')],
    ['a part of a template', ['const a = `Now $', "{late ? 'it waits; then it posts' : ''}.`;"].join('')],
    ['a part of a sum', "const a = 'Now ' + (late ? 'it waits; then it posts' : '');"],
    ['HTML', 'const a = html`<p>It waits;<br> <a href="x;y">then</a> it waits; it posts.</p>`;'],
    ['what is read to those who can’t see', 'const a = html`<a aria-label="It waits; then it posts">x</a>`;'],
  ])('are found in %s', (_, code) => {
    expect(textsOf('a.ts', code).flatMap(({ text }) => faultsOfText(text))).toHaveLength(1);
  });

  it('are those of a page that people see, block by block', () => {
    const page = '<style>a b; c</style><h1>One</h1><p class="x;y">Two <b>and</b> three</p><script>d; e f</script>';
    expect(blocksOfHtml(page)).toEqual(['One', 'Two and three']);
  });

  it('are found in data, under the keys that people read', () => {
    const data = { a: { title: 'One' }, b: [{ title: 'Two', expr: 'x; y' }], title: { title: 'Three' } };
    expect(textsUnder(data, ['title'])).toEqual(['One', 'Two', 'Three']);
  });

  it('don’t count in names, paths and keys', () => {
    expect(textsOf('a.ts', "const a = ['stands', 'a;b', 'src/a.ts']; import('x');")).toEqual([]);
  });
});
