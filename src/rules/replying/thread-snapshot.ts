import type { Conversation } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';

/** A thread as a run saw it when it decided what to do. */
export interface ThreadSnapshot {
  assignedTo: ActorId | null;
  newestMessageId: MessageId | null;
}

/** The thread as it is now, for {@link hasChangedSince}. */
export const snapshotOf = ({ thread, messages }: Conversation): ThreadSnapshot => ({
  assignedTo: thread.assignedTo,
  newestMessageId: messages.at(-1)?.id ?? null,
});

/**
 * Says whether the thread has another owner, is not to be answered any more, or someone has written, since it was seen.
 */
export const hasChangedSince = ({ thread, messages }: Conversation, seen: ThreadSnapshot): boolean => {
  const newer = messages.slice(messages.findIndex(({ id }) => id === seen.newestMessageId) + 1);
  const owner = thread.assignedTo !== seen.assignedTo;
  return owner || thread.spam || thread.archived || newer.some(({ kind }) => kind === 'message');
};
