import { mailAddress } from '../../hubspot/author.ts';
import { EMAIL_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Message, MessageKind } from '../../hubspot/conversation.ts';
import * as words from './automatic-mail-words.ts';
import { bareSubject, withoutGatewayTags } from './mail-subject.ts';
import type { MessageWords } from './message-words.ts';

/** A mail that nobody wrote. `no-reply-sender`: a notification by its mailbox alone, which may be a website form's. */
export type AutomaticMail = Exclude<MessageKind, 'person'> | 'no-reply-sender';

// HubSpot shows no headers of a mail (Auto-Submitted, Return-Path): sender, subject and words are all there is. A
// customer who gets no answer is worse than a machine that gets some, up to the reply cap. So the mailbox decides
// first, and a subject has to begin as only machines begin one: "Re: Automatic reply" is a person's, and so is
// "Automatic replies don't work".

const any = (patterns: readonly string[]): string => `(?:${patterns.join('|')})`;

const begins = (patterns: readonly string[], then: string): RegExp => new RegExp(`^${any(patterns)}${then}`, 'iu');

/** As old mail servers write it. */
const withoutAccents = (pattern: string): string =>
  pattern
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');

// French has a space before its colon; some machines put a bracket around their prefix.
const COLON = String.raw`\s*[:：]\s*`;
const REPLY_PREFIX = begins(
  [...words.REPLY_PREFIXES, ...words.REPLY_PREFIXES.map(withoutAccents)],
  String.raw`(?:\s*(?:[:：\])】]|$)|\s+re:)`,
);
const BOUNCE = begins(words.BOUNCES, String.raw`\s*(?:[:：(–-]|$)`);
const RECEIPT_NAME = begins(words.RECEIPT_NAMES, String.raw`\s*(?:[:：(\])]|$)`);
// "AUTO:" is IBM Notes'; a German who writes "Auto: …" has a question about a car.
const NOTES_PREFIX = /^AUTO:/;
// Domino's "DELIVERY FAILURE: User unknown". In French a parcel has another word for it.
const DOMINO_BOUNCE = /^DELIVERY FAILURE:/;
const FRENCH_BOUNCE = /^échec de (?:la )?remise$/iu;
const AUTO_PREFIX = /^auto:\s*(?:re|aw):/i;

// What may be a person's, too: the rest of the subject decides.
const ABSENCE = begins(words.ABSENCES, String.raw`(?=$|[^\p{L}\p{N}])`);
const ABSENCE_WORD = begins(words.ABSENCE_WORDS, COLON);
const BOUNCE_PREFIX = begins(words.BOUNCE_PREFIXES, COLON);
const BOUNCE_PHRASE = begins(words.BOUNCE_PHRASES, COLON);
const WEAK_ABSENCE = begins(words.WEAK_ABSENCES, String.raw`(?:\s*[:：]\s*|\s+(?=re:))`);
const WEAK_RECEIPT = begins(words.WEAK_RECEIPTS, COLON);
const RECEIPT = begins(words.RECEIPTS, COLON);
const CALENDAR = begins([...words.ACCEPTED, ...words.DECLINED, ...words.PROPOSED], COLON);
const RECALL = begins(words.RECALLS, COLON);

const START = String.raw`(?<![\p{L}\p{N}])`;
const END = String.raw`(?![\p{L}\p{N}])`;
const CUSTOMERS_OWN = new RegExp(`${START}${words.CUSTOMERS_OWN}${END}`, 'iu');
const ORDER = new RegExp(`${START}${words.ORDERS}|注文|订单|주문`, 'iu');
const GOODS = new RegExp(`${START}${words.GOODS}${END}`, 'iu');
const SERVER_WORD = new RegExp(`^(?:unknown )?${words.SERVER_WORDS}${END}`, 'iu');
const OURS = new RegExp(`^${words.OURS}${END}`, 'iu');
const MEETING = new RegExp(`${START}${words.MEETINGS}|会议|會議|会議|회의`, 'iu');
// Google's: "Call @ Tue Jan 6, 2026 10am - 11am (CET) (kim@example.com)".
const CALENDAR_TIME = / @ .{3,60}\d/;
const BACK_AGAIN = new RegExp(
  `^(?:re:|auto-?reply${END}|(?:until|till|through|since|back|returning|bis|zurück|wieder|jusqu|de retour|hasta|vuelvo|fino|di ritorno|até|volto|tot|terug|t\\.o\\.m|tillbaka|tilbage|tilbake|wracam)${END}|jusqu|(?:to|from|vom|ab|du|desde|del|dal|de|van|från|fra|od|do)${END}.*\\d|\\d)`,
  'iu',
);
/** Words that an absence may be followed by: "until Monday, 3 June". */
const MOST_WORDS_BACK = 8;

/** Says whether somebody speaks of their own affair: a number, a question, a parcel, more than one clause. */
const isCustomers = (rest: string): boolean =>
  /[\d?？!,;،、]/.test(rest) || CUSTOMERS_OWN.test(rest) || words.CUSTOMERS_OWN_INSIDE.test(rest);

/**
 * What has to follow a word that a person may begin with. `title`: nothing tells but that it looks as a subject does.
 */
type Needs = 'reply' | 'ours' | 'title';

/** Of a subject that is repeated without its prefix. */
const MOST_TITLE_WORDS = 3;

const isTitle = (rest: string): boolean =>
  /^\p{Lu}/u.test(rest) && rest.split(' ').length <= MOST_TITLE_WORDS && !ORDER.test(rest) && !GOODS.test(rest);

/**
 * Says whether what follows a machine's word is the subject of the mail that it answers. Ours begin with `Re:`, or
 * speak to the customer; others' begin with a capital, where people who go on behind a colon speak of what they bought.
 */
const echoes = (rest: string, needs: Needs): boolean => {
  if (bareSubject(rest).kind === 'reply') return true;
  if (needs === 'reply' || isCustomers(rest)) return false;
  return OURS.test(rest) || (needs === 'title' && isTitle(rest));
};

const restOf = (subject: string, pattern: RegExp): string | null => {
  const found = pattern.exec(subject);
  return found ? subject.slice(found[0].length).trim() : null;
};

const isAbsence = (subject: string): boolean => {
  const rest = restOf(subject, ABSENCE);
  if (rest === null) return false;
  const says = rest.replace(/^[\s:：\])!.,(–-]+/, '').replace(/[\s\])!.…]+$/, '');
  if (says === '') return true;
  if (/^\s*[:：\])]/.test(rest)) return echoes(says, 'title');
  if (/^\s*[–-]/.test(rest) && echoes(says, 'ours')) return true;
  const few = says.split(/\s+/).length <= MOST_WORDS_BACK && !/[?？]/.test(says);
  return few && BACK_AGAIN.test(says) && !CUSTOMERS_OWN.test(says) && !words.CUSTOMERS_OWN_INSIDE.test(says);
};

const isCalendarAnswer = (rest: string): boolean => {
  if (CALENDAR_TIME.test(rest) || echoes(rest, 'reply')) return true;
  return MEETING.test(rest) && !CUSTOMERS_OWN.test(rest) && !/[?？,;]/.test(rest);
};

/** What may be a person's, by what follows it. The first that fits decides. */
const BY_REST: [RegExp, AutomaticMail, (rest: string) => boolean][] = [
  [BOUNCE_PREFIX, 'bounce', (rest) => echoes(rest, 'ours')],
  [BOUNCE_PHRASE, 'bounce', (rest) => SERVER_WORD.test(rest) || echoes(rest, 'title')],
  [ABSENCE_WORD, 'auto-reply', (rest) => echoes(rest, 'title')],
  [WEAK_ABSENCE, 'auto-reply', (rest) => echoes(rest, 'reply')],
  [RECEIPT, 'read-receipt', (rest) => echoes(rest, 'title')],
  [WEAK_RECEIPT, 'read-receipt', (rest) => echoes(rest, 'reply')],
  [CALENDAR, 'calendar-answer', isCalendarAnswer],
  [RECALL, 'notification', (rest) => echoes(rest, 'title')],
];

/** A kind by the first words of a subject, `null` where a person may have written them. */
const kindOfSubject = (subject: string): AutomaticMail | null => {
  if (BOUNCE.test(subject) || DOMINO_BOUNCE.test(subject) || FRENCH_BOUNCE.test(subject)) return 'bounce';
  if (REPLY_PREFIX.test(subject) || NOTES_PREFIX.test(subject) || AUTO_PREFIX.test(subject)) return 'auto-reply';
  if (isAbsence(subject)) return 'auto-reply';
  if (RECEIPT_NAME.test(subject)) return 'read-receipt';
  const found = BY_REST.find(([pattern, , decide]) => {
    const rest = restOf(subject, pattern);
    return rest !== null && rest !== '' && decide(rest);
  });
  return found?.[1] ?? null;
};

const mailboxOf = (patterns: readonly string[]): RegExp =>
  new RegExp(`(?:^|[._+=-])(?:${patterns.join('|').replaceAll('-', '[._-]?')})(?:$|[._+=-]|\\d)`, 'u');

const NO_REPLY_MAILBOX = mailboxOf(words.NO_REPLY_MAILBOXES);
const AUTO_REPLY_MAILBOX = mailboxOf(words.AUTO_REPLY_MAILBOXES);
const NOTIFICATION_MAILBOX = mailboxOf(words.NOTIFICATION_MAILBOXES);
const NEWSLETTER_MAILBOX = mailboxOf(words.NEWSLETTER_MAILBOXES);
const MAILING_MAILBOX = mailboxOf(words.MAILING_MAILBOXES);
const UNSUBSCRIBE = new RegExp(words.UNSUBSCRIBES, 'iu');
// `bounce` needs a number or a tag: other names begin so too.
const BOUNCE_MAILBOX =
  /^(?:(?:.*[._-])?(?:mailer[._-]?daemon|bounces)(?:[._+=-].*)?|(?:postmaster|bounce)(?:[+=].*|[._-]?\d.*)?|microsoftexchange[0-9a-f]{16,})$/;

const kindOfMailbox = (mailbox: string): AutomaticMail | null => {
  if (BOUNCE_MAILBOX.test(mailbox)) return 'bounce';
  if (AUTO_REPLY_MAILBOX.test(mailbox)) return 'auto-reply';
  if (NO_REPLY_MAILBOX.test(mailbox)) return 'no-reply-sender';
  if (NOTIFICATION_MAILBOX.test(mailbox)) return 'notification';
  return NEWSLETTER_MAILBOX.test(mailbox) ? 'newsletter' : null;
};

/** Machines and gateways hand a subject on with tags such as `[EXTERNAL]` before it, or its prefix in brackets. */
const spellingsOf = (subject: string): string[] => {
  const plain = withoutGatewayTags(subject);
  return [plain.replace(/^[[(【*\s]+/, ''), withoutGatewayTags(plain.replace(/^(?:\[[^\]]*\]\s*)+/, ''))];
};

const mailboxesOf = ({ senders }: Pick<Message, 'senders'>): string[] =>
  senders.flatMap(({ address }) => mailAddress(address)?.replace(/@[^@]*$/, '') ?? []);

/**
 * Of several senders (`FROM`, `ORIGINAL_FROM`) one is a person as soon as one's mailbox is: people forward machines'
 * mails.
 */
const kindOfSenders = (mailboxes: string[]): AutomaticMail | null => {
  const kinds = mailboxes.map(kindOfMailbox);
  return kinds.includes(null) ? null : (kinds[0] ?? null);
};

/** Gives what only a mail's words can tell. A reply is a person's: machines that write to many start anew. */
const kindOfWords = (
  mailboxes: string[],
  subject: string,
  { footer }: Pick<MessageWords, 'footer'>,
): AutomaticMail | null => {
  if (footer === null || bareSubject(subject).kind !== 'new') return null;
  const isMailing = mailboxes.length > 0 && mailboxes.every((mailbox) => MAILING_MAILBOX.test(mailbox));
  return isMailing && UNSUBSCRIBE.test(footer) ? 'newsletter' : null;
};

/**
 * Tells by mailbox and subject, and by the footer where the message was read, whether a mail was written by a machine;
 * `null`: as far as can be told, a person did. Never a chat, and never for a sender's name.
 */
export const automaticMail = (
  message: Pick<Message, 'channelId' | 'senders' | 'subject'>,
  read: Pick<MessageWords, 'footer'> | null = null,
): AutomaticMail | null => {
  const mailboxes = mailboxesOf(message);
  if (mailboxes.length === 0 && message.channelId !== EMAIL_CHANNEL_ID) return null;
  const subject = message.subject ?? '';
  const byMailbox = kindOfSenders(mailboxes);
  // What a mail server calls its report is known better by the subject than by a mailbox that nobody reads.
  const bySubject =
    spellingsOf(subject)
      .map(kindOfSubject)
      .find((kind) => kind !== null) ?? null;
  if (byMailbox !== null && byMailbox !== 'no-reply-sender') return byMailbox;
  return bySubject ?? byMailbox ?? (read && kindOfWords(mailboxes, subject, read));
};

/** {@link automaticMail} as a kind of message. */
export const messageKind = (
  message: Pick<Message, 'channelId' | 'senders' | 'subject'>,
  read: Pick<MessageWords, 'footer'> | null = null,
): MessageKind => {
  const automatic = automaticMail(message, read);
  return automatic === 'no-reply-sender' ? 'notification' : (automatic ?? 'person');
};
