import { evidenceIn, isTold, saysWrote } from './mail-evidence.ts';
import type { MailLine } from './mail-line.ts';

/** `On …, … <…> wrote:`, the line that says whose the quoted words below it are. */
export interface Attribution {
  /** How many lines it takes. */
  length: number;
  /** What its line says before it begins: an answer that the mail program put no line break behind. */
  before: string;
}

/** Mail programs break one into so many lines at most, blank ones included. */
const MOST_LINES = 6;
/** In characters, over all its lines. */
const LONGEST = 400;
const MOST_WORDS = 30;
/** A line that is shorter was not broken by a mail program. */
const SHORTEST_BROKEN = 38;

const COLON = /[:：]\s?[*_>)]{0,4}$/;
// Gmail's, up to 2018: the date, the time, a name and an address, and no colon everywhere.
const OLD_GMAIL =
  /^\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: \d{1,2}:\d{2}(?: GMT[+-]\d{1,2}:?\d{2})?)? [^<>.!?]{0,80}<[^\s<>@]+@[^\s<>@]+>$/;
const OLD_GMAIL_WITHOUT_ADDRESS = /^\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} GMT[+-]\d{1,2}:?\d{2} [^.!?]{1,60}$/;
const WROTE_AT_END = /(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef|skrev)$/i;

const BEGINS_WITH_DATE = /^[^@\d]{0,24}\d/;

/** `marked`: marked words stand below, so that less is needed to know it. */
const isAttribution = (plain: string, marked: boolean): boolean => {
  if (plain.length > LONGEST) return false;
  if (OLD_GMAIL.test(plain) || OLD_GMAIL_WITHOUT_ADDRESS.test(plain)) return true;
  const colon = COLON.test(plain);
  if (!colon && !WROTE_AT_END.test(plain)) return false;
  const { address, bracketed, date, time } = evidenceIn(plain);
  if (!address && !date && !time) return false;
  const count = plain.split(' ').length;
  if (count > MOST_WORDS || isTold(plain)) return false;
  if (!colon) return address && date && time;
  const wrote = saysWrote(plain);
  // Without brackets around it, an address may be a colleague's whom the author tells of: programs begin with the date
  // then.
  if (date && ((time && (bracketed || (wrote && BEGINS_WITH_DATE.test(plain)))) || (bracketed && wrote))) return true;
  return marked && (wrote || (address && (date || time)) || (date && time && count < MOST_WORDS / 2));
};

// An answer, and the attribution on the same line: a mail program that turned HTML into text lost the break between
// them.
const OPENS_LATE =
  /[\s–-](?=(?:On|Am|Le|El|Il|Em|Op|Den|Dne|Dnia|W dniu|På|Pe) (?:\p{L}{2,12}[.,]{0,2} ){0,2}\d{1,4}(?:[./:-]|,? \p{L}|,? \d|,))/gu;

const OPENS = /^(?:On|Am|Le|El|Il|Em|Op|Den|Dne|Dnia|W dniu|På|Pe|Vào) /;

const wordsBefore = (plain: string, marked: boolean): string => {
  for (const { index } of plain.matchAll(OPENS_LATE)) {
    if (isAttribution(plain.slice(index + 1), marked)) return plain.slice(0, index).replace(/[\s–-]+$/, '');
  }
  return '';
};

/** A sentence has ended there: `28.` has not, nor has `p.m.`. */
const endsSentence = (plain: string): boolean => /[.!?…;:]$/.test(plain) && !/(?:\d|[ap]\.\s?m)\.$/i.test(plain);

const opensBracket = (text: string): boolean => text.split('<').length > text.split('>').length;

/** The attribution that begins at a line, `null` where none does. `next`: {@link nextVisibleLines}. */
export const attributionAt = (lines: readonly MailLine[], start: number, next: Uint32Array): Attribution | null => {
  const first = lines[start];
  if (!first || first.plain === '' || first.marked) return null;
  const isMarkedBelow = (end: number): boolean => lines[next[end] ?? lines.length]?.marked ?? false;
  if (isAttribution(first.plain, isMarkedBelow(start + 1)))
    return { length: 1, before: wordsBefore(first.plain, isMarkedBelow(start + 1)) };

  if (endsSentence(first.plain)) return null;
  const { address, date, time } = evidenceIn(first.plain);
  if (!address && !date && !time) return null;
  const broken =
    first.plain.length >= SHORTEST_BROKEN || first.plain.endsWith('<') || (date && OPENS.test(first.plain));
  if (!broken) return null;

  let text = first.plain;
  for (let length = 2; length <= MOST_LINES; length += 1) {
    const line = lines[start + length - 1];
    if (!line) return null;
    const open = opensBracket(text);
    // A bracket may be closed by a line that looks marked.
    if (line.marked && !(open && line.plain.length < 40)) return null;
    if (line.blank) {
      const below = lines[next[start + length] ?? lines.length];
      if (!open && !(date && time && below?.plain.startsWith('<'))) return null;
      continue;
    }
    if (line.plain === '') return null;
    text = `${text} ${line.plain}`.replace(/< /, '<').replace(/ >/, '>');
    if (isAttribution(text, isMarkedBelow(start + length))) {
      // The shortest one: the line before it may be the end of an answer.
      const shorter = line.plain !== text && isAttribution(line.plain, false);
      return shorter ? null : { length, before: '' };
    }
  }
  return null;
};
