import { authorOf } from '../../hubspot/author.ts';
import { EMAIL_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Message } from '../../hubspot/conversation.ts';
import * as words from './automatic-mail-words.ts';

/** A mail that nobody wrote: an answer would be read by nobody, or answered by a machine. */
export type AutomaticMail = 'auto-reply' | 'bounce' | 'no-reply-sender';

// HubSpot shows no headers of a mail (Auto-Submitted, Return-Path): sender and subject are all there is. A customer who gets
// no answer is worse than a machine that gets some, up to the reply cap. So a subject has to begin as only machines begin
// one: "Re: Automatic reply" is a person's, and so is "Automatic replies don't work".

const subjectBegins = (patterns: string[], then: string): RegExp =>
  new RegExp(`^(?:${patterns.join('|')})${then}`, 'iu');

// French has a space before its colon; some machines put a bracket around their prefix.
const REPLY_PREFIX = subjectBegins(words.REPLY_PREFIXES, String.raw`(?:\s*(?:[:：\])】]|$)|\s+re:)`);
const ABSENCE = subjectBegins(
  words.ABSENCES,
  String.raw`(?:\s*(?:[:：\])!.,(–-]|$)|\s+(?:auto-?reply|re|until|till|from|bis|vom)\b)`,
);
// Without its colon such a word may be about a parcel.
const BOUNCE_PREFIX = subjectBegins(words.BOUNCE_PREFIXES, String.raw`\s*[:：]`);
const BOUNCE = subjectBegins(words.BOUNCES, String.raw`\s*(?:[:：(–-]|$)`);
// "AUTO:" is IBM Notes'; a German who writes "Auto: …" has a question about a car.
const NOTES_PREFIX = /^AUTO:/;
const AUTO_PREFIX = /^auto:\s*(?:re|aw):/i;

const mailboxOf = (patterns: string[]): RegExp =>
  new RegExp(`(?:^|[._+=-])(?:${patterns.join('|').replaceAll('-', '[._-]?')})(?:$|[._+=-]|\\d)`, 'u');

const NO_REPLY_MAILBOX = mailboxOf(words.NO_REPLY_MAILBOXES);
const AUTO_REPLY_MAILBOX = mailboxOf(words.AUTO_REPLY_MAILBOXES);
// `bounce` needs a number or a tag: other names begin so too.
const BOUNCE_MAILBOX =
  /^(?:(?:.*[._-])?(?:mailer[._-]?daemon|bounces)(?:[._+=-].*)?|(?:postmaster|bounce)(?:[+=].*|[._-]?\d.*)?|microsoftexchange[0-9a-f]{16,})$/;

/** As machines and gateways hand it on: with tags such as `[EXTERNAL]` before it, or the prefix itself in brackets. */
const spellingsOf = (subject: string): string[] => {
  const plain = subject.normalize('NFC').trim();
  return [plain.replace(/^[[(【*\s]+/, ''), plain.replace(/^(?:\[[^\]]*\]\s*)+/, '')];
};

/**
 * Tells by sender and subject whether a mail was written by a machine, or `null`: as far as can be told, a person did. Never
 * a chat, and never for a sender's name.
 */
export const automaticMail = (message: Message): AutomaticMail | null => {
  const { channelId, subject } = message;
  const address = authorOf(message)?.address;
  const from = address?.type === 'HS_EMAIL_ADDRESS' ? address.value.trim().toLowerCase() : null;
  if (from === null && channelId !== EMAIL_CHANNEL_ID) return null;

  const mailbox = (from ?? '').replace(/@[^@]*$/, '');
  const spellings = spellingsOf(subject ?? '');
  const heads = (...patterns: RegExp[]): boolean =>
    spellings.some((spelling) => patterns.some((pattern) => pattern.test(spelling)));

  if (BOUNCE_MAILBOX.test(mailbox) || heads(BOUNCE_PREFIX, BOUNCE)) return 'bounce';
  if (AUTO_REPLY_MAILBOX.test(mailbox) || heads(REPLY_PREFIX, ABSENCE, NOTES_PREFIX, AUTO_PREFIX)) return 'auto-reply';
  return NO_REPLY_MAILBOX.test(mailbox) ? 'no-reply-sender' : null;
};
