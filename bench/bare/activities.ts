import type { Conversation, Message } from '../../src/hubspot/conversation.ts';
import type { Answering, Question } from '../peer/answering.ts';

/** Activities that call HubSpot as every peer does; what Threadkeeper stores of a session, these leave out. */
export const createBareActivities = ({ fetchMessage, fetchConversation, decide, post }: Answering) => ({
  fetchMessage,
  fetchConversation,
  async openSession(_question: Question): Promise<void> {},
  async generateReply(message: Message | null, conversation: Conversation): Promise<string | null> {
    return decide(message, conversation);
  },
  post,
  async recordTurn(_question: Question, _messageId: string): Promise<void> {},
});

export type BareActivities = ReturnType<typeof createBareActivities>;
