import { authorOf, isMachineActor, mailAddress } from '../../hubspot/author.ts';
import { EMAIL_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Message, MessageAuthor, MessageReading, Party, WordsAside } from '../../hubspot/conversation.ts';
import type { ActorId } from '../../hubspot/ids.ts';
import { hasVisible } from '../../hubspot/visible.ts';
import { type AutomaticMail, automaticMail, messageKind } from './automatic-mail.ts';
import { bareSubject } from './mail-subject.ts';
import { type MessageSource, type MessageWords, questionIn, readWords } from './message-words.ts';

/** Whom a portal knows, by addresses and domains in lower case: a domain goes for those below it too. */
export interface SenderRules {
  aiActorId: ActorId;
  /** Their people are colleagues. */
  colleagueDomains?: readonly string[];
  /** They are answered though their mailbox looks like a machine's, such as a website form's. */
  answerSenders?: readonly string[];
  /** Nothing of theirs is answered. */
  ignoreSenders?: readonly string[];
}

/** What HubSpot made of a text that it cut, where more was read than it shows. */
export type Original = Pick<MessageSource, 'truncation'> & { whole: string; shown: string };

/** Of each part of a message beside what it says, in characters. */
const LONGEST_ASIDE = 8_000;

/** Kinds that a mailbox or a footer alone makes: a form's mails look so too. */
const BY_MAILBOX: readonly AutomaticMail[] = ['no-reply-sender', 'notification', 'newsletter'];

/** Says whether an address is one of a list of addresses and domains. */
export const isListed = (address: string | null, list: readonly string[] = []): boolean => {
  const domain = address?.slice(address.lastIndexOf('@') + 1) ?? '';
  return list.some((one) => (one.includes('@') ? one === address : domain === one || domain.endsWith(`.${one}`)));
};

const isMachines = (party: Party, { channelId }: Message): boolean =>
  automaticMail({ channelId, senders: [party], subject: null }) !== null;

/**
 * The message without a sender who only passes it on: a colleague, or a machine, such as the mailbox of a website's
 * form. Its author is who wrote to them. A customer who passes on a mail is its author.
 */
const withoutRelay = (message: Message, { colleagueDomains = [] }: SenderRules): Message => {
  const from = authorOf(message);
  const original = message.senders.find(({ field }) => field === 'ORIGINAL_FROM');
  if (!from || !original || original === from) return message;
  const relays = (party: Party): boolean =>
    isListed(mailAddress(party.address), colleagueDomains) || isMachines(party, message);
  return relays(from) && !relays(original) ? { ...message, senders: [original] } : message;
};

const authorKind = (message: Message, words: MessageWords, rules: SenderRules): MessageAuthor => {
  const author = authorOf(message);
  const actor = author?.actorId ?? null;
  if (actor === rules.aiActorId) return 'ai';
  if (actor?.startsWith('A-')) return 'agent';
  if (message.kind === 'welcome' || isMachineActor(actor)) return 'bot';
  if (message.direction === 'outgoing') return 'agent';
  const address = mailAddress(author?.address);
  if (isListed(address, rules.ignoreSenders)) return 'ignored';
  const automatic = automaticMail(message, words);
  const isForm = isListed(address, rules.answerSenders);
  if (automatic !== null && !(isForm && BY_MAILBOX.includes(automatic))) return 'machine';
  if (message.fromOwnAddress) return 'agent';
  return !isForm && isListed(address, rules.colleagueDomains) ? 'colleague' : 'customer';
};

/** Gives what our own runs have posted is compared word by word. */
const isOurs = ({ aiMarker, postKey, integrationAppId, direction }: Message): boolean =>
  aiMarker || postKey !== null || (integrationAppId !== null && direction === 'outgoing');

const cut = (text: string | null): string | null => text?.slice(0, LONGEST_ASIDE) ?? null;

const asideOf = ({ subject, forwarded, quoted, signature, footer, reaction }: MessageWords): WordsAside => ({
  subject,
  forwardedFrom: forwarded?.from ?? null,
  quoted: cut(quoted),
  signature: cut(signature),
  footer: cut(footer),
  reaction,
});

/** Gives what a message says: its words, or those of its subject where that is all it has. */
const saidIn = (message: Message, words: MessageWords): { said: string; quoted: string | null } => {
  const { quoted, reaction } = words;
  if (message.attachments.length > 0) return { said: questionIn({ ...words, quoted: null }), quoted };
  const said = questionIn(words);
  if (hasVisible(said)) return { said, quoted: said === quoted ? null : quoted };
  const isNew = reaction === null && bareSubject(message.subject ?? '').kind === 'new';
  return { said: isNew ? words.subject : '', quoted };
};

/**
 * Reads a message as a person would: who wrote it, what of it is theirs, and what for. Its `text` becomes what it says;
 * the rest stands in `reading`. `original`: its words in full, where they were read. Comments stay as they are.
 */
export const readMessage = (fetched: Message, rules: SenderRules, original?: Original): Message => {
  if (fetched.kind === 'comment') return fetched;
  const message = withoutRelay(fetched, rules);
  const isMail = message.channelId === EMAIL_CHANNEL_ID;
  const words = readWords({
    isMail,
    authorName: authorOf(message)?.name ?? null,
    subject: message.subject,
    text: original?.shown ?? message.text,
    richText: null,
    original: original ? { text: original.whole, richText: null } : null,
    truncation: original?.truncation ?? 'NOT_TRUNCATED',
  });
  const author = authorKind(message, words, rules);
  const kind = author === 'customer' ? 'person' : messageKind(message, words);
  const { said, quoted } = saidIn(message, words);
  const reading: MessageReading = { author, kind, words: { ...asideOf(words), quoted: cut(quoted) } };
  if (author === 'ai' || message.kind === 'welcome' || isOurs(message)) return { ...message, reading };
  // An agent who sends nothing but a quote has sent something.
  if (author !== 'customer' && said === '') return { ...message, reading };
  const blank = !hasVisible(said) && (words.reaction !== null || !message.truncated);
  return { ...message, text: said, blank, reading };
};

/** The same message, for where no customer's words may stand. */
export const withoutWords = (message: Message): Message => {
  const { reading } = message;
  if (!reading) return { ...message, text: '' };
  const words = { ...reading.words, subject: '', forwardedFrom: null, quoted: null, signature: null, footer: null };
  return { ...message, text: '', reading: { ...reading, words } };
};
