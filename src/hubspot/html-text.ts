import { compile } from 'html-to-text';

/**
 * In characters, without styles and comments: some pages of a mail. The parser takes the square of the time for what is
 * nested more deeply than anybody writes.
 */
const LONGEST_HTML = 50_000;
const LONGEST_WITH_STYLES = 1_000_000;

const convert = compile({
  wordwrap: false,
  limits: { maxDepth: 200, ellipsis: '' },
  selectors: [
    // Only what is read counts: where a link leads is not what its writer said.
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'table', options: { uppercaseHeaderCells: false } },
  ],
});

/** Without what stands between two marks, each up to the end where the second is missing. */
const without = (html: string, begins: RegExp, ends: string): string => {
  const lower = html.toLowerCase();
  const kept: string[] = [];
  let at = 0;
  for (const { index } of html.matchAll(begins)) {
    if (index < at) continue;
    kept.push(html.slice(at, index));
    const end = lower.indexOf(ends, index);
    at = end < 0 ? html.length : end + ends.length;
  }
  return [...kept, html.slice(at)].join('');
};

/** The words of a message's `richText` as plain text; what a mail program quoted keeps its `>`. */
export const htmlText = (html: string): string => {
  const bounded = html.slice(0, LONGEST_WITH_STYLES);
  const words = without(without(bounded, /<!--/g, '-->'), /<style\b/gi, '</style>');
  return convert(words.slice(0, LONGEST_HTML)).trim();
};
