import { hasVisible } from '../../hubspot/visible.ts';
import { type HeaderLine, headerLine } from './mail-header-line.ts';

/** No mail program writes a longer heading line; a longer one is somebody's text. */
const LONGEST_HEADING = 400;
/** Room for the marks of writing direction that are taken out of a line. */
const LONGEST_RAW = 2 * LONGEST_HEADING;

/** A line of a mail, and what the rules need to know of it. */
export interface MailLine {
  /** As it came. */
  raw: string;
  /**
   * Without invisible characters, with single spaces and digits from 0 to 9; empty where it is too long for a heading.
   */
  plain: string;
  blank: boolean;
  /** It begins with `>`, as mail programs mark what they quote. */
  marked: boolean;
  /** Read as a mail's header, whether it is one or not; `null` where it looks like none. */
  header: HeaderLine | null;
}

/** Zeros of the digits that dates are written in: Arabic, Persian, Devanagari, Bengali, Thai, full width. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];

const withAsciiDigits = (text: string): string =>
  text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\uff10-\uff19]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - (ZEROS.find((zero) => code >= zero && code <= zero + 9) ?? code));
  });

// Zero-width characters and marks of writing direction; U+2800 is an empty braille cell, U+FFFC stands for an
// attachment.
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800\ufffc]/gu;
// Most lines of a long mail are plain ASCII, for which neither of the two has anything to do.
const ASCII = /^[ -~]*$/;

/** A program that made text of HTML may have left them. */
const withoutEntities = (raw: string): string =>
  raw.includes('&') ? raw.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&nbsp;', ' ') : raw;

const plainOf = (line: string): string => {
  if (line.length > LONGEST_RAW) return '';
  const raw = withoutEntities(line);
  if (ASCII.test(raw)) return raw.length > LONGEST_HEADING ? '' : raw.replace(/ {2,}/g, ' ').trim();
  const visible = raw.replace(/\s+/g, ' ').replace(INVISIBLE, '').replace(/ {2,}/g, ' ').trim();
  return visible.length > LONGEST_HEADING ? '' : withAsciiDigits(visible);
};

// `>>> look here <<<` is an ornament.
const MARKED = /^[ \t\u200b\ufeff]?>/;
const ORNAMENT = /^\s?>>.*<<\s*$/;

const EMPTY: MailLine = { raw: '', plain: '', blank: true, marked: false, header: null };

export const mailLine = (raw: string): MailLine => {
  if (raw === '') return EMPTY;
  const marked = MARKED.test(raw) && !(raw.length < LONGEST_HEADING && ORNAMENT.test(raw));
  const plain = plainOf(raw);
  return {
    raw,
    plain,
    // A short line without anything plain has nothing at all.
    blank: plain === '' && (raw.length <= LONGEST_HEADING || !hasVisible(raw)),
    marked,
    header: marked || plain === '' ? null : headerLine(plain),
  };
};

export const mailLines = (text: string): MailLine[] => text.split(/\r\n|\r|\n/).map(mailLine);

/** The line as it was before it was quoted once. */
export const unmarked = ({ raw }: MailLine): MailLine => mailLine(raw.replace(/^[ \t\u200b\ufeff]?>[ \t]?/, ''));

export const joined = (lines: readonly MailLine[]): string =>
  lines
    .map(({ raw }) => raw)
    .join('\n')
    .trim();

/** For each line the index of the first one from there on that isn't blank; the number of lines where none is. */
export const nextVisibleLines = (lines: readonly MailLine[]): Uint32Array => {
  const next = new Uint32Array(lines.length + 1).fill(lines.length);
  for (let index = lines.length - 1; index >= 0; index -= 1)
    next[index] = lines[index]?.blank ? (next[index + 1] ?? lines.length) : index;
  return next;
};
