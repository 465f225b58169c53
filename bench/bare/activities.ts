import type { Conversation, Message } from '../../src/hubspot/conversation.ts';
import type { Answering, Question } from '../peer/answering.ts';

/** Activities that call HubSpot as every peer does; what Threadkeeper stores of a session, these leave out. */
export const createBareActivities = ({ fetchMessage, fetchConversation, decide, post }: Answering) => ({
  fetchMessage,
  fetchConversation,
  async fetchBoth(question: Question): Promise<{ message: Message | null; conversation: Conversation }> {
    const [message, conversation] = [await fetchMessage(question), await fetchConversation(question)];
    return { message, conversation };
  },
  async generateReply(message: Message | null, conversation: Conversation): Promise<string | null> {
    return decide(message, conversation);
  },
  post,
});

export type BareActivities = ReturnType<typeof createBareActivities>;
