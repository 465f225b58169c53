import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { loadPassages } from '../../../../src/ai/knowledge/passages.ts';
import { SourceUnreadable } from '../../../../src/ai/knowledge/sources/article.ts';
import { openDocumentReader } from '../../../../src/ai/knowledge/sources/documents.ts';
import { readFolder } from '../../../../src/ai/knowledge/sources/folder.ts';
import { decodeHtml, readHtml } from '../../../../src/ai/knowledge/sources/html.ts';
import { docxOf, pageOf, paragraph, pdfOf } from './files.ts';

const signal = new AbortController().signal;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-articles-'));
  const word = [
    paragraph('Repairs', '<w:pStyle w:val="berschrift2"/>'),
    '<w:p><w:r><w:t>We repair *lamps* &amp; </w:t></w:r><w:del><w:r><w:t>radios</w:t></w:r></w:del>' +
      '<w:hyperlink r:id="rId1"><w:r><w:t>send a form</w:t></w:r></w:hyperlink></w:p>',
    paragraph('Pack it', '<w:numPr/>'),
    paragraph('Post it', '<w:numPr/>'),
    `<w:tbl><w:tr><w:tc>${paragraph('Austria')}</w:tc><w:tc>${paragraph('5 euros')}</w:tc></w:tr></w:tbl>`,
  ].join('');
  const files: Record<string, string | Buffer> = {
    'a.md': '---\ntitle: Opening hours\n---\nMonday to Friday.',
    'b.html': pageOf('Returns', 'Send it back within 30 days. <b>Nobody</b> asks why.'),
    'c.pdf': pdfOf('Terms', [
      ['Warranty', 24, 0],
      ['We mend lamps for two', 12, 30],
      ['years, for free.', 12, 14],
      ['Not when they fell.', 12, 40],
    ]),
    'd.docx': docxOf(word),
    'e.pdf': '%PDF-1.4 and then rubbish',
    'f.docx': 'no zip',
    'g.docx': Buffer.from(zipSync({ 'other.xml': strToU8('<a/>') })),
    'h.pdf': pdfOf('Empty', []),
    '~$d.docx': 'what Word leaves',
    'i.txt': 'none of ours',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a folder of articles', () => {
  it('gives what its markdown, HTML, PDF and Word files say, and names those that can’t be read', async () => {
    const { articles, leftOut } = await readFolder(folder, { signal });
    const aDay = expect.stringMatching(/^\d{4}-\d\d-\d\d$/);
    expect(articles).toEqual([
      {
        path: 'a.md',
        text: '---\ntitle: Opening hours\n---\nMonday to Friday.',
        title: null,
        language: null,
        updated: aDay,
      },
      {
        path: 'b.html',
        text: '# Returns\n\nSend it back within 30 days. Nobody asks why.',
        title: 'Returns',
        language: 'en-GB',
        updated: aDay,
      },
      {
        path: 'c.pdf',
        text: '# Warranty\n\nWe mend lamps for two\nyears, for free.\n\nNot when they fell.',
        title: 'Terms',
        language: null,
        updated: '2026-01-05T00:00:00.000Z',
      },
      {
        path: 'd.docx',
        text:
          '## Repairs\n\nWe repair \\*lamps\\* & [send a form](<https://shop.example/form>)\n\n' +
          '- Pack it\n- Post it\n\nAustria | 5 euros',
        title: 'A document',
        language: null,
        updated: '2026-03-04T00:00:00.000Z',
      },
    ]);
    expect(leftOut).toEqual([
      { path: 'e.pdf', reason: 'Invalid PDF structure.' },
      { path: 'f.docx', reason: 'it is no Word document' },
      { path: 'g.docx', reason: 'it is no Word document' },
      { path: 'h.pdf', reason: 'it holds no text, only pictures' },
    ]);
  });

  it('is searched by the headings of all of them', async () => {
    const passages = await loadPassages(folder);
    expect(passages.map(({ title, path }) => [title, path])).toEqual([
      ['Opening hours', 'a.md'],
      ['Returns', 'b.html'],
      ['Warranty', 'c.pdf'],
      ['Repairs', 'd.docx'],
    ]);
    expect(passages[3]?.text).toContain('We repair *lamps* & send a form (https://shop.example/form)');
  });

  it('can’t be read where it is not', async () => {
    await expect(readFolder(join(folder, 'none'), { signal })).rejects.toThrow(SourceUnreadable);
  });
});

describe('a hostile file', () => {
  const kinds = { html: 'html', pdf: 'pdf', docx: 'docx' } as const;
  const read = (kind: keyof typeof kinds, bytes: Uint8Array, bounds = {}) => {
    const reader = openDocumentReader(signal, bounds);
    return reader.read({ kind, bytes, url: null, contentType: null }).finally(() => reader.close());
  };

  it('that takes too long is given up, and the next file is read', async () => {
    // The next file needs a new thread too, whose start takes a second on a busy machine.
    const reader = openDocumentReader(signal, { mostMs: 5_000 });
    // Each page is read anew, whatever they share.
    const slow = pdfOf(
      'Slow',
      Array.from({ length: 4_000 }, (_, line) => [`line ${line}`, 12, 14] as [string, number, number]),
      400,
    );
    await expect(reader.read({ kind: 'pdf', bytes: slow, url: null, contentType: null })).rejects.toThrow(
      'it takes longer than 5 s',
    );
    const next = reader.read({ kind: 'html', bytes: Buffer.from(pageOf('Next', 'one')), url: null, contentType: null });
    expect(await next).toMatchObject({ title: 'Next' });
    await reader.close();
  });

  it('with more pages than a book is given up', async () => {
    await expect(read('pdf', pdfOf('Long', [['x', 12, 0]], 501))).rejects.toThrow(
      'it has 501 pages, and 500 are the most',
    );
  });

  it('that unpacks to more than it says, or to too much, takes no memory for it', async () => {
    const declaring = (size: number): Buffer => {
      const file = Buffer.from(zipSync({ 'word/document.xml': new Uint8Array(100_000) }));
      file.writeUInt32LE(size, file.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
      return file;
    };
    await expect(read('docx', declaring(60 * 1024 * 1024))).rejects.toThrow('it unpacks to more than 50 MiB');
    await expect(read('docx', declaring(1_000))).rejects.toThrow('it holds no text');
  });

  it('that is nested without an end is given up', async () => {
    const nested = (depth: number): Buffer => Buffer.from(`<main>${'<div>'.repeat(depth)}deep`);
    await expect(read('html', nested(100_000))).rejects.toThrow('its elements are nested without an end');
    expect(await read('html', nested(100))).toMatchObject({ text: 'deep' });
  });
});

describe('an HTML page', () => {
  const text = (body: string, url = 'https://shop.example/help/a') => readHtml(`<main>${body}</main>`, url).text;

  it.each([
    ['frames', '<header>Menu</header><p>Words</p><aside>Ads</aside><form>Find</form><script>x()</script>', 'Words'],
    ['what nobody sees', '<p hidden>no</p><p aria-hidden="true">no</p><p>yes</p>', 'yes'],
    ['headings', '<h2>One</h2><p>a</p><h3>Two</h3><p>b</p>', '## One\n\na\n\n### Two\n\nb'],
    ['a list that opens', '<details><summary>How?</summary><p>So.</p></details>', '#### How?\n\nSo.'],
    ['relative links', '<p>See <a href="../form">the form</a></p>', 'See [the form](<https://shop.example/form>)'],
    ['links within the page', '<p><a href="#top">up</a></p>', 'up'],
    ['links that are scripts', '<p><a href="javascript:x()">do</a></p>', 'do'],
    ['tables', '<table><tr><th>To</th><th>Price</th></tr><tr><td>AT</td><td>5</td></tr></table>', 'To | Price\nAT | 5'],
    ['what markdown would take for its own', '<p>2 * 3 * 4 &lt;b&gt; [x](y)</p>', '2 \\* 3 \\* 4 \\<b> \\[x\\](y)'],
  ])('with %s', (_, body, expected) => {
    expect(text(body)).toBe(expected);
  });

  it('says its own address, its time and its language', () => {
    const head =
      '<html lang="pt-BR"><head><link rel="canonical" href="/help/a">' +
      '<meta property="article:modified_time" content="2026-02-03"></head>';
    expect(readHtml(`${head}<body><h1>A</h1><p>b</p></body></html>`, 'https://shop.example/help/a?x=1')).toEqual({
      text: '# A\n\nb',
      title: 'A',
      language: 'pt-BR',
      updated: '2026-02-03T00:00:00.000Z',
      canonical: 'https://shop.example/help/a',
    });
  });

  it('is read in its encoding', () => {
    const bytes = Buffer.from('<meta charset="windows-1252"><p>für</p>', 'latin1');
    expect(decodeHtml(bytes, null)).toContain('für');
    expect(decodeHtml(Buffer.from('<p>für</p>', 'latin1'), 'text/html; charset=ISO-8859-1')).toContain('für');
    expect(decodeHtml(Buffer.from('<p>für</p>'), 'text/html; charset=no-such')).toContain('für');
  });
});
