import { decodeHTML } from 'entities';
import type { MarkedToken, Token, Tokens } from 'marked';

const NOT_FOR_READERS = /<!--[\s\S]*?(?:-->|$)|<(script|style|template)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const BLOCK =
  /<\/?(?:address|article|aside|blockquote|details|div|dl|dd|dt|figure|figcaption|footer|h[1-6]|header|hr|main|ol|p|pre|section|summary|table|tbody|thead|tr|ul)\b[^>]*>/gi;

/** Gives what a browser would show of a piece of HTML. */
const textOfHtml = (html: string): string =>
  decodeHTML(
    html
      .replace(NOT_FOR_READERS, '')
      .replace(/<br\b[^>]*>/gi, '\n')
      .replace(/<li\b[^>]*>/gi, '\n- ')
      .replace(/<\/t[dh]>\s*<t[dh]\b[^>]*>/gi, ' | ')
      .replace(BLOCK, '\n')
      .replace(/<\/?[a-z][^>]*>/gi, ''),
  );

const inline = (tokens: Token[] | undefined): string =>
  (tokens ?? []).map((token) => inlineToken(token as MarkedToken)).join('');

const linkText = ({ href, tokens }: Tokens.Link): string => {
  const label = inline(tokens);
  return /^https?:/.test(href) && !label.includes(href) ? `${label} (${href})` : label;
};

const inlineToken = (token: MarkedToken): string => {
  switch (token.type) {
    case 'text':
      return token.tokens ? inline(token.tokens) : decodeHTML(token.text);
    case 'escape':
    case 'codespan':
      return token.text;
    case 'link':
      return linkText(token);
    case 'br':
      return '\n';
    case 'strong':
    case 'em':
    case 'del':
      return inline(token.tokens);
    case 'html':
      return textOfHtml(token.text);
    default:
      // A picture says nothing in a chat.
      return '';
  }
};

const tableRows = ({ header, rows }: Tokens.Table): string =>
  rows
    .map(([first, ...rest]) => {
      const cells = rest.map((cell, index) => `${inline(header[index + 1]?.tokens)}: ${inline(cell.tokens)}`);
      return `- ${inline(first?.tokens)}${cells.length > 0 ? ` (${cells.join('; ')})` : ''}`;
    })
    .join('\n');

const listItems = ({ ordered, start, items }: Tokens.List): string =>
  items
    .map((item, index) => {
      const bullet = ordered ? `${Number(start || 1) + index}.` : '-';
      return `${bullet} ${item.tokens.map(plainText).filter(Boolean).join('\n').replaceAll('\n', '\n  ')}`;
    })
    .join('\n');

const tidy = (text: string): string =>
  text
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/**
 * A block of markdown as text that reads well in a chat: no markup, links as `label (url)`, tables as lists, HTML as
 * the words that a browser shows of it.
 */
export const plainText = (block: Token): string => {
  const token = block as MarkedToken;
  switch (token.type) {
    case 'paragraph':
    case 'heading':
      return inline(token.tokens).trim();
    case 'list':
      return listItems(token);
    case 'table':
      return tableRows(token);
    case 'blockquote':
      // `[!NOTE]` chooses a colour.
      return token.tokens
        .map(plainText)
        .filter(Boolean)
        .join('\n\n')
        .replace(/^\[![A-Z]+\]\s*/, '');
    case 'code':
      return token.text;
    case 'html':
      return tidy(textOfHtml(token.text));
    default:
      return inlineToken(token).trim();
  }
};

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const CONTAINER = /^ {0,3}:{3,}\s*(?:[\w-]+)?\s*(?:\[([^\]]*)\]|([^{]*))?.*$/;

/**
 * Markdown without the lines that open and close a container (`:::note Title`), which are words to a reader of markdown
 * that doesn't know them. The title of one stays.
 */
export const withoutContainers = (markdown: string): string => {
  let fence: string | null = null;
  return markdown
    .split('\n')
    .map((line) => {
      const mark = FENCE.exec(line)?.[1] ?? null;
      if (fence !== null) {
        if (mark?.startsWith(fence)) fence = null;
        return line;
      }
      if (mark !== null) {
        fence = mark;
        return line;
      }
      const container = CONTAINER.exec(line);
      if (!container) return line;
      const title = (container[1] ?? container[2] ?? '').trim();
      return title === '' ? '' : `\n${title}\n`;
    })
    .join('\n');
};
