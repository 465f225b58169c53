import { attributionAt } from './mail-attribution.ts';
import { type HeaderBlock, headerBlockAt, introducesHeaders } from './mail-headers.ts';
import { joined, type MailLine, mailLine, mailLines, nextVisibleLines, unmarked } from './mail-line.ts';
import { markerAt } from './mail-marker.ts';
import { isTagline } from './mail-tail.ts';

/** An email taken apart. */
export interface SplitMail {
  /** What its author wrote or forwarded, their signature included; empty where there is nothing but a quote. */
  said: string;
  /** What their mail program quoted, `null` where it quoted nothing. */
  quoted: string | null;
}

/** A mail that its sender got and passes on: it is what they ask about. */
export interface ForwardedMail {
  /** As its headers name its author, such as `Kim Lee <kim@example.org>`; `null` where they don't. */
  from: string | null;
  /** In the words of the mail program's language. */
  date: string | null;
  subject: string | null;
  /** What its author wrote, their signature included. */
  text: string;
  /** What it quoted itself. */
  quoted: string | null;
}

/** An email's text by who said it when. */
export interface MailParts {
  /** What its author wrote, their signature included. */
  own: string;
  forwarded: ForwardedMail | null;
  /** `null` where there is none. */
  quoted: string | null;
}

/** Forwarded mails that forward mails: deeper ones stay part of the one around them. */
const MOST_FORWARDS = 3;

/** Where words begin that aren't the author's, and what is known of them. */
interface Break {
  kind: 'history' | 'forward';
  /** The first line of their heading, and of the words below it. */
  start: number;
  content: number;
  /** The author's words on the heading's own line. */
  before: string;
  headers: HeaderBlock | null;
  /** Headers alone begin it. Under "See what Kim writes:" they are what the author shows. */
  bare?: boolean;
}

// Without a date it may be a customer who tells what a colleague wrote; below what a phone adds, their words have
// ended.
const WROTE_ALONE = /^(?:[^<>@:]{0,60} )?<?[^\s<>@]+@[^\s<>@]+>? [^\s:]+(?: [^\s:]+)?:$/;
/** In characters. */
const LONGEST_NAME = 150;

const lineAbove = (lines: readonly MailLine[], start: number): string => {
  const above = lines[start - 1];
  return (above?.blank ? lines[start - 2] : above)?.plain ?? '';
};

const breakAt = (lines: readonly MailLine[], start: number, next: Uint32Array): Break | null => {
  const line = lines[start];
  if (!line || line.blank) return null;
  const found = markerAt(lines, start, next);
  if (found) {
    const below = next[start + found.length] ?? lines.length;
    const headers = below - start <= 3 ? headerBlockAt(lines, below) : null;
    const content = headers ? below + headers.length : start + found.length;
    return { kind: found.marker, start, content, before: '', headers };
  }
  if (line.marked) return null;
  const attribution = attributionAt(lines, start, next);
  if (attribution) {
    const content = start + attribution.length;
    return { kind: 'history', start, content, before: attribution.before, headers: null };
  }
  if (line.plain.length < LONGEST_NAME && WROTE_ALONE.test(line.plain) && isTagline(lineAbove(lines, start)))
    return { kind: 'history', start, content: start + 1, before: '', headers: null };
  const headers = headerBlockAt(lines, start);
  if (headers?.certain)
    return { kind: 'history', start, content: start + headers.length, before: '', headers, bare: true };
  if (introducesHeaders(line)) {
    const below = headerBlockAt(lines, start + 1);
    if (below?.likely) return { kind: 'history', start, content: start + 1 + below.length, before: '', headers: below };
  }
  return null;
};

/** What a mail program broke off a quoted line, and left without its mark. */
const BROKEN_LINK = /^[<([]?https?:\/\/\S+(?: >)?$|^\S+[)>\]]$/;
const SHORTEST_BROKEN = 60;

const isBrokenOff = (above: MailLine | undefined, { plain }: MailLine, below: MailLine | undefined): boolean => {
  if (!below?.marked || plain === '') return false;
  if (BROKEN_LINK.test(plain)) return true;
  const goesOn = (above?.plain.length ?? 0) >= SHORTEST_BROKEN && !/[.!?…:;]$/.test(above?.plain ?? '');
  return above?.marked === true && goesOn && /^\p{Ll}/u.test(plain);
};

/** The line behind a run of marked lines, and of blank ones between them. */
const endOfMarked = (lines: readonly MailLine[], start: number): number => {
  let end = start;
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index];
    if (line?.marked) end = index + 1;
    else if (line && !line.blank && !isBrokenOff(lines[index - 1], line, lines[index + 1])) break;
  }
  return end;
};

type Piece =
  | { kind: 'own'; lines: MailLine[] }
  /** `lines`: with the heading. `headed`: a mail program said whose words they are. */
  | { kind: 'quote'; lines: MailLine[]; headed: boolean };

interface Pieces {
  pieces: Piece[];
  forwarded: { headers: HeaderBlock | null; content: MailLine[] } | null;
  /** History without marks, down to the mail's end. */
  below: MailLine[];
}

/** A marker and its headers are found within so many lines. */
const MARKER_LINES = 20;
/** A marker, headers and a word. */
const FEWEST_FORWARDED = 3;

const forwardIn = (marked: readonly MailLine[]): Break | null => {
  if (marked.length < FEWEST_FORWARDED) return null;
  const inside = marked.slice(0, MARKER_LINES).map(unmarked);
  const next = nextVisibleLines(inside);
  const found = breakAt(inside, next[0] ?? 0, next);
  return found?.kind === 'forward' ? found : null;
};

const takeApart = (lines: readonly MailLine[], asForward: boolean): Pieces => {
  const next = nextVisibleLines(lines);
  const pieces: Piece[] = [];
  let own: MailLine[] = [];
  let forwarded: Pieces['forwarded'] = null;
  let below: MailLine[] = [];
  let index = 0;

  const closeOwn = (): void => {
    if (own.some(({ blank }) => !blank)) pieces.push({ kind: 'own', lines: own });
    own = [];
  };

  while (index < lines.length) {
    const line = lines[index];
    if (!line) break;
    if (line.marked) {
      const end = endOfMarked(lines, index);
      const found: Break | null = forwarded ? null : forwardIn(lines.slice(index, end));
      closeOwn();
      if (found) forwarded = { headers: found.headers, content: lines.slice(index + found.content, end).map(unmarked) };
      else pieces.push({ kind: 'quote', lines: lines.slice(index, end), headed: false });
      index = end;
      continue;
    }
    const found: Break | null = breakAt(lines, index, next);
    if (!found) {
      own.push(line);
      index += 1;
      continue;
    }
    const words = next[found.content] ?? lines.length;
    const isIntroduced = found.bare && (own.findLast(({ blank }) => !blank)?.plain.endsWith(':') ?? false);
    if (isIntroduced && !asForward) {
      own.push(...lines.slice(index, found.content));
      index = found.content;
      continue;
    }
    const isForward = (found.kind === 'forward' || (asForward && found.headers !== null)) && forwarded === null;
    if (found.before !== '') own.push(mailLine(found.before));
    const heading = found.before === '' ? line : mailLine(line.plain.slice(found.before.length).trim());
    const nothingAbove = pieces.length === 0 && !own.some(({ blank }) => !blank);
    if (lines[words]?.marked) {
      const end = endOfMarked(lines, words);
      closeOwn();
      if (isForward) {
        const inside = lines.slice(words, end).map(unmarked);
        const first = nextVisibleLines(inside)[0] ?? 0;
        const headers = found.headers ?? headerBlockAt(inside, first);
        const content = found.headers ? inside : inside.slice(first + (headers?.length ?? 0));
        forwarded = { headers, content };
      } else pieces.push({ kind: 'quote', lines: [heading, ...lines.slice(index + 1, end)], headed: true });
      index = end;
      continue;
    }
    closeOwn();
    if (isForward) {
      forwarded = { headers: found.headers, content: lines.slice(found.content) };
      index = lines.length;
    } else if (nothingAbove && found.headers !== null && words < lines.length) {
      // Nobody writes nothing above a mail and quotes it: the author's words are below its headers.
      pieces.push({ kind: 'quote', lines: lines.slice(index, found.content), headed: true });
      index = found.content;
    } else {
      below = [heading, ...lines.slice(index + 1)];
      index = lines.length;
    }
  }
  closeOwn();
  return { pieces, forwarded, below };
};

/** Below the usual two dashes. */
const isSignature = (piece: Piece | undefined): boolean =>
  piece?.kind === 'own' && /^--$/.test(piece.lines.find(({ blank }) => !blank)?.plain ?? '');

/**
 * Says which of the quotes go. Between several of them answers stay together with what they answer, but for the last
 * one where nothing is below it; so does one in the middle that no program put a heading on: it may be a list of the
 * author's own.
 */
const goes = (pieces: Piece[]): Set<Piece> => {
  const quotes = pieces.filter(({ kind }) => kind === 'quote');
  const last = quotes.at(-1);
  if (!last) return new Set();
  const atEnd = pieces.at(-1) === last || (pieces.at(-2) === last && isSignature(pieces.at(-1)));
  if (quotes.length > 1) {
    // Headers alone at the top are no quote that something answers.
    const [top] = quotes;
    const rest = pieces[0] === top && top?.kind === 'quote' && !top.lines.some(({ marked }) => marked);
    if (rest && top) return new Set([top, ...goes(pieces.slice(1))]);
    return new Set(atEnd ? [last] : []);
  }
  const isHeaded = last.kind === 'quote' && last.headed;
  return new Set(atEnd || pieces[0] === last || isHeaded ? [last] : []);
};

const splitLines = (lines: readonly MailLine[], asForward: boolean, depth: number): MailParts => {
  const { pieces, forwarded, below } = takeApart(lines, asForward);
  const gone = goes(pieces);
  const quoted = joined([...pieces.filter((piece) => gone.has(piece)).flatMap((piece) => piece.lines), ...below]);
  return {
    own: joined(pieces.filter((piece) => !gone.has(piece)).flatMap((piece) => piece.lines)),
    forwarded: forwarded && toForwarded(forwarded, depth),
    quoted: quoted === '' ? null : quoted,
  };
};

const toForwarded = ({ headers, content }: NonNullable<Pieces['forwarded']>, depth: number): ForwardedMail => {
  const { from = null, date = null, subject = null } = headers ?? {};
  if (depth >= MOST_FORWARDS) return { from, date, subject, text: joined(content), quoted: null };
  const { own, forwarded, quoted } = splitLines(content, false, depth + 1);
  const inner = forwarded === null ? own : [own, forwarded.text].filter((part) => part !== '').join('\n\n');
  const text = inner === '' ? joined(content) : inner;
  return { from, date, subject, text, quoted: inner === '' ? null : (quoted ?? forwarded?.quoted ?? null) };
};

/**
 * Takes a plain-text email apart: what its author wrote, the mail that they forward, the history that their program
 * quoted. What may be the author's stays theirs: a quote that is left over does less harm than a word that is lost.
 * History is known by its form (an address, a date and a time in a line that ends with a colon; mail headers; `>`), so
 * that it is found in any language. `asForward`: the subject says that the mail is forwarded, so that headers without a
 * marker begin a forwarded mail. Linear in the length of the text, which anybody can send.
 */
export const splitMail = (text: string, { asForward = false } = {}): MailParts =>
  splitLines(mailLines(text), asForward, 1);

/**
 * Splits a plain-text email into what its author said, a forwarded mail included, and the history that their program
 * quoted.
 */
export const splitQuotedHistory = (text: string): SplitMail => {
  const { own, forwarded, quoted } = splitMail(text);
  if (forwarded === null) return { said: own, quoted };
  const said = [own, forwarded.text].filter((part) => part !== '').join('\n\n');
  return { said, quoted: quoted ?? forwarded.quoted };
};
