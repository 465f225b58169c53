import { authorOf } from '../../hubspot/author.ts';
import { channelName } from '../../hubspot/channels.ts';
import type { Message } from '../../hubspot/conversation.ts';
import type { ActorId, ThreadId } from '../../hubspot/ids.ts';
import { LONGEST_PROPERTY_VALUE } from '../../hubspot/property-value.ts';
import { closedBefore, isNewer } from '../speaking/burst.ts';
import { type Speaker, speakerOf } from '../speaking/speaker.ts';
import { aboutHandoff, type HandoffReason } from './handoff-reason.ts';

const SUBJECT_LENGTH = 80;
/** The question is cut to this many characters: the transcript below has it all. */
const ASKED_LENGTH = 4_000;

const NAMES: Record<Speaker, string> = { customer: 'Customer', ai: 'AI', agent: 'Agent', bot: 'Bot' };

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

/** So many messages are read in a moment. */
const MOST_SOON_READ = 6;
/** How a longer conversation began. */
const BEGAN_LENGTH = 300;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Names what every ticket of this thread is found by: it ends the subject, as a word that a search finds. */
const ofThread = (threadId: ThreadId): string => `(conversation ${threadId})`;

export const isSubjectOf = (threadId: ThreadId, subject: string): boolean => subject.includes(ofThread(threadId));

/** Finds what the customer has written since anyone last answered, or closed the thread, oldest first. */
const lastAsked = (messages: readonly Message[], aiActorId: ActorId, closings: readonly string[] = []): Message[] => {
  const spoken = messages.filter(({ kind }) => kind === 'message');
  const answer = spoken.findLast((message) => ['ai', 'agent'].includes(speakerOf(message, aiActorId)));
  const asked = spoken.filter(
    (message) => speakerOf(message, aiActorId) === 'customer' && (!answer || isNewer(message, answer)),
  );
  const newest = asked.at(-1);
  const closedAt = newest === undefined ? null : closedBefore(newest, closings);
  return closedAt === null ? asked : asked.filter(({ createdAt }) => Date.parse(createdAt) > closedAt);
};

const filesOf = ({ attachments }: Message): string =>
  attachments.length === 0 ? '' : `\n[${attachments.length === 1 ? '1 file' : `${attachments.length} files`} attached]`;

/** A mail's subject, or how the customer's last words begin; and what the ticket is found by. */
export const ticketSubject = (threadId: ThreadId, messages: readonly Message[], aiActorId: ActorId): string => {
  const newest = lastAsked(messages, aiActorId).at(-1) ?? messages.findLast(({ kind }) => kind === 'message');
  const about = oneLine(newest?.subject ?? newest?.text ?? '') || 'A question';
  return `${cut(about, SUBJECT_LENGTH)} ${ofThread(threadId)}`;
};

/** Adds what agents may want of a mail beside its words: who signs it, whose mail it passes on. */
const asideOf = ({ reading }: Message): string => {
  const { forwardedFrom = null, signature = null } = reading?.words ?? {};
  const lines = [
    ...(forwardedFrom === null ? [] : [`[forwarded, from ${forwardedFrom}]`]),
    ...(signature === null ? [] : [signature]),
  ];
  return lines.map((line) => `\n${line}`).join('');
};

const line = (message: Message, aiActorId: ActorId): string => {
  const at = message.createdAt.slice(0, 19).replace('T', ' ');
  const speaker = NAMES[speakerOf(message, aiActorId)];
  const name = authorOf(message)?.name;
  return `[${at}] ${name ? `${speaker} (${name})` : speaker}: ${message.text}${asideOf(message)}${filesOf(message)}`;
};

/** A long conversation in a line: who wrote how much, and how it began. A short one is soon read. */
const inShort = (spoken: readonly Message[], asked: readonly Message[], aiActorId: ActorId): string[] => {
  const first = spoken.find((message) => speakerOf(message, aiActorId) === 'customer');
  if (!first || spoken.length <= MOST_SOON_READ || asked.includes(first)) return [];
  const counts = Object.entries(NAMES).flatMap(([speaker, name]) => {
    const count = spoken.filter((message) => speakerOf(message, aiActorId) === speaker).length;
    return count === 0 ? [] : [`${name} ${count}`];
  });
  const began = cut(oneLine(first.text) || oneLine(first.subject ?? ''), BEGAN_LENGTH);
  return [`In short: ${spoken.length} messages (${counts.join(', ')}). It began with: ${began || 'a file'}`];
};

/**
 * Writes what agents read in the ticket: why it was handed over, what was asked, and the whole conversation with times
 * (UTC) and speakers, internal comments left out. Where HubSpot's limit of a text would be passed, the oldest lines
 * give way.
 */
export const ticketContent = (
  why: HandoffReason,
  messages: readonly Message[],
  {
    aiActorId,
    threadUrl,
    closings,
  }: { aiActorId: ActorId; threadUrl: string | null; closings?: readonly string[] | undefined },
): string => {
  const { reason, language, sentiment } = why;
  const spoken = messages.filter(({ kind }) => kind === 'message');
  const lastOnes = lastAsked(messages, aiActorId, closings);
  const asked = lastOnes.map((message) => message.text + filesOf(message));
  const head = [
    `Handed over by the AI: ${reason}`,
    [
      `Channel: ${channelName(spoken.at(-1)?.channelId ?? null)}`,
      ...(language === undefined ? [] : [`Language: ${language}`]),
      ...(sentiment === undefined ? [] : [`Sentiment: ${sentiment}`]),
    ].join('\n'),
    ...(threadUrl === null ? [] : [`Conversation: ${threadUrl}`]),
    ...aboutHandoff(why).map((line) => cut(line, ASKED_LENGTH)),
    ...inShort(spoken, lastOnes, aiActorId),
    ...(asked.length === 0 ? [] : [`What was asked:\n${cut(asked.join('\n'), ASKED_LENGTH)}`]),
    'The conversation (times in UTC):',
  ].join('\n\n');

  const lines: string[] = [];
  // Room for the line that says what is left out.
  let left = LONGEST_PROPERTY_VALUE - head.length - 100;
  for (const message of spoken.toReversed()) {
    const next = line(message, aiActorId);
    if (next.length + 1 > left) break;
    left -= next.length + 1;
    lines.unshift(next);
  }
  const [newest] = spoken.slice(-1);
  if (lines.length === 0 && newest) lines.push(cut(line(newest, aiActorId), left));
  const missing = spoken.length - lines.length;
  const gap = missing === 0 ? [] : [`[${missing} earlier ${missing === 1 ? 'message' : 'messages'} left out]`];
  return [head, ...gap, ...lines].join('\n');
};
