import type { ReplyRequest, TranscriptLine } from '../../ai/backend.ts';
import { authorAddress, authorOf, isMachineActor } from '../../hubspot/author.ts';
import { channelName, EMAIL_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Conversation, Message, WordsAside } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';
import { hasVisible } from '../../hubspot/visible.ts';
import type { RecordedTurn, Session } from '../../sessions/store.ts';
import { isCommand } from '../command.ts';
import { bareSubject } from '../mail/mail-subject.ts';
import { type SplitMail, splitQuotedHistory } from '../mail/quoted-history.ts';
import { isBySameAuthor, isForAuthorOf } from '../speaking/burst.ts';
import { speakerOf } from '../speaking/speaker.ts';
import { withinBounds } from './request-bounds.ts';

/** The AI gets so much of a long thread. */
const TRANSCRIPT_LINES = 30;
/** A quoted history is cut to this many characters: its beginning is the newest of it. */
const QUOTED_LENGTH = 8_000;

/**
 * Splits what a message says from what it quotes, where it was not read yet. Only emails quote; a chat's `>` is the
 * customer's.
 */
const splitUnread = ({ channelId, attachments }: Message, text: string): SplitMail => {
  if (channelId !== EMAIL_CHANNEL_ID) return { said: text, quoted: null };
  const { said, quoted } = splitQuotedHistory(text);
  return said === '' && attachments.length === 0 ? { said: text, quoted: null } : { said, quoted };
};

/** A message's own words, and what it quotes. */
export const splitMessage = (message: Message, text = message.text, words = message.reading?.words): SplitMail =>
  words ? { said: text, quoted: words.quoted } : splitUnread(message, text);

/** The texts, read in full, of messages that HubSpot had cut. */
export type FullTexts = readonly { messageId: MessageId; text: string; words?: WordsAside }[];

/** The AI gets this beside the conversation, and this is known of its posts. */
export interface RequestContext {
  turns?: Pick<RecordedTurn, 'postedMessageId' | 'answeredMessageId'>[];
  /** ISO time: when the AI is asked. */
  now?: string;
  /** UTC unless given. */
  timeZone?: string | undefined;
  /** The AI sees agents' internal comments. */
  readsNotes?: boolean | undefined;
}

interface Known extends RequestContext {
  aiActorId: ActorId;
  turns: NonNullable<RequestContext['turns']>;
}

/**
 * Says who says a line, `null` where it is none: a machine's mail, or a comment that the AI may not see or has left
 * itself.
 */
const lineFrom = (message: Message, { aiActorId, readsNotes }: Known): TranscriptLine['from'] | null => {
  const speaker = speakerOf(message, aiActorId);
  if (message.kind === 'comment') {
    const isNote = readsNotes && speaker === 'agent' && !message.aiMarker && message.postKey === null;
    return isNote && !isCommand(message.text) ? 'note' : null;
  }
  if (speaker !== 'bot') return speaker;
  const isBot = message.reading ? message.reading.author === 'bot' : isMachineActor(authorOf(message)?.actorId ?? null);
  return isBot || message.kind === 'welcome' ? 'bot' : null;
};

/**
 * Keeps what was said to or by the author of `newest`. On a mail thread of several people, what others wrote and were
 * answered stays out: an answer to one could give away another.
 */
const withAuthorOf = (newest: Message, messages: Message[], context: Known): Message[] => {
  let isWithThem = true;
  return messages.filter((message) => {
    const speaker = speakerOf(message, context.aiActorId);
    if (speaker === 'customer') isWithThem = isBySameAuthor(message, newest);
    else if (speaker === 'ai') return isWithThem && isForAuthorOf(newest, message, messages, context);
    return isWithThem;
  });
};

/** Says whether somebody else began the thread: contact, ticket and session are theirs. */
const isAnothers = (newest: Message, messages: Message[], { aiActorId }: Known): boolean => {
  const first = messages.find(
    (message) => message.kind === 'message' && speakerOf(message, aiActorId) === 'customer' && message.reading,
  );
  return first !== undefined && !isBySameAuthor(first, newest);
};

const isOfSeveral = (newest: Message, messages: Message[], { aiActorId }: Known): boolean =>
  messages.some((message) => speakerOf(message, aiActorId) === 'customer' && !isBySameAuthor(message, newest));

/** An email's subject as its sender wrote it, without prefixes. */
const subjectOf = (message: Message | undefined): string | null => {
  const subject =
    message?.reading?.words.subject ?? bareSubject(message?.subject ?? '', { keepsLetters: true }).subject;
  return message?.channelId === EMAIL_CHANNEL_ID && hasVisible(subject) ? subject : null;
};

/**
 * Builds what the AI is given: the burst as its questions, in full where HubSpot had cut it and without what only came
 * along with a mail, what was said before as the transcript, and who asks; all within bounds (`withinBounds`). Internal
 * comments are not part of it unless the settings say so: they are not for the customer.
 */
export const buildReplyRequest = (
  { thread, messages, isPartial }: Conversation,
  burst: Message[],
  fullTexts: FullTexts,
  session: Session,
  aiActorId: ActorId,
  { turns = [], now, timeZone = 'UTC', readsNotes = false }: RequestContext = {},
): ReplyRequest => {
  const context: Known = { aiActorId, turns, readsNotes };
  const asked = new Set(burst.map(({ id }) => id));
  const inFull = new Map(fullTexts.map((full) => [full.messageId, full]));
  const newest = burst.at(-1);
  const asking = burst.map((message) => {
    const full = inFull.get(message.id);
    return full ? splitMessage(message, full.text, full.words) : splitMessage(message);
  });
  const before = (newest ? withAuthorOf(newest, messages, context) : messages)
    .filter(({ id }) => !asked.has(id))
    .flatMap((message) => {
      const from = lineFrom(message, context);
      if (from === null) return [];
      const { attachments, createdAt } = message;
      return [{ from, at: createdAt, text: splitMessage(message).said, attachments }];
    });
  const isOlderLeftOut = isPartial === true || before.length > TRANSCRIPT_LINES;
  const anothers = newest !== undefined && isAnothers(newest, messages, context);
  const subject = subjectOf(newest);
  return {
    portalId: thread.portalId,
    threadId: thread.id,
    channel: channelName(newest?.channelId ?? null),
    ...(subject === null ? {} : { subject }),
    ...(newest ? { askedAt: newest.createdAt } : {}),
    ...(now === undefined ? {} : { now }),
    timeZone,
    ...withinBounds(
      asking.map(({ said }) => said),
      before.slice(-TRANSCRIPT_LINES),
      isOlderLeftOut,
    ),
    quoted: asking.findLast(({ quoted }) => quoted !== null)?.quoted?.slice(0, QUOTED_LENGTH) ?? null,
    attachments: burst.flatMap(({ id, attachments }) => attachments.map((one) => ({ ...one, messageId: id }))),
    contact: { name: newest ? (authorOf(newest)?.name ?? null) : null, email: newest ? authorAddress(newest) : null },
    contactId: anothers ? null : thread.contactId,
    ticketId: anothers ? null : thread.ticketId,
    customData: anothers ? {} : session.customData,
    // The backend's own session of the thread holds what others have asked there.
    aiSessionId: newest && isOfSeveral(newest, messages, context) ? null : session.aiSessionId,
  };
};
