import { hasVisible } from '../../hubspot/visible.ts';
import { bareSubject } from './mail-subject.ts';
import { withoutTail } from './mail-tail.ts';
import { type ForwardedMail, type MailParts, splitMail } from './quoted-history.ts';
import { reactionIn } from './reaction.ts';

/** What HubSpot did to a message's text, in its own words. */
export type Truncation = 'NOT_TRUNCATED' | 'TRUNCATED' | 'TRUNCATED_TO_MOST_RECENT_REPLY';

/** What the words of a message are read from. HTML comes in as plain text already. */
export interface MessageSource {
  /** Only mails have signatures, footers and history; a chat's `>` is the customer's. */
  isMail: boolean;
  /** As HubSpot names the sender; their name below their words is a signature. */
  authorName: string | null;
  subject: string | null;
  text: string;
  /** `richText` as plain text. */
  richText: string | null;
  /**
   * What HubSpot gives as the original of a message that it cut, `richText` as plain text; `null` where it wasn't read.
   */
  original: { text: string | null; richText: string | null } | null;
  truncation: Truncation;
}

/** A forwarded mail without what stands below every mail of its author's. */
export interface ForwardedWords extends ForwardedMail {
  signature: string | null;
  footer: string | null;
}

/** The words of a message, by whose they are and what for. Texts are trimmed; `null`: there is no such part. */
export interface MessageWords {
  /** Without `Re:`, `Fwd:` and the tags of mail gateways; empty where there is none. */
  subject: string;
  /** What its author wrote, and nobody else; empty where they wrote nothing. */
  own: string;
  /** A mail that the author passes on: with their words, it is what they ask about. */
  forwarded: ForwardedWords | null;
  /** What the author's mail program quoted. */
  quoted: string | null;
  /** Greeting, name, company, and what mail programs add, such as `Sent from my iPhone`. */
  signature: string | null;
  /** Disclaimers, and how to unsubscribe. */
  footer: string | null;
  /** The emoji, where the whole message is a mail program's word of one; `own` is empty then. */
  reaction: string | null;
}

const firstVisible = (...texts: (string | null | undefined)[]): string =>
  texts.find((text): text is string => typeof text === 'string' && hasVisible(text)) ?? '';

/** HubSpot gives no words where the mail has them in HTML only, and in full only as the original of what it cut. */
const fullText = ({ text, richText, original }: MessageSource): string =>
  firstVisible(original?.text, original?.richText, text, richText);

const isWordBoundary = (text: string, index: number): boolean => !/[\p{L}\p{N}]/u.test(text[index] ?? ' ');

/**
 * Where in `whole` the words of `part` end, with any white space between them; `null` where it doesn't begin with them.
 */
const endOfPrefix = (part: string, whole: string): number | null => {
  const space = /\s*/y;
  let at = 0;
  for (const word of part.trim().split(/\s+/)) {
    space.lastIndex = at;
    at += space.exec(whole)?.[0].length ?? 0;
    if (!whole.startsWith(word, at)) return null;
    at += word.length;
  }
  return isWordBoundary(whole, at) ? at : null;
};

/** Blanks at a line's end, in characters. */
const LONGEST_BLANK = 200;

/** HubSpot cuts to the newest reply by rules of its own; they count where ours find no history. */
const asHubSpotCut = (source: MessageSource, whole: string): MailParts | null => {
  if (source.truncation !== 'TRUNCATED_TO_MOST_RECENT_REPLY' || !hasVisible(source.text)) return null;
  const end = endOfPrefix(source.text, whole);
  // A reply ends with its line: within one it was cut for its length.
  if (end === null || !/^[^\S\r\n]*(?:[\r\n]|$)/.test(whole.slice(end, end + LONGEST_BLANK))) return null;
  const below = whole.slice(end).trim();
  return { own: whole.slice(0, end).trim(), forwarded: null, quoted: below === '' ? null : below };
};

const NOTHING = { forwarded: null, quoted: null, signature: null, footer: null, reaction: null };

const visibleOrEmpty = (text: string): string => (hasVisible(text) ? text : '');

const forwardedWords = (forwarded: ForwardedMail): ForwardedWords => {
  const { own, signature, footer } = withoutTail(forwarded.text);
  return hasVisible(own)
    ? { ...forwarded, text: own, signature, footer }
    : { ...forwarded, signature: null, footer: null };
};

/**
 * Reads the words of a message as a person would: what is the author's, and what only came along. Pure, and linear in
 * their length.
 */
export const readWords = (source: MessageSource): MessageWords => {
  const { subject, kind } = bareSubject(visibleOrEmpty(source.subject ?? ''), { keepsLetters: true });
  const whole = fullText(source);
  if (!source.isMail) {
    const reaction = reactionIn(whole);
    return { ...NOTHING, subject, own: reaction === null ? whole.trim() : '', reaction };
  }
  const split = splitMail(whole, { asForward: kind === 'forward' });
  const parts = split.quoted === null && split.forwarded === null ? (asHubSpotCut(source, whole) ?? split) : split;
  const { own, signature, footer } = withoutTail(visibleOrEmpty(parts.own), source.authorName);
  const reaction = parts.forwarded === null ? reactionIn(own) : null;
  return {
    subject,
    own: reaction === null ? own : '',
    forwarded: parts.forwarded && forwardedWords(parts.forwarded),
    quoted: parts.quoted,
    signature,
    footer,
    reaction,
  };
};

/**
 * Gives what a message asks, without its subject: the author's words and the mail that they forward. Where there is
 * nothing but a quote, the quote is the question. Empty where nothing is asked, such as by a reaction.
 */
export const questionIn = ({ own, forwarded, quoted, reaction }: MessageWords): string => {
  const said = [own, forwarded?.text ?? ''].filter((part) => part !== '').join('\n\n');
  return said === '' && reaction === null ? (quoted ?? '') : said;
};
