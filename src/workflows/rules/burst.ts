import type { Message } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';
import { whyNotForAi } from './message-filter.ts';
import { postKeyOf } from './own-post.ts';
import { speakerOf } from './speaker.ts';

/**
 * Whether `a` came after `b`. A strict order: two messages of one millisecond go by id, so that of any two runs exactly
 * one stands down.
 */
export const isNewer = (a: Message, b: Message): boolean => {
  const difference = Date.parse(a.createdAt) - Date.parse(b.createdAt);
  return difference === 0 ? a.id > b.id : difference > 0;
};

/** The customer's newest message after this one that a run of its own answers, or `null` when this one is the newest. */
export const newerCustomerMessage = (messages: Message[], message: Message, aiActorId: ActorId): MessageId | null => {
  const newer = messages.filter((other) => isNewer(other, message) && whyNotForAi(other, aiActorId) === null);
  return (
    newer.reduce<Message | null>((newest, other) => (newest && isNewer(newest, other) ? newest : other), null)?.id ??
    null
  );
};

/** Whether an agent has answered the customer after this message. Internal comments are no answer. */
export const hasHumanReplied = (messages: Message[], message: Message, aiActorId: ActorId): boolean =>
  messages.some(
    (other) => other.kind === 'message' && isNewer(other, message) && speakerOf(other, aiActorId) === 'agent',
  );

/**
 * What the customer has written since the AI or an agent last spoke to them, up to and with `message`, oldest first:
 * the burst that one reply answers (design promise 5). `messages` are oldest first.
 */
export const unansweredMessages = (messages: Message[], message: Message, aiActorId: ActorId): Message[] => {
  const earlier = messages.filter((other) => other.kind === 'message' && isNewer(message, other));
  // A reply may have gone out when this message had just come: it is newer, and yet answers what came before it.
  const replies = new Set(messages.map(({ postKey }) => postKey));
  const lastAnswer = earlier.findLastIndex(
    (other) => ['ai', 'agent'].includes(speakerOf(other, aiActorId)) || replies.has(postKeyOf(other.id, 'replied')),
  );
  return [...earlier.slice(lastAnswer + 1).filter((other) => whyNotForAi(other, aiActorId) === null), message];
};
