/**
 * The few marks of Markdown that language models use, as plain text and as HTML. Everything else stays as it was
 * written. No other tag comes out than p, br, strong, em, code, pre, ul, ol, li and a. A link leads to http, https or
 * mailto, and only where every reader would understand its address in the same way (`isPlainAddress`).
 */

type Inline =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'strong' | 'em'; parts: Inline[] }
  | { kind: 'link'; label: string; url: string };

const WEB = 'https?:\\/\\/(?=[\\p{L}\\p{N}])';
const URL_SCHEME = `(?:${WEB}|mailto:)`;
/** Scripts that are written without spaces: what follows an address directly is the sentence's, not the address's. */
const NO_SPACES =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\u3001\u3002\uff0c\uff0e\uff01\uff1f\uff08\uff09';
const TARGET = `${URL_SCHEME}[^\\s()<>"]{1,2000}(?:\\([^\\s()<>"]{0,200}\\)[^\\s()<>"]{0,200}){0,5}`;
// Each repetition is bounded or can end in one way only: an answer may be 20,000 characters of anything.
const INLINE = new RegExp(
  [
    '\\\\(?<literal>[*_#`[\\]])',
    '`(?<code>[^`\\n]{1,500})`',
    `!?\\[(?<label>[^\\][\\n]{1,300})\\]\\((?<target>${TARGET})(?: "[^"\\n]{0,200}")?\\)`,
    `<(?<auto>${URL_SCHEME}[^\\s<>"]{1,2000})>`,
    `(?<bare>${WEB}(?:[${NO_SPACES}][^\\s<>"]{0,2000}|[^\\s<>"${NO_SPACES}]{1,2000}))`,
    '\\*\\*(?=\\S)(?<strong>[^\\n]{0,1000}?[^\\s*])\\*\\*',
    '(?<![\\p{L}\\p{N}*])\\*(?=[^\\s*])(?<em>[^*\\n]{0,500}[^\\s*]|[^\\s*])\\*(?![\\p{L}\\p{N}*])',
  ].join('|'),
  'giu',
);

const PLAIN_WEB = /^https?:\/\/[\p{L}\p{N}][\p{L}\p{M}\p{N}.-]*(?::\d{1,5})?(?:[/?#][^\\]*)?$/iu;
const PLAIN_MAIL = /^mailto:[\w.+'-]+@[\p{L}\p{M}\p{N}.-]+(?:\?(?:subject|body)=[^&]*(?:&(?:subject|body)=[^&]*)?)?$/iu;

/**
 * Says whether all readers take an address for the same one: no user name before the host, no encoded or quoted host,
 * no character that some leave out; one recipient of a mail, and no copy. An address of any other form is left as text.
 */
const isPlainAddress = (url: string): boolean =>
  !/[\p{Cc}\p{Cf}\p{DI}]/u.test(url) && (PLAIN_WEB.test(url) || PLAIN_MAIL.test(url));

/** The sentence's own punctuation, which stands behind an address. */
const withoutPunctuation = (url: string): string => {
  let end = url.length;
  while (end > 0 && (".,;:!?'*".includes(url[end - 1] ?? '') || (url[end - 1] === ')' && !url.includes('(')))) end -= 1;
  return url.slice(0, end);
};

const inlines = (text: string): Inline[] => {
  const parts: Inline[] = [];
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    const { literal, code, label, target, auto, bare, strong, em } = match.groups ?? {};
    parts.push({ kind: 'text', text: text.slice(last, match.index) });
    last = match.index + match[0].length;
    if (literal !== undefined) parts.push({ kind: 'text', text: literal });
    else if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (label !== undefined && target !== undefined)
      parts.push(
        isPlainAddress(target)
          ? { kind: 'link', label: plain(inlines(label)).trim(), url: target }
          : { kind: 'text', text: match[0] },
      );
    else if (auto !== undefined)
      parts.push(isPlainAddress(auto) ? { kind: 'link', label: '', url: auto } : { kind: 'text', text: match[0] });
    else if (strong !== undefined) parts.push({ kind: 'strong', parts: inlines(strong) });
    else if (em !== undefined) parts.push({ kind: 'em', parts: inlines(em) });
    else {
      const url = withoutPunctuation(bare ?? '');
      last -= (bare ?? '').length - url.length;
      parts.push(isPlainAddress(url) ? { kind: 'link', label: '', url } : { kind: 'text', text: url });
    }
  }
  return [...parts, { kind: 'text', text: text.slice(last) }];
};

const withoutScheme = (url: string): string => url.replace(/^(?:https?:\/\/|mailto:)/i, '');
const shownUrl = (url: string): string => url.replace(/^mailto:/i, '');

const plainPart = (part: Inline): string => {
  switch (part.kind) {
    case 'text':
    case 'code':
      return part.text;
    case 'strong':
    case 'em':
      return plain(part.parts);
    case 'link': {
      const said = ['', part.url, withoutScheme(part.url)].includes(part.label);
      return said ? shownUrl(part.url) : `${part.label} (${shownUrl(part.url)})`;
    }
  }
};

const plain = (parts: Inline[]): string => parts.map(plainPart).join('');

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

const htmlPart = (part: Inline): string => {
  switch (part.kind) {
    case 'text':
      return escaped(part.text);
    case 'code':
      return `<code>${escaped(part.text)}</code>`;
    case 'strong':
    case 'em':
      return `<${part.kind}>${html(part.parts)}</${part.kind}>`;
    case 'link':
      return `<a href="${escaped(part.url)}">${escaped(part.label || shownUrl(part.url))}</a>`;
  }
};

const html = (parts: Inline[]): string => parts.map(htmlPart).join('');

type Line =
  | { kind: 'blank' }
  | { kind: 'text' | 'heading' | 'code'; text: string }
  | { kind: 'bullet'; indent: string; text: string }
  | { kind: 'number'; indent: string; number: number; text: string };

const linesOf = (markup: string): Line[] => {
  let isCode = false;
  return markup.split(/\r?\n/).flatMap((raw): Line[] => {
    if (/^\s*(?:```|~~~)[\w-]*\s*$/.test(raw)) {
      isCode = !isCode;
      return [];
    }
    if (isCode) return [{ kind: 'code', text: raw }];
    const line = raw.trimEnd();
    if (line.trim() === '' || /^(?:-{3,}|\*{3,}|_{3,})$/.test(line)) return [{ kind: 'blank' }];
    const heading = /^#{1,6} +(.+)$/.exec(line);
    if (heading) return [{ kind: 'heading', text: (heading[1] ?? '').replace(/ #+$/, '') }];
    const bullet = /^( *)[-*+•] +(\S.*)$/.exec(line);
    if (bullet) return [{ kind: 'bullet', indent: bullet[1] ?? '', text: bullet[2] ?? '' }];
    const number = /^( *)(\d{1,3})[.)] +(\S.*)$/.exec(line);
    if (number) return [{ kind: 'number', indent: number[1] ?? '', number: Number(number[2]), text: number[3] ?? '' }];
    return [{ kind: 'text', text: line }];
  });
};

const plainLine = (line: Line): string => {
  switch (line.kind) {
    case 'blank':
      return '';
    case 'code':
      return line.text;
    case 'bullet':
      return `${line.indent}- ${plain(inlines(line.text))}`;
    case 'number':
      return `${line.indent}${line.number}. ${plain(inlines(line.text))}`;
    default:
      return plain(inlines(line.text));
  }
};

/**
 * As it reads in a chat, and in a mail program that shows no HTML: without marks, links in brackets behind their words.
 */
export const toPlainText = (markup: string): string =>
  linesOf(markup)
    .map(plainLine)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

type Block = { tag: 'p' | 'pre' | 'ul' | 'ol'; start: number; items: string[] };

/** Each item of a list, each line of anything else. */
const blocksOf = (lines: Line[]): Block[] => {
  const blocks: Block[] = [];
  let apart = true;
  const put = (
    tag: Block['tag'],
    item: string,
    { start = 1, joins = !apart }: { start?: number; joins?: boolean } = {},
  ) => {
    const open = blocks.at(-1);
    if (open?.tag === tag && joins) open.items.push(item);
    else blocks.push({ tag, start, items: [item] });
    apart = false;
  };
  for (const line of lines) {
    switch (line.kind) {
      case 'blank':
        apart = true;
        break;
      case 'code':
        put('pre', escaped(line.text));
        break;
      case 'heading':
        put('p', `<strong>${html(inlines(line.text))}</strong>`, { joins: false });
        apart = true;
        break;
      // A list goes on over blank lines.
      case 'bullet':
        put('ul', html(inlines(line.text)), { joins: true });
        break;
      case 'number':
        put('ol', html(inlines(line.text)), { joins: true, start: line.number });
        break;
      case 'text': {
        const open = blocks.at(-1);
        const goesOn = /^\s/.test(line.text) && !apart && (open?.tag === 'ul' || open?.tag === 'ol');
        if (goesOn) open?.items.push(`${open.items.pop()}<br>${html(inlines(line.text.trim()))}`);
        else put('p', html(inlines(line.text)));
      }
    }
  }
  return blocks;
};

/** As it reads in a mail and in HubSpot's inbox. */
export const toHtml = (markup: string): string =>
  blocksOf(linesOf(markup.trim()))
    .map(({ tag, start, items }) => {
      switch (tag) {
        case 'p':
          return `<p>${items.join('<br>')}</p>`;
        case 'pre':
          return `<pre>${items.join('\n')}</pre>`;
        default: {
          const from = tag === 'ol' && start !== 1 ? ` start="${start}"` : '';
          return `<${tag}${from}>${items.map((item) => `<li>${item}</li>`).join('')}</${tag}>`;
        }
      }
    })
    .join('');
