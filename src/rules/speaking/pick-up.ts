import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { ActorId } from '../../hubspot/ids.ts';
import { hasHumanReplied } from './burst.ts';
import { ownerInWords } from './owner-gate.ts';

/**
 * Says how a thread that was handed over has been taken over since, in one line; `null` where a customer still waits
 * for someone. `assignedTo`: whom the handoff itself gave it to, which is no sign that they have seen it. `silenced`:
 * the AI is still kept silent; `null` where it never was.
 */
export const howTakenOver = (
  { thread, messages }: Conversation,
  message: Message,
  { aiActorId, assignedTo, silenced }: { aiActorId: ActorId; assignedTo: ActorId | null; silenced: boolean | null },
): string | null => {
  if (thread.archived) return 'the thread is archived';
  if (thread.spam) return 'the thread is spam';
  if (thread.status === 'CLOSED') return 'the thread is closed';
  if (hasHumanReplied(messages, message, aiActorId)) return 'an agent has answered';
  const owner = thread.assignedTo;
  if (owner !== null && owner !== aiActorId && owner !== assignedTo) return `${ownerInWords(thread)} owns it`;
  const givenBack = silenced === false || (assignedTo !== null && owner === aiActorId);
  return givenBack ? 'an agent gave it back to the AI' : null;
};
