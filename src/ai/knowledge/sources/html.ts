import { compile, type FormatCallback } from 'html-to-text';
import { Parser } from 'htmlparser2';
import type { ReadDocument } from './documents.ts';
import { heading } from './markdown.ts';

/** What a page is framed by, and what is no text. */
const NOT_CONTENT = [
  'head',
  'title',
  'nav',
  'header',
  'footer',
  'aside',
  'form',
  'button',
  'dialog',
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'iframe',
  'img',
  'object',
  '[hidden]',
  '[aria-hidden=true]',
  '[role=navigation]',
  '[role=banner]',
  '[role=contentinfo]',
  '[role=search]',
  '[role=dialog]',
];
/** Where the text of an article is, the narrowest first. */
const CONTENT = ['[itemprop=articleBody]', 'article', '[role=article]', 'main', '[role=main]', 'body'];
/** Less is a list of teasers, or a notice. */
const LEAST_CONTENT = 200;
/** A page that is nested deeper is no article: each level takes a frame of the stack. */
const DEEPEST = 300;
/** To take one apart that is nested deeper than this takes any time. */
const MOST_NESTED = 1_000;
const LONGEST_INPUT = 4_000_000;

const asHeading: FormatCallback = (element, walk, builder, options) => {
  builder.openBlock({ leadingLineBreaks: 2 });
  builder.addLiteral(`${'#'.repeat(options.level)} `);
  walk(element.children, builder);
  builder.closeBlock({ trailingLineBreaks: 2 });
};

const asLink: FormatCallback = (element, walk, builder, options) => {
  const href = String(element.attribs?.href ?? '').trim();
  const base: string | null = options.base ?? null;
  const url = URL.canParse(href, base ?? undefined) ? new URL(href, base ?? undefined) : null;
  const isElsewhere = url !== null && /^https?:$/.test(url.protocol) && !href.startsWith('#');
  if (!isElsewhere) return walk(element.children, builder);
  builder.addLiteral('[');
  walk(element.children, builder);
  builder.addLiteral(`](<${url.href.replace(/[<>]/g, encodeURIComponent)}>)`);
};

const converterOf = (content: string, base: string | null) =>
  compile({
    wordwrap: false,
    // A page need not say where its body begins.
    baseElements: { selectors: [content], returnDomByDefault: content === 'body' },
    limits: { maxInputLength: LONGEST_INPUT, maxDepth: DEEPEST },
    encodeCharacters: { '\\': '\\\\', '`': '\\`', '*': '\\*', '[': '\\[', ']': '\\]', '<': '\\<' },
    formatters: { asHeading, asLink },
    selectors: [
      ...[1, 2, 3, 4, 5, 6].map((level) => ({ selector: `h${level}`, format: 'asHeading', options: { level } })),
      { selector: 'a', format: 'asLink', options: { base } },
      { selector: 'ul', options: { itemPrefix: '- ' } },
      { selector: 'table', format: 'block' },
      { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      { selector: 'td', format: 'inlineSurround', options: { suffix: ' | ' } },
      { selector: 'th', format: 'inlineSurround', options: { suffix: ' | ' } },
      { selector: 'dt', format: 'block', options: { leadingLineBreaks: 2, trailingLineBreaks: 1 } },
      { selector: 'dd', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 2 } },
      // The questions of a list that opens one by one.
      { selector: 'summary', format: 'asHeading', options: { level: 4 } },
      { selector: 'blockquote', format: 'block' },
      { selector: 'hr', format: 'skip' },
      ...NOT_CONTENT.map((selector) => ({ selector, format: 'skip' })),
    ],
  });

interface About {
  title: string | null;
  language: string | null;
  updated: string | null;
  canonical: string | null;
}

const asTime = (text: string | undefined): string | null => {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
};

const aboutPage = (html: string): About => {
  const meta = new Map<string, string>();
  const texts: Record<'title' | 'h1', string | null> = { title: null, h1: null };
  let language: string | null = null;
  let canonical: string | null = null;
  let open: 'title' | 'h1' | null = null;
  let depth = 0;
  const parser = new Parser({
    onopentag(name, attributes) {
      depth += 1;
      if (depth > MOST_NESTED) throw new Error('its elements are nested without an end');
      if (name === 'html') language = attributes.lang?.trim() || null;
      const key = attributes.property ?? attributes.name ?? attributes.itemprop;
      if (name === 'meta' && key !== undefined) meta.set(key.toLowerCase(), attributes.content ?? '');
      if (name === 'link' && attributes.rel?.toLowerCase() === 'canonical') canonical ??= attributes.href ?? null;
      if ((name === 'title' || name === 'h1') && texts[name] === null && open === null) {
        open = name;
        texts[name] = '';
      }
    },
    ontext(text) {
      if (open !== null) texts[open] += text;
    },
    onclosetag(name) {
      depth -= 1;
      if (name === open) open = null;
    },
  });
  parser.end(html.slice(0, LONGEST_INPUT));
  const plain = (text: string | null | undefined): string | null => text?.replace(/\s+/g, ' ').trim() || null;
  // Behind the bar is the site's name.
  const title = plain(texts.title)?.split(' | ')[0] ?? null;
  return {
    title: plain(texts.h1) ?? plain(meta.get('og:title')) ?? title,
    language,
    updated: asTime(meta.get('article:modified_time') ?? meta.get('datemodified') ?? meta.get('last-modified')),
    canonical,
  };
};

const tidy = (text: string): string =>
  text
    .replace(/\s*\|[ \t]*$/gm, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/**
 * The main content of an HTML page as markdown: headings, paragraphs, lists and links; what frames it is left out.
 * `url`: where it came from, which its links are relative to; `null`: nowhere.
 * @throws {Error} in a line why it can't be read
 */
export const readHtml = (html: string, url: string | null): ReadDocument => {
  const { title, language, updated, canonical } = aboutPage(html);
  let text = '';
  for (const content of CONTENT) {
    const found = tidy(converterOf(content, url)(html));
    if (found.length > text.length) text = found;
    if (text.length >= LEAST_CONTENT) break;
  }
  const own = title === null ? null : heading(1, title.replace(/[\\`*[\]<]/g, '\\$&'));
  const isTitled = own === null || text.split('\n').some((line) => line.replace(/^#+ /, '# ') === own);
  return {
    text: isTitled || text === '' ? text : `${own}\n\n${text}`,
    title,
    language,
    updated,
    canonical:
      canonical !== null && URL.canParse(canonical, url ?? undefined)
        ? new URL(canonical, url ?? undefined).href
        : null,
  };
};

const CHARSET = /charset\s*=\s*["']?\s*([\w-]+)/i;

/** The text of a page's bytes, in the encoding that its headers name, or the page itself; UTF-8 else. */
export const decodeHtml = (bytes: Uint8Array, contentType: string | null): string => {
  const beginning = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1');
  const label = CHARSET.exec(contentType ?? '')?.[1] ?? CHARSET.exec(beginning)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
};
