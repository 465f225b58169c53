import { authorAddress } from '../../hubspot/author.ts';
import type { Message } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';
import type { RecordedTurn } from '../../sessions/store.ts';
import { answeredIn } from '../replying/own-post.ts';
import { type OwnIdentity, whyNotForAi } from './message-filter.ts';
import { speakerOf } from './speaker.ts';

/**
 * Says whether `a` came after `b`. A strict order: two messages of one millisecond go by id, so that of any two runs
 * exactly one stands down.
 */
export const isNewer = (a: Message, b: Message): boolean => {
  const difference = Date.parse(a.createdAt) - Date.parse(b.createdAt);
  return difference === 0 ? a.id > b.id : difference > 0;
};

/**
 * Says whether one person wrote both: several can write on one mail thread, each from an address of their own. Of what
 * an earlier version has read all is taken for one person's: its run goes on as it began.
 */
export const isBySameAuthor = (a: Message, b: Message): boolean => {
  const [one, other] = [authorAddress(a), authorAddress(b)];
  return !a.reading || !b.reading || one === null || other === null || one === other;
};

/** The newest message that is for the AI, or `null` when none is. */
export const newestCustomerMessage = (messages: Message[], own: OwnIdentity): Message | null =>
  messages
    .filter((message) => whyNotForAi(message, own) === null)
    .reduce<Message | null>((newest, other) => (newest && isNewer(newest, other) ? newest : other), null);

/**
 * Its author's newest message after this one that a run of its own answers, or `null` when this one is the newest.
 */
export const newerCustomerMessage = (messages: Message[], message: Message, own: OwnIdentity): MessageId | null => {
  const newer = messages.filter((other) => isNewer(other, message) && isBySameAuthor(other, message));
  return newestCustomerMessage(newer, own)?.id ?? null;
};

/** Says whether an agent has answered the customer after this message. Internal comments are no answer. */
export const hasHumanReplied = (messages: Message[], message: Message, aiActorId: ActorId): boolean =>
  messages.some(
    (other) => other.kind === 'message' && isNewer(other, message) && speakerOf(other, aiActorId) === 'agent',
  );

/** The message that an answer of the AI's is to, by its key or the recorded turn; `null` where neither says. */
export const answeredBy = (
  { id, postKey }: Message,
  messages: Message[],
  { turns }: Pick<BurstContext, 'turns'>,
): Message | null => {
  const answered =
    postKey === null
      ? turns.find(({ postedMessageId }) => postedMessageId === id)?.answeredMessageId
      : answeredIn(postKey);
  return messages.find((message) => message.id === answered) ?? null;
};

/** Says whether an answer may be to the author of this message: an agent's is to all. */
export const isForAuthorOf = (
  message: Message,
  answer: Message,
  messages: Message[],
  context: Pick<BurstContext, 'aiActorId' | 'turns'>,
): boolean => {
  if (speakerOf(answer, context.aiActorId) !== 'ai') return true;
  const answered = answeredBy(answer, messages, context);
  return answered === null || isBySameAuthor(answered, message);
};

/**
 * The newest message that an answer covers, or `null` when that isn't known. An agent has read what stands above; the
 * AI answers what its run was about, and what came while it thought is not answered by it: its key says which, or,
 * where HubSpot strips keys, the recorded turn.
 */
const lastAnsweredBy = (
  answer: Message,
  messages: Message[],
  message: Message,
  context: BurstContext,
): Message | null => {
  if (speakerOf(answer, context.aiActorId) === 'agent') return answer;
  const known = answeredBy(answer, messages, context);
  if (known) return known;
  return isNewer(message, answer) ? answer : null;
};

/** A thread is known by this beside its messages. */
export interface BurstContext extends OwnIdentity {
  /** Earlier runs have recorded these of their posts. */
  turns: Pick<RecordedTurn, 'postedMessageId' | 'answeredMessageId'>[];
  /** When the thread was closed (`Conversation.closings`); absent: never. */
  closings?: readonly string[] | undefined;
}

/** When the thread was last closed before this message, in ms; `null`: it wasn't. */
export const closedBefore = (message: Message, closings: readonly string[] = []): number | null => {
  const writtenAt = Date.parse(message.createdAt);
  return closings.map((at) => Date.parse(at)).findLast((at) => at <= writtenAt) ?? null;
};

/**
 * Every message of this one's author that neither the AI, an agent nor a closing has settled, oldest first. `messages`
 * are oldest first. What an agent writes is for all; what the AI writes, for whom it answers.
 */
const allUnanswered = (messages: Message[], message: Message, context: BurstContext): Message[] => {
  const { aiActorId } = context;
  const covered = messages
    .filter((other) => other.kind === 'message' && ['ai', 'agent'].includes(speakerOf(other, aiActorId)))
    .filter((answer) => isForAuthorOf(message, answer, messages, context))
    .flatMap((answer) => lastAnsweredBy(answer, messages, message, context) ?? []);
  const isAnswered = (other: Message): boolean => covered.some((last) => last.id === other.id || isNewer(last, other));
  // A thread is not a matter: what was closed is done, whether or not anyone answered it here.
  const closedAt = closedBefore(message, context.closings) ?? Number.NEGATIVE_INFINITY;
  const isSettled = (other: Message): boolean => other.id !== message.id && Date.parse(other.createdAt) <= closedAt;
  return messages.filter(
    (other) =>
      isBySameAuthor(other, message) && whyNotForAi(other, context) === null && !isAnswered(other) && !isSettled(other),
  );
};

/**
 * Finds what the author of `message` has written, up to and with it, that neither the AI nor an agent has answered, nor
 * a closing of the thread has settled, oldest first: the burst that one reply answers (design promise 5).
 */
export const unansweredMessages = (messages: Message[], message: Message, context: BurstContext): Message[] => [
  ...allUnanswered(messages, message, context).filter((other) => isNewer(message, other)),
  message,
];

/**
 * Says whether the customer has been writing on and on for so long that this message's run answers, though there is a
 * newer one (its own run answers what came later). On and on: each message within `maxMs` of the one before, all of
 * them unanswered. All times are HubSpot's, so that no clock of ours matters.
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
