import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import { type BurstContext, closedBefore } from './burst.ts';
import { whyNotForAi } from './message-filter.ts';
import { speakerOf } from './speaker.ts';

/** A customer has written on a thread that was closed, and nobody has answered since. */
export interface CameBack {
  /** The message that they wrote first. */
  first: MessageId;
  /** When the thread had been closed, in ms. */
  closedAt: number;
  /** The AI had a part in the thread before: then its tickets are the AI's matter. */
  aiWasThere: boolean;
  /** The AI's comment that has informed agents since; `null`: they don't know yet. */
  informed: MessageId | null;
}

/**
 * Says whether, and since when, the customer who wrote this message has come back to a closed thread; `null`: they
 * haven't.
 */
export const cameBack = (
  { messages, closings }: Pick<Conversation, 'messages' | 'closings'>,
  message: Message,
  own: Pick<BurstContext, 'aiActorId' | 'appId'>,
): CameBack | null => {
  const closedAt = closedBefore(message, closings);
  if (closedAt === null) return null;
  const isSince = ({ createdAt }: Message): boolean => Date.parse(createdAt) > closedAt;
  const isOurs = (other: Message): boolean => other.aiMarker || speakerOf(other, own.aiActorId) === 'ai';
  const since = messages.filter(isSince);
  const isAnswer = (other: Message): boolean =>
    other.kind === 'message' && ['ai', 'agent'].includes(speakerOf(other, own.aiActorId));
  if (since.some(isAnswer)) return null;
  const first = since.find((other) => whyNotForAi(other, own) === null) ?? message;
  return {
    first: first.id,
    closedAt,
    aiWasThere: messages.some((other) => !isSince(other) && isOurs(other)),
    informed: since.find((other) => other.kind === 'comment' && isOurs(other))?.id ?? null,
  };
};
