import type { Message } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';
import type { RecordedTurn } from '../../sessions/store.ts';
import { answeredIn } from '../replying/own-post.ts';
import { type OwnIdentity, whyNotForAi } from './message-filter.ts';
import { speakerOf } from './speaker.ts';

/**
 * Whether `a` came after `b`. A strict order: two messages of one millisecond go by id, so that of any two runs exactly
 * one stands down.
 */
export const isNewer = (a: Message, b: Message): boolean => {
  const difference = Date.parse(a.createdAt) - Date.parse(b.createdAt);
  return difference === 0 ? a.id > b.id : difference > 0;
};

/** The newest message that is for the AI, or `null` when none is. */
export const newestCustomerMessage = (messages: Message[], own: OwnIdentity): Message | null =>
  messages
    .filter((message) => whyNotForAi(message, own) === null)
    .reduce<Message | null>((newest, other) => (newest && isNewer(newest, other) ? newest : other), null);

/** The customer's newest message after this one that a run of its own answers, or `null` when this one is the newest. */
export const newerCustomerMessage = (messages: Message[], message: Message, own: OwnIdentity): MessageId | null => {
  const newer = messages.filter((other) => isNewer(other, message));
  return newestCustomerMessage(newer, own)?.id ?? null;
};

/** Whether an agent has answered the customer after this message. Internal comments are no answer. */
export const hasHumanReplied = (messages: Message[], message: Message, aiActorId: ActorId): boolean =>
  messages.some(
    (other) => other.kind === 'message' && isNewer(other, message) && speakerOf(other, aiActorId) === 'agent',
  );

/**
 * The newest message that an answer covers, or `null` when that can't be told. An agent has read what stands above; the AI
 * answers what its run was about, and what came while it thought is not answered by it: its key says which, or, where
 * HubSpot strips keys, the recorded turn.
 */
const lastAnsweredBy = (
  answer: Message,
  messages: Message[],
  message: Message,
  context: BurstContext,
): Message | null => {
  if (speakerOf(answer, context.aiActorId) === 'agent') return answer;
  const answered =
    answer.postKey === null
      ? context.turns.find(({ postedMessageId }) => postedMessageId === answer.id)?.answeredMessageId
      : answeredIn(answer.postKey);
  const known = messages.find(({ id }) => id === answered);
  if (known) return known;
  return isNewer(message, answer) ? answer : null;
};

/** What else is known of a thread than its messages. */
export interface BurstContext extends OwnIdentity {
  /** What earlier runs have recorded of their posts. */
  turns: Pick<RecordedTurn, 'postedMessageId' | 'answeredMessageId'>[];
  /** When the thread was closed (`Conversation.closings`); absent: never. */
  closings?: readonly string[] | undefined;
}

/** When the thread was last closed before this message, in ms; `null`: it wasn't. */
export const closedBefore = (message: Message, closings: readonly string[] = []): number | null => {
  const writtenAt = Date.parse(message.createdAt);
  return closings.map((at) => Date.parse(at)).findLast((at) => at <= writtenAt) ?? null;
};

/** Every customer's message that neither the AI, an agent nor a closing has settled, oldest first. `messages` are oldest first. */
const allUnanswered = (messages: Message[], message: Message, context: BurstContext): Message[] => {
  const { aiActorId } = context;
  const covered = messages
    .filter((other) => other.kind === 'message' && ['ai', 'agent'].includes(speakerOf(other, aiActorId)))
    .flatMap((answer) => lastAnsweredBy(answer, messages, message, context) ?? []);
  const isAnswered = (other: Message): boolean => covered.some((last) => last.id === other.id || isNewer(last, other));
  // A thread is not a matter: what was closed is done, whether or not anyone answered it here.
  const closedAt = closedBefore(message, context.closings) ?? Number.NEGATIVE_INFINITY;
  const isSettled = (other: Message): boolean => other.id !== message.id && Date.parse(other.createdAt) <= closedAt;
  return messages.filter((other) => whyNotForAi(other, context) === null && !isAnswered(other) && !isSettled(other));
};

/**
 * What the customer has written, up to and with `message`, that neither the AI nor an agent has answered, nor a closing of the
 * thread has settled, oldest first: the burst that one reply answers (design promise 5).
 */
export const unansweredMessages = (messages: Message[], message: Message, context: BurstContext): Message[] => [
  ...allUnanswered(messages, message, context).filter((other) => isNewer(message, other)),
  message,
];

/**
 * Whether the customer has been writing on and on for so long that this message's run answers, though there is a newer one
 * (its own run answers what came later). On and on: each message within `maxMs` of the one before, all of them unanswered.
 * All times are HubSpot's, so that no clock of ours matters.
 */
export const isHeldTooLong = (messages: Message[], message: Message, maxMs: number, context: BurstContext): boolean => {
  const unanswered = allUnanswered(messages, message, context);
  const place = unanswered.findIndex(({ id }) => id === message.id);
  if (place < 0) return false;
  const times = unanswered.map(({ createdAt }) => Date.parse(createdAt));
  const goesOn = (index: number): boolean => (times[index] ?? 0) - (times[index - 1] ?? 0) < maxMs;
  let first = place;
  while (first > 0 && goesOn(first)) first -= 1;
  let last = place;
  while (last < times.length - 1 && goesOn(last + 1)) last += 1;
  return (times[last] ?? 0) - (times[first] ?? 0) >= maxMs;
};
