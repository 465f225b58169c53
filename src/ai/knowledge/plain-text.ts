import type { MarkedToken, Token, Tokens } from 'marked';

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&nbsp;': ' ',
};

const decode = (text: string): string => text.replace(/&[#\w]+;/g, (entity) => ENTITIES[entity] ?? entity);

const inline = (tokens: Token[] | undefined): string =>
  (tokens ?? []).map((token) => inlineToken(token as MarkedToken)).join('');

const linkText = ({ href, tokens }: Tokens.Link): string => {
  const label = inline(tokens);
  return /^https?:/.test(href) && !label.includes(href) ? `${label} (${href})` : label;
};

const inlineToken = (token: MarkedToken): string => {
  switch (token.type) {
    case 'text':
      return token.tokens ? inline(token.tokens) : decode(token.text);
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
    default:
      // Pictures and HTML say nothing in a chat; a comment in the markdown is not for customers at all.
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

/**
 * A block of markdown as text that reads well in a chat: no markup, links as `label (url)`, tables as lists, no HTML.
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
      return token.tokens.map(plainText).filter(Boolean).join('\n\n');
    case 'code':
      return token.text;
    default:
      return inlineToken(token).trim();
  }
};
