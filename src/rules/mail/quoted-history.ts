/** An email taken apart. */
export interface SplitMail {
  /** What its author wrote, their signature included; empty where there is nothing but a quote. */
  said: string;
  /** What their mail program quoted, `null` where it quoted nothing. */
  quoted: string | null;
}

/** No mail program writes a longer header line; a longer one is somebody's text. */
const LONGEST_HEADER = 400;
/** Mail programs break `On …, … <…> wrote:` into so many lines at most. */
const ATTRIBUTION_LINES = 3;
/** From, Sent, To, Cc, Subject, in any order. */
const HEADER_LINES = 6;

const ORIGINAL_MESSAGE =
  /^[-_]{2,} ?(?:original message|ursprüngliche nachricht|message d['’]origine|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|oprindelig(?: besked|e meddelelse)|ursprungligt meddelande|opprinnelig melding|wiadomość oryginalna) ?[-_]{2,}$/i;
const FROM = /^\*?(?:from|von|de|da|van|fra|från|od) ?:\*? ?\S/i;
const OTHER_HEADER =
  /^\*?(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|fecha|para|asunto|inviato|data|a|oggetto|verzonden|aan|onderwerp|assunto|sendt|til|emne|skickat|till|ämne|wysłano|do|temat) ?:/i;

const ATTRIBUTION_STARTS = /^(?:on|am|le|el|il|em|op|den|dnia|w dniu|pe|på|\d)[ ,.\d]/i;
const WROTE =
  /(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef|skrev|kirjoitti|napisał|pisze|написал|写道|작성)/i;
const ADDRESS = /\S@\S/;
const DATE = /\d{1,2}[./-]\d{1,2}[./-]|\b20\d{2}\b|20\d{2}年/;
const TIME = /\d{1,2}[:h]\d{2}|kl\.? ?\d{1,2}\.\d{2}/;

/** Says who wrote, and names an address or a moment: people who tell of a letter themselves hardly do. */
const isAttribution = (line: string): boolean =>
  /[:：]$/.test(line) && WROTE.test(line) && (ADDRESS.test(line) || (DATE.test(line) && TIME.test(line)));

const isQuote = (line: string | undefined): boolean => line?.startsWith('>') ?? false;
const isBlank = (line: string | undefined): boolean => line?.trim() === '';

/** How many lines the `On …, … wrote:` takes that begins here; 0 where none does. */
const attributionLength = (lines: string[], start: number): number => {
  let joined = '';
  for (let length = 1; length <= ATTRIBUTION_LINES; length += 1) {
    const line = lines[start + length - 1]?.trim() ?? '';
    if (line === '' || isQuote(line)) return 0;
    joined = `${joined} ${line}`.trim();
    if (joined.length > LONGEST_HEADER) return 0;
    if (isAttribution(joined)) return length;
    if (!ATTRIBUTION_STARTS.test(joined)) return 0;
  }
  return 0;
};

const isHeaderBlock = (lines: string[], start: number): boolean => {
  const short = lines.slice(start, start + HEADER_LINES).map((line) => line.slice(0, LONGEST_HEADER).trim());
  return FROM.test(short[0] ?? '') && short.filter((line) => OTHER_HEADER.test(line)).length >= 2;
};

/** Whether everything from here on is history, without a mark on each line: so Outlook writes it, and HTML turned into text. */
const beginsHistory = (lines: string[], index: number): boolean => {
  const line = lines[index]?.trim() ?? '';
  if (line.length > LONGEST_HEADER) return false;
  if (ORIGINAL_MESSAGE.test(line) || isHeaderBlock(lines, index)) return true;
  if (/^_{5,}$/.test(line)) return isHeaderBlock(lines, index + 1);
  const length = attributionLength(lines, index);
  if (length === 0) return false;
  let below = index + length;
  while (isBlank(lines[below])) below += 1;
  return !isQuote(lines[below]);
};

/** Runs of lines marked by `>`, each with the line that says whose words they are. `end` is the line after. */
const quoteBlocks = (lines: string[]): { start: number; end: number }[] => {
  const blocks: { start: number; end: number }[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const start = index;
    index += attributionLength(lines, index);
    while (index > start && isBlank(lines[index])) index += 1;
    if (!isQuote(lines[index])) {
      index = start;
      continue;
    }
    let end = index;
    for (let next = index; isQuote(lines[next]) || (next < lines.length && isBlank(lines[next])); next += 1)
      if (isQuote(lines[next])) end = next + 1;
    blocks.push({ start, end });
    index = end - 1;
  }
  return blocks;
};

/**
 * Splits a plain-text email into what its author wrote and the history that their program quoted. Answers written between
 * several quotes stay together with them: alone they would mean nothing. Linear in the length of the text, which anybody can send.
 */
export const splitQuotedHistory = (text: string): SplitMail => {
  const lines = text.split(/\r?\n/);
  const found = lines.findIndex((_, index) => beginsHistory(lines, index));
  const above = found < 0 ? lines : lines.slice(0, found);
  const below = found < 0 ? [] : lines.slice(found);

  const blocks = quoteBlocks(above);
  const last = blocks.at(-1);
  const goes = last && (blocks.length === 1 || above.slice(last.end).every(isBlank)) ? last : { start: 0, end: 0 };
  const said = [...above.slice(0, goes.start), ...above.slice(goes.end)].join('\n').trim();
  const quoted = [...above.slice(goes.start, goes.end), ...below].join('\n').trim();
  return { said, quoted: quoted === '' ? null : quoted };
};
