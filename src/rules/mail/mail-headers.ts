import { evidenceIn, saysWrote } from './mail-evidence.ts';
import type { HeaderLine } from './mail-header-line.ts';
import type { MailLine } from './mail-line.ts';
import { bareSubject } from './mail-subject.ts';

/** A mail's headers as a mail program writes them into a text. */
export interface HeaderBlock {
  /** How many lines it takes. */
  length: number;
  from: string | null;
  date: string | null;
  subject: string | null;
  /** No customer would write these lines for anything else, such as a journey from here to there. */
  certain: boolean;
  /** As much as is needed where something else says that history begins, such as a line across the mail. */
  likely: boolean;
}

type Field = HeaderLine['field'] & string;

/** From, Sent, To, Cc, Bcc, Reply-To, Importance, Subject, Attachments. */
const MOST_HEADERS = 9;
/** A long list of recipients, or a long subject, goes on in the next lines. */
const MOST_FOLDED = 3;
/** In characters: so much of a folded header is looked at. */
const LONGEST_VALUE = 800;

/** What people call the lines of a list of their own; no mail program calls a header so. */
const OWN_LABELS =
  /^(?:e-?mail.*|mail|courriel|correo.*|name|full name|your name|nome|nom|nombre|naam|navn|namn|imię.*|jméno|имя|お名前|氏名|姓名|이름|phone|tel.*|telefon.*|mobile|customer.*|client.*|kunde.*|klant.*|cliente|contact.*|kontakt.*|user.*|login|account.*|konto.*|order.*|bestell.*|commande|pedido|ordine|guest|gast|address|adresse)$/u;

const headerOf = (line: MailLine | undefined): HeaderLine | null => (line?.marked ? null : (line?.header ?? null));

const withFolded = (header: HeaderLine, folded: string): HeaderLine => {
  const value = `${header.value} ${folded}`.trim();
  return { ...header, value, evidence: evidenceIn(value.slice(0, LONGEST_VALUE)) };
};

/** The header that goes on below lines that have no label, with what they say. */
const beyondFolded = (lines: readonly MailLine[], start: number): { folded: string; at: number } | null => {
  const folded: string[] = [];
  for (let at = start; at < start + MOST_FOLDED; at += 1) {
    const line = lines[at];
    if (!line || line.blank || line.marked) return null;
    folded.push(line.plain);
    if (headerOf(lines[at + 1])?.field) return { folded: folded.join(' '), at: at + 1 };
  }
  return null;
};

/** Reads the header lines that begin at a line, with the lines that they go on in. */
const collect = (lines: readonly MailLine[], start: number): { headers: HeaderLine[]; length: number } => {
  const first = headerOf(lines[start]);
  if (!first) return { headers: [], length: 0 };
  const headers = [first];
  let known = first.field === null ? 0 : 1;
  // HTML turned into text may have a blank line after each.
  const gap = lines[start + 1]?.blank && headerOf(lines[start + 2]) ? 1 : 0;
  let index = start + 1;
  while (headers.length < MOST_HEADERS) {
    if (gap === 1 && !lines[index]?.blank) break;
    let at = index + gap;
    let header = headerOf(lines[at]);
    if (!header && gap === 0) {
      const beyond = beyondFolded(lines, at);
      const last = headers.pop();
      if (last) headers.push(beyond ? withFolded(last, beyond.folded) : last);
      at = beyond?.at ?? at;
      header = beyond ? headerOf(lines[at]) : null;
    }
    if (!header) break;
    // Where the program's language is known, another label is the mail's own first line.
    if (header.field === null && known >= 2) break;
    headers.push(header);
    known += header.field === null ? 0 : 1;
    index = at + 1;
  }
  return { headers, length: index - start };
};

const isRepliedSubject = (subject: string | null): boolean => subject !== null && bareSubject(subject).kind !== 'new';

/** The mail headers that begin at a line, `null` where there are less than two lines that look so. */
export const headerBlockAt = (lines: readonly MailLine[], start: number): HeaderBlock | null => {
  const { headers, length } = collect(lines, start);
  const [first, second] = headers;
  if (!first || !second) return null;
  const saidOf = (wanted: Field): string | null => headers.find(({ field }) => field === wanted)?.value ?? null;
  const has = (wanted: Field): boolean => headers.some(({ field }) => field === wanted);
  const from = saidOf('from');
  const subject = saidOf('subject');
  const evidence = headers.map((header) => header.evidence);
  const known = headers.filter(({ field }) => field !== null).length;
  const addresses = evidence.filter(({ address }) => address).length;
  const moment = evidence.some(({ date, time }) => date && time);
  const dated = evidence.some(({ date }) => date) || has('date');
  const machineDate = evidence.some(({ date, seconds }) => date && seconds);
  const ownList = OWN_LABELS.test(first.label);
  const fromHasAddress = headers.find(({ field }) => field === 'from')?.evidence.address === true;
  // From here to there on that day: a journey, whatever is at its ends.
  const maybeJourney = headers.length <= 3 && has('to') && !has('subject') && addresses < 2 && !machineDate;

  const byWords = fromHasAddress && dated && !maybeJourney && known >= 2 && (moment || known >= 3);
  const bySubject = from !== null && moment && isRepliedSubject(subject) && known >= 3;
  const byShape = headers.length >= 3 && !ownList && evidence[0]?.bracketed === true && moment && !maybeJourney;
  const byClock = addresses > 0 && machineDate && !ownList && known >= 2;
  return {
    length,
    from: from ?? (evidence[0]?.address ? first.value : null),
    date: saidOf('date'),
    subject,
    certain: byWords || bySubject || byShape || byClock,
    likely: (has('from') && known >= 2) || (known >= 1 && (addresses > 0 || moment)) || (addresses > 0 && moment),
  };
};

/** `Am 3.6.2026 um 8:15 schrieb Nora`, without a colon, with headers directly below. */
export const introducesHeaders = ({ plain, marked }: MailLine): boolean => {
  if (plain === '' || marked) return false;
  const { date, time } = evidenceIn(plain);
  return date && time && saysWrote(plain);
};
