import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import { amountInWords } from '../amounts.ts';

/** Why the AI is not asked: the portal's ceiling of the day is spent, or the contact's calls of the hour are. */
export const AI_LIMITS = ['ceiling', 'calls'] as const;
export type AiLimit = (typeof AI_LIMITS)[number];

const HOUR_MS = 60 * 60_000;

/** Ends the reason of every such handoff, whatever the number before it: the comment is found again by these words. */
const ALWAYS_SAID: Record<AiLimit, string> = {
  ceiling: 'is spent: it is not asked again before midnight UTC',
  calls: 'times within an hour for this contact: it is not asked again before that hour is over',
};

/** Why a message goes to agents in place of the AI. `ceiling` in millionths. */
export const ceilingReason = (ceiling: number): string =>
  `today's ceiling for the AI, ${amountInWords(ceiling)}, ${ALWAYS_SAID.ceiling}`;

/** Why a message goes to agents in place of the AI. */
export const callsReason = (callsPerHour: number): string =>
  `the AI has been asked ${callsPerHour} ${ALWAYS_SAID.calls}`;

/**
 * The comment that informed agents on this thread of the limit within the hour before `message`, or after it; `null`:
 * this run has to. Where the AI stays at work after a handoff, each further message would else bring one more comment.
 */
export const limitComment = (
  limit: AiLimit,
  { messages }: Pick<Conversation, 'messages'>,
  message: Message,
): MessageId | null => {
  const since = Date.parse(message.createdAt) - HOUR_MS;
  const comment = messages.find(
    ({ kind, aiMarker, text, createdAt }) =>
      kind === 'comment' && aiMarker && text.includes(ALWAYS_SAID[limit]) && Date.parse(createdAt) > since,
  );
  return comment?.id ?? null;
};
