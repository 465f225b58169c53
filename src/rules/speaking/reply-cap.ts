import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import type { PortalSettings } from '../settings.ts';
import { speakerOf } from './speaker.ts';

const HOUR_MS = 60 * 60_000;

/** Ends the reason of every such handoff, whatever the number before it: the comment is found again by these words. */
const WITHIN_AN_HOUR = 'replies within an hour on this thread: two machines may be writing to each other';

/** The AI has written as often as it may within an hour. */
export interface CapReached {
  /** Why the thread is handed over in place of an answer. */
  reason: string;
  /** The comment of an earlier run that has told agents within that hour; `null`: they have to be told now. */
  told: MessageId | null;
}

/**
 * Whether the AI's replies to the customer in the hour before `message` reach the portal's `maxRepliesPerHour`; `null` where
 * they don't. No other guard sees two machines that both write like people. All times are HubSpot's. Drafts don't count:
 * no machine answers an internal comment.
 */
export const replyCap = (
  { messages }: Pick<Conversation, 'messages'>,
  message: Message,
  { aiActorId, maxRepliesPerHour }: Pick<PortalSettings, 'aiActorId' | 'maxRepliesPerHour'>,
): CapReached | null => {
  const askedAt = Date.parse(message.createdAt);
  const hour = messages.filter(({ createdAt }) => Date.parse(createdAt) > askedAt - HOUR_MS);
  const replies = hour.filter(
    (other) =>
      other.kind === 'message' && Date.parse(other.createdAt) <= askedAt && speakerOf(other, aiActorId) === 'ai',
  ).length;
  if (replies < maxRepliesPerHour) return null;

  const reason = `the AI has written ${replies} ${WITHIN_AN_HOUR}`;
  const told = hour.find(({ kind, aiMarker, text }) => kind === 'comment' && aiMarker && text.includes(WITHIN_AN_HOUR));
  return { reason, told: told?.id ?? null };
};
