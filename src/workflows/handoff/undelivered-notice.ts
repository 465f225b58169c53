import type { OwnPost } from '../../activities/hubspot.ts';
import type { MessageId, PortalId, ThreadId } from '../../hubspot/ids.ts';
import { postKeyOf } from '../../rules/replying/own-post.ts';
import { noteBody } from '../../rules/replying/post-body.ts';
import type { activitiesOf } from '../shared/activity-options.ts';

/** A message that said that agents will answer, and did not arrive. */
interface UndeliveredNotice {
  portalId: PortalId;
  threadId: ThreadId;
  messageId: MessageId;
  /** When it was sent, ISO time. */
  sentAt: string;
  /** The reason why it did not arrive, one line without addresses. */
  reason: string;
}

/**
 * Comments for agents, who have the thread already, that its customer doesn't know of them. Once; `null`: the thread is
 * gone.
 */
export const commentUndeliveredNotice = async (
  { lastWords }: Pick<ReturnType<typeof activitiesOf>, 'lastWords'>,
  { portalId, threadId, messageId, sentAt, reason }: UndeliveredNotice,
  story: { posted(what: string, post: OwnPost): void },
): Promise<MessageId | null> => {
  const words = noteBody(`The customer does not know that someone will answer: ${reason}.`);
  const sought = { key: postKeyOf(messageId, 'undelivered'), text: words.text, since: sentAt };
  const post = { portalId, threadId, sought, words, to: null, seen: null };
  const posted = await lastWords.post('comment that the customer was not notified', post);
  if (posted.moved) return null;
  story.posted('comment', posted);
  return posted.messageId;
};
