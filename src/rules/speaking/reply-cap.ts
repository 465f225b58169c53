import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';
import type { PortalSettings } from '../settings.ts';
import { LIMIT_WORDS, limitComment, sinceHourBefore } from './limits.ts';
import { speakerOf } from './speaker.ts';

/** The AI has written as often as it may within an hour. */
export interface CapReached {
  /** The thread is handed over in place of an answer for this reason. */
  reason: string;
  /** The comment of an earlier run that informed agents within that hour; `null`: this run has to inform them. */
  commentId: MessageId | null;
}

/** Counts the AI's replies to the customer in the hour before a moment, in ms by HubSpot's clock. */
export const repliesWithinHour = (messages: readonly Message[], at: number, aiActorId: ActorId): number =>
  messages
    .filter(sinceHourBefore(at))
    .filter(
      (other) => other.kind === 'message' && Date.parse(other.createdAt) <= at && speakerOf(other, aiActorId) === 'ai',
    ).length;

/**
 * Says whether the AI's replies to the customer in the hour before `message` reach the portal's `maxRepliesPerHour`;
 * `null` where they don't. No other guard sees two machines that both write like people. All times are HubSpot's.
 * Drafts don't count: no machine answers an internal comment.
 */
export const replyCap = (
  { messages }: Pick<Conversation, 'messages'>,
  message: Message,
  { aiActorId, maxRepliesPerHour }: Pick<PortalSettings, 'aiActorId' | 'maxRepliesPerHour'>,
  recorded = 0,
): CapReached | null => {
  const askedAt = Date.parse(message.createdAt);
  // The store knows those too that stand further back than the thread was read, HubSpot those that could not be
  // recorded.
  const replies = Math.max(repliesWithinHour(messages, askedAt, aiActorId), recorded);
  if (replies < maxRepliesPerHour) return null;

  const reason = `the AI has written ${replies} ${LIMIT_WORDS.replies}`;
  return { reason, commentId: limitComment('replies', { messages }, message) };
};
