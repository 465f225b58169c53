import { createHubSpotClient } from '../../src/hubspot/client.ts';
import type { Conversation, Message } from '../../src/hubspot/conversation.ts';
import type { ActorId, MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { routeReply } from '../../src/rules/replying/reply-route.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';
import { whyNotForAi } from '../../src/rules/speaking/message-filter.ts';
import { ACCESS_TOKEN, AI_ACTOR_ID, PORTAL_ID } from '../../test/support/simulator.ts';
import type { PeerSettings } from './settings.ts';

/** What a job is about. */
export interface Question {
  threadId: string;
  messageId: string;
}

/** The event's dedup key, without characters that some queue forbids in an id. */
export const keyOf = ({ threadId, messageId }: Question): string => `message-${threadId}-${messageId}`;

export interface Answering {
  fetchMessage(question: Question): Promise<Message | null>;
  fetchConversation(question: Question): Promise<Conversation>;
  /** What to say, or `null` to be silent. The AI is instant. */
  decide(message: Message | null, conversation: Conversation): string | null;
  post(question: Question, message: Message, text: string): Promise<string>;
}

const ID = { portalId: PORTAL_ID as PortalId, aiActorId: AI_ACTOR_ID as ActorId };

/**
 * The work that follows an event, with Threadkeeper's own client of HubSpot and its rules, so that peers differ in
 * nothing but in what carries them: fetch the message, fetch thread and history, decide, post.
 */
export const createAnswering = ({ hubspotUrl, looks }: PeerSettings): Answering => {
  const client = createHubSpotClient({
    portalId: ID.portalId,
    apiUrl: hubspotUrl,
    apiVersion: 'v3',
    accessToken: ACCESS_TOKEN,
    timeoutMs: 20_000,
  });
  const ids = ({ threadId, messageId }: Question) => [threadId as ThreadId, messageId as MessageId] as const;
  return {
    fetchMessage: (question) => client.message(...ids(question), 4_000),
    fetchConversation: ({ threadId }) => client.conversation(threadId as ThreadId, 4_000),
    decide: (message, { thread }) => {
      if (message === null || whyNotForAi(message, { aiActorId: ID.aiActorId, appId: null }) !== null) return null;
      return thread.assignedTo === ID.aiActorId ? `Shipping takes three days. (${message.id})` : null;
    },
    async post({ threadId }, message, text) {
      const to = routeReply(message, ID as PortalSettings);
      if ('unsendable' in to) throw new Error(to.unsendable);
      if (looks) {
        const { messages } = await client.conversation(threadId as ThreadId, 4_000);
        const standing = messages.find((one) => one.direction === 'outgoing' && one.text === text);
        if (standing) return standing.id;
      }
      return client.post(threadId as ThreadId, { text, richText: text, to });
    },
  };
};

/** All of it, one after the other, for queues whose jobs are functions. */
export const answer = async (answering: Answering, question: Question): Promise<void> => {
  const message = await answering.fetchMessage(question);
  const text = answering.decide(message, await answering.fetchConversation(question));
  if (message !== null && text !== null) await answering.post(question, message, text);
};
