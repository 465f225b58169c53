import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import { type PostKind, postKindIn } from '../replying/own-post.ts';

/**
 * A message goes to agents in place of the AI because of one of these: the AI's replies of the hour on the thread, the
 * portal's ceiling of the day, the contact's calls of the hour.
 */
export const LIMITS = ['replies', 'ceiling', 'calls'] as const;
export type Limit = (typeof LIMITS)[number];

const HOUR_MS = 60 * 60_000;

/** The kind of the comment that hands a thread over because of a limit. */
export const limitKind = (limit: Limit): PostKind => `limit-${limit}` as const;

/** Ends the reason of every such handoff, whatever the number before it. */
export const LIMIT_WORDS: Record<Limit, string> = {
  replies: 'replies within an hour on this thread: two machines may be writing to each other',
  ceiling: 'is spent: it is not asked again before midnight UTC',
  calls: 'times within an hour for this contact: it is not asked again before that hour is over',
};

/**
 * Says whether this comment of ours handed over because of the limit: its key says so. The words count only where the
 * key says no more than that the thread was handed over, as earlier versions wrote it, or where HubSpot has stripped
 * it.
 */
const isAbout = (limit: Limit, { kind, aiMarker, postKey, text }: Message): boolean => {
  if (kind !== 'comment') return false;
  const postKind = postKey === null ? null : postKindIn(postKey);
  if (postKind !== null && postKind !== 'handed-off') return postKind === limitKind(limit);
  return aiMarker && text.includes(LIMIT_WORDS[limit]);
};

/** Says whether something was written after the hour before a moment began; the moment in ms by HubSpot's clock. */
export const sinceHourBefore =
  (at: number) =>
  (other: Pick<Message, 'createdAt'>): boolean =>
    Date.parse(other.createdAt) > at - HOUR_MS;

/**
 * The comment that informed agents on this thread of the limit within the hour before `message`, or after it; `null`:
 * this run has to. Where the AI stays at work after a handoff, each further message would else bring one more comment.
 */
export const limitComment = (
  limit: Limit,
  { messages }: Pick<Conversation, 'messages'>,
  message: Message,
): MessageId | null =>
  messages.filter(sinceHourBefore(Date.parse(message.createdAt))).find((other) => isAbout(limit, other))?.id ?? null;
