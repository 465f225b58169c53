import { hasVisible } from '../../hubspot/visible.ts';
import { joined, type MailLine, mailLine, mailLines } from './mail-line.ts';
import * as words from './mail-tail-words.ts';

/** What an author wrote, without what stands below every mail of theirs. */
export interface TailedText {
  own: string;
  /** Their greeting, name and company, and what their mail program adds; `null` where there is none. */
  signature: string | null;
  /** Disclaimers and the like; `null` where there is none. */
  footer: string | null;
}

/** A longer signature has something to say. */
const SIGNATURE_LINES = 20;
/** In characters. */
const LONGEST_CLOSING = 60;
const LONGEST_TAGLINE = 140;
const LONGEST_FOOTER_LINES = 40;
/** Nothing above them is a signature's or a footer's. */
const TAIL_LINES = 120;

const any = (patterns: readonly string[]): string => `(?:${patterns.join('|')})`;

const CLOSING = any([...words.CLOSINGS, ...words.SHORT_CLOSINGS]);
const SHORT_CLOSING = new RegExp(`^${any(words.SHORT_CLOSINGS)}(?![\\p{L}\\p{N}])`, 'iu');
const THANKS = any(words.THANKS);
const NAME = String.raw`\p{Lu}[\p{L}\p{M}.'’-]*(?: (?:\p{Lu}[\p{L}\p{M}.'’-]*|&|von|van|de|der|da|di|del)){0,3}`;

// A place ("Grüße aus Köln"), then a name ("LG Nora"), which has to begin with a capital.
const CLOSING_LINE = new RegExp(`^${CLOSING}(?: (?:aus|from|de|da|uit|från|fra|z) \\p{L}+)?\\s?[,.!;:–-]*$`, 'iu');
const CLOSING_START = new RegExp(`^${CLOSING}[,.!]? (?=\\p{L})`, 'iu');
const NAME_LINE = new RegExp(
  `^[–—/~*-]{0,3} ?(?:(?:[iI]\\. ?[AV]\\.|ppa\\.|p\\.p\\.) )?(?:${NAME}|\\p{Ll}+|[\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana} ]{1,10}|[\\p{Script=Arabic}\\p{Script=Hebrew} ]{1,25})[,.]?$`,
  'u',
);
const NAME_ONLY = new RegExp(`^${NAME}$`, 'u');
const THANKS_LINE = new RegExp(`^${THANKS},$`, 'iu');
// What follows the closing is looked at by itself: it has to be a name.
const THANKS_AND_CLOSING = new RegExp(
  `^(${THANKS}),? (${any(words.ANDS)}) (?:(?:the|with|mit|avec|con|com|med|met|z|s) )?(${CLOSING}.*)$`,
  'iu',
);

const START = '(?<![\\p{L}\\p{N}])';
const END = '(?![\\p{L}\\p{N}])';
const SENT = new RegExp(`${START}${any(words.SENT)}${END}`, 'iu');
// No spaces between words there.
const SENT_INSIDE = /送信|发自|發自|發送自|寄自|보냄|발송|전송|أُ?رسلت|נשלח/;
const DEVICE = new RegExp(any(words.DEVICES), 'iu');
// "Sent from my desk, is much easier": a sentence goes on.
const SENTENCE = /, (?!(?:please|excuse|sorry|pardon|an?|bitte|merci|désolé)(?![\p{L}\p{N}]))\p{Ll}/u;
const APP = new RegExp(`^${any(words.GET_APP)}\\.?$`, 'iu');
const TYPOS = /^(?:please )?(?:excuse|forgive|pardon)(?: any| the| my)? (?:typos?|brevity|spelling|errors)/i;
const FOOTER = new RegExp(any(words.FOOTERS), 'iu');
// Who speaks of themselves asks for something: "I got this mail by mistake, please delete my address".
const FIRST_PERSON =
  /(?<![\p{L}\p{M}\p{N}])(?:I|[Mm]e|[Mm]y|[Mm]ine|[Ii]ch|[Mm]ich|[Mm]ir|[Mm]eine?[nmrs]?|[Jj]e|[Jj]['’]\p{L}+|[Mm]['’]\p{L}+|[Mm]oi|[Mm]on|[Yy]o|[Mm]i|[Mm]is|[Hh]e|[Qq]uiero|[Ii]o|[Hh]o|[Mm]io|[Mm]ia|[Ee]u|[Mm]eu|[Mm]inha|[Ii]k|[Mm]ij|[Mm]ijn|[Jj]ag|[Mm]ig|[Jj]eg|[Mm]eg|[Mm]ine?|[Mm]inun|[Jj]a|[Mm]nie|[Mm]ój|[Mm]oje|[Jj]á|[Mm]ůj|[Яя]|[Мм]не|[Мм]еня|[Мм]ой|[Мм]ою)(?![\p{L}\p{M}\p{N}])/u;

const withoutLinks = (plain: string): string =>
  plain.replace(/[<([]?(?:https?:\/\/|mailto:|www\.)[^\s>)\]]*[>)\]]?/gi, '').trim();
const asksIn = (plain: string): boolean => /[?？؟;]\s|[?？؟]/.test(withoutLinks(plain));

const URL_OR_ADDRESS =
  /(?:https?:\/\/|www\.)\S|[^\s@<>]@[^\s@<>]+\.\p{L}{2}|\b[\w-]+\.(?:com|net|org|de|fr|es|it|nl|co\.uk|eu|io|example)\b/iu;
const PHONE =
  /(?:^|[^\p{L}\d])(?:\+|00|\(?0)[\d\s()./–-]{6,}\d(?:\D{0,12}\d{1,5})?|^(?:t|tel|m|mob|mobil|mobile|phone|fon|fax|f|p|d|w|tlf|gsm|cell|office|direct|тел|電話|电话|전화)\b ?[.:]{0,2} ?\+?[\d\s()./–-]{6,}/iu;
const COMPANY =
  /(?<!\p{L})(?:gmbh|ag|kg|ug|ltd|llc|inc|plc|s\.?a\.?r?\.?l?|b\.?v|n\.?v|ab|oy|a\/s|aps|sp\. z o\.o|s\.r\.o|kft|srl|s\.p\.a|co)\.?(?!\p{L})/iu;

// A number of the customer's own affair, below their name: an order's, a customer's.
const OWN_NUMBER =
  /order|invoice|customer|account|ticket|case|ref|tracking|serial|bestell|auftrag|rechnung|kunden|vorgang|sendung|seriennummer|commande|facture|client|dossier|pedido|factura|cliente|fatura|encomenda|ordine|fattura|pratica|klant|bestelling|factuur|kund|faktur|tilaus|zam[oó]wieni|objedn|zákazn|rendelés|comand|заказ|номер|sipariş|παραγγελ|注文|订单|주문/iu;
const LABELS =
  /(?<![\p{L}])(?:t|tel|telephone|telefon|phone|fon|mobile?|mob|cell|fax|office|direct|web|www|website|e-?mail|mail|and|und|et|y|e|or|oder)(?![\p{L}])/giu;

/** Says how many words a line has beyond what tells how to reach somebody: names begin with capitals. */
const proseIn = (plain: string): number =>
  withoutLinks(plain)
    .replace(/\S+@\S+/g, ' ')
    .replace(LABELS, ' ')
    .split(/[^\p{L}\p{M}'’]+/u)
    .filter((word) => word.length > 2 && /^\p{Ll}/u.test(word)).length;

/**
 * An address, a phone number, a site: what only a signature has a line for. Not a sentence that names one, nor an
 * order's number.
 */
const isContact = (plain: string): boolean => {
  if (plain.split(' ').length > 14 || asksIn(plain) || FIRST_PERSON.test(plain)) return false;
  if (URL_OR_ADDRESS.test(plain)) return proseIn(plain) < 3;
  return PHONE.test(plain) && !OWN_NUMBER.test(plain) && proseIn(plain) < 2;
};

/** A title, a company, a town. */
const isLabel = (plain: string): boolean => {
  const all = plain.split(/[\s|,/·•-]+/).filter((word) => /\p{L}/u.test(word));
  if (all.length === 0 || all.length > 9 || /[!?？:;]/.test(plain)) return false;
  if (/[.…]$/.test(plain) && !COMPANY.test(plain)) return false;
  return all.filter((word) => /^\p{Lu}/u.test(word)).length * 2 >= all.length;
};

const POSTAL = /(?:^|[ ,])(?:\p{Lu}{1,2}-)?\d{4,6} \p{Lu}\p{L}+/u;
const hasDigits = (plain: string): boolean => /\d/.test(plain);
const isRuleLine = (plain: string): boolean => /^[-_=*~–—]{2,}$/.test(plain);

/** Says whether mail programs or phones wrote a tidied line below its author's words: "Sent from my iPhone". */
export const isTagline = (plain: string): boolean => {
  if (plain === '' || plain.length > LONGEST_TAGLINE + 200 || asksIn(plain)) return false;
  const bare = withoutLinks(plain)
    .replace(/[\s.<>_*-]+$/, '')
    .replace(/^[\s_*<-]+/, '');
  if (bare === '' || bare.length > LONGEST_TAGLINE) return false;
  if (APP.test(bare) || TYPOS.test(bare)) return true;
  const all = bare.split(' ');
  if (all.length > 16 || SENTENCE.test(bare) || !DEVICE.test(bare) || !(SENT.test(bare) || SENT_INSIDE.test(bare)))
    return false;
  // "Sent from …" or "… gesendet": in the middle of a sentence it is somebody's own word.
  const atStart = SENT.test(all.slice(0, 2).join(' ')) || SENT_INSIDE.test(all[0] ?? '');
  const atEnd = SENT.test(all.at(-1) ?? '') || SENT_INSIDE.test(all.at(-1) ?? '');
  if (!atStart && !atEnd) return false;
  return atEnd || DEVICE.test(all.slice(-3).join(' '));
};

/** A greeting without a name behind it. */
const openingOnly = (plain: string): boolean => CLOSING_LINE.test(plain);

const isClosing = (plain: string): boolean => {
  if (plain === '' || plain.length > LONGEST_CLOSING || /[?？]/.test(plain)) return false;
  if (CLOSING_LINE.test(plain)) return true;
  const start = CLOSING_START.exec(plain)?.[0];
  return start !== undefined && NAME_ONLY.test(plain.slice(start.length).replace(/[.,]$/, ''));
};

const nameWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];

const isAuthor = (plain: string, author: ReadonlySet<string>): boolean => {
  if (author.size === 0 || plain.length > LONGEST_CLOSING || /[\d?？@:]/.test(plain)) return false;
  const all = nameWords(plain);
  return all.length > 0 && all.length <= 5 && all.every((word) => author.has(word));
};

interface Found {
  own: MailLine[];
  signature: MailLine[];
  /** The author's words below the signature. */
  rest: MailLine[];
}

const endOfParagraph = (lines: readonly MailLine[], start: number): number => {
  let end = start;
  while (end < lines.length && !lines[end]?.blank) end += 1;
  return end;
};

/** Says whether a paragraph is of a signature's lines alone, and one of them could be nothing else. */
const reachesSomebody = (paragraph: readonly string[]): boolean =>
  paragraph.some((plain) => isContact(plain) || ((COMPANY.test(plain) || POSTAL.test(plain)) && isLabel(plain))) &&
  paragraph.every(
    (plain) =>
      isContact(plain) ||
      isRuleLine(plain) ||
      isTagline(plain) ||
      (isLabel(plain) && (!/\d{3}/.test(plain) || POSTAL.test(plain)) && !OWN_NUMBER.test(plain)),
  );

/** Gives what somebody is, directly below their name, where the next paragraph says how to reach them. */
const isTitleBelow = (lines: readonly MailLine[], start: number, end: number): boolean => {
  if (start === 0 || lines[start - 1]?.blank || end - start > 2) return false;
  if (!lines.slice(start, end).every(({ plain }) => isLabel(plain) && !hasDigits(plain))) return false;
  let below = end;
  while (lines[below]?.blank) below += 1;
  return reachesSomebody(lines.slice(below, endOfParagraph(lines, below)).map(({ plain }) => plain));
};

/** The line behind a block that a signature's first line opens: the name, and what tells how to reach its owner. */
const endOfSignature = (lines: readonly MailLine[], start: number, author: ReadonlySet<string>): number => {
  let index = start;
  const skipBlank = (): void => {
    while (lines[index]?.blank) index += 1;
  };
  skipBlank();
  const name = lines[index]?.plain ?? '';
  if (index < lines.length && !hasDigits(name) && (NAME_LINE.test(name) || isAuthor(name, author)) && !isContact(name))
    index += 1;
  for (let limit = index + SIGNATURE_LINES; index < limit; ) {
    skipBlank();
    // A paragraph goes as a whole, where one of its lines says how to reach somebody; else its end may be a postscript.
    const end = endOfParagraph(lines, index);
    const paragraph = lines.slice(index, end).map(({ plain }) => plain);
    const tagged = paragraph.every((plain) => isTagline(plain) || isRuleLine(plain) || isAuthor(plain, author));
    if (paragraph.length === 0 || !(tagged || reachesSomebody(paragraph) || isTitleBelow(lines, index, end))) break;
    index = end;
  }
  return index;
};

const lastVisible = (lines: readonly MailLine[]): number => lines.findLastIndex(({ blank }) => !blank);

/** `-- `, alone on its line, and below it nothing that may be the author's words. */
const belowDelimiter = (lines: readonly MailLine[]): Found | null => {
  const index = lines.findIndex(({ plain, raw }) => plain === '--' || plain === '—' || raw === '-- ');
  if (index < 0) return null;
  const below = lines.slice(index + 1).filter(({ blank }) => !blank);
  if (below.length === 0) return { own: lines.slice(0, index), signature: [], rest: [] };
  if (below.length > LONGEST_FOOTER_LINES || below.some(({ plain }) => asksIn(plain))) return null;
  const standard = lines[index]?.raw.endsWith('-- ') && below.length <= SIGNATURE_LINES;
  const first = below[0]?.plain ?? '';
  const looksSo =
    (isLabel(first) || isContact(first) || isTagline(first) || isClosing(first)) &&
    below.every(
      ({ plain }) => isLabel(plain) || isContact(plain) || isRuleLine(plain) || isTagline(plain) || isClosing(plain),
    );
  return standard || looksSo ? { own: lines.slice(0, index), signature: lines.slice(index + 1), rest: [] } : null;
};

const startOfParagraph = (lines: readonly MailLine[], end: number): number => {
  let start = end;
  while (start > 0 && !lines[start - 1]?.blank) start -= 1;
  return start;
};

const isFooter = (paragraph: readonly MailLine[]): boolean => {
  const text = paragraph
    .map(({ plain, raw }) => (plain === '' ? raw.slice(0, 2_000) : plain))
    .join(' ')
    .slice(0, 6_000);
  return FOOTER.test(text) && !FIRST_PERSON.test(text) && !/[?？]/.test(withoutLinks(text));
};

interface Opening {
  /** `below`: the line stays with the author's words, as thanks do. */
  kind: 'closing' | 'short' | 'thanks-and-closing' | 'below';
  /** In characters: so much of the line is the author's. */
  own: number;
}

/** Says whether a line ends a letter, and how much of it is more than that. */
const openingIn = (plain: string): Opening | null => {
  if (plain.length > 2 * LONGEST_CLOSING || plain === '') return null;
  if (isClosing(plain)) return { kind: SHORT_CLOSING.test(plain) ? 'short' : 'closing', own: 0 };
  const [, thanks, , closing] = THANKS_AND_CLOSING.exec(plain) ?? [];
  if (thanks !== undefined && closing !== undefined && isClosing(closing))
    return { kind: 'thanks-and-closing', own: thanks.length };
  return THANKS_LINE.test(plain) ? { kind: 'below', own: plain.length } : null;
};

/** The greeting in the last lines, and what is below it. */
const belowClosing = (lines: readonly MailLine[], author: ReadonlySet<string>): Found | null => {
  for (let index = Math.max(0, lines.length - SIGNATURE_LINES); index < lines.length; index += 1) {
    const line = lines[index];
    const opening = line ? openingIn(line.plain) : null;
    if (!line || opening === null) continue;
    const end = endOfSignature(lines, index + 1, author);
    const rest = lines.slice(end);
    const above = lines.slice(0, index);
    const below = lines.slice(index + 1, end);
    const hasName = below.some(({ blank }) => !blank);
    if (opening.kind === 'below') {
      if (hasName) return { own: lines.slice(0, index + 1), signature: below, rest };
      continue;
    }
    const isLast = rest.every(({ blank }) => blank);
    // "LG" closes a German letter, and makes television sets.
    if (opening.kind === 'short' && !(isLast && above.some(({ blank }) => !blank))) continue;
    if (!isLast && !hasName && openingOnly(line.plain)) continue;
    if (opening.own === 0) return { own: above, signature: lines.slice(index, end), rest };
    const own = mailLine(line.plain.slice(0, opening.own));
    const greeting = mailLine(line.plain.slice(opening.own).replace(/^[, ]+/, ''));
    return { own: [...above, own], signature: [greeting, ...below], rest };
  }
  return null;
};

/** The author's name below their words, without a greeting. */
const nameAtEnd = (lines: readonly MailLine[], author: ReadonlySet<string>): Found | null => {
  const last = lastVisible(lines);
  for (let index = last; index > Math.max(0, last - 8); index -= 1) {
    if (!isAuthor(lines[index]?.plain ?? '', author)) continue;
    if (endOfSignature(lines, index, author) <= last || lines.slice(0, index).every(({ blank }) => blank)) return null;
    return { own: lines.slice(0, index), signature: lines.slice(index), rest: [] };
  }
  return null;
};

const textOrNull = (parts: MailLine[][]): string | null => {
  const text = parts
    .map(joined)
    .filter((part) => part !== '')
    .join('\n');
  return text === '' ? null : text;
};

/** The last lines of a text, below what is above them as one. */
const lastLines = (text: string): MailLine[] => {
  let start = text.length;
  for (let found = 0; found < TAIL_LINES && start > 0; found += 1) start = text.lastIndexOf('\n', start - 1);
  if (start <= 0) return mailLines(text);
  const above = text.slice(0, start);
  const head = { raw: above, plain: '', blank: !hasVisible(above), marked: false, header: null };
  return [head, ...mailLines(text.slice(start + 1))];
};

/**
 * Takes signature and footer off what an author wrote. `authorName`, where it is known, tells a name from a word. What
 * is not sure stays with the author's words.
 */
export const withoutTail = (text: string, authorName: string | null = null): TailedText => {
  const author = new Set(nameWords(authorName ?? ''));
  let own = lastLines(text);
  const signatures: MailLine[][] = [];
  const footers: MailLine[][] = [];
  const delimited = belowDelimiter(own);
  if (delimited) {
    own = delimited.own;
    signatures.unshift(delimited.signature);
  }
  // From the bottom up: a disclaimer, what the phone wrote, the greeting.
  for (let taken = 0; taken < LONGEST_FOOTER_LINES; taken += 1) {
    const last = lastVisible(own);
    if (last < 0) break;
    own = own.slice(0, last + 1);
    const bottom = own[last]?.plain ?? '';
    const start = startOfParagraph(own, last);
    if (isRuleLine(bottom) && last > 0) {
      footers.unshift(own.slice(last));
      own = own.slice(0, last);
    } else if (isTagline(bottom)) {
      signatures.unshift(own.slice(last));
      own = own.slice(0, last);
    } else if (start > 0 && last - start < LONGEST_FOOTER_LINES && isFooter(own.slice(start))) {
      footers.unshift(own.slice(start));
      own = own.slice(0, start);
    } else break;
  }
  const closed = belowClosing(own, author) ?? nameAtEnd(own, author);
  if (closed) {
    own = [...closed.own, ...closed.rest];
    signatures.unshift(closed.signature);
  }
  return { own: joined(own), signature: textOrNull(signatures), footer: textOrNull(footers) };
};
