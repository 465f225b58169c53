import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import type { HubSpotClient } from '../hubspot/client.ts';
import type { Conversation, Destination, Message } from '../hubspot/conversation.ts';
import { HubSpotNotFound } from '../hubspot/errors.ts';
import type { ActorId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import { postKeyMarker } from '../hubspot/markers.ts';
import type { ReplyToMessageInput } from '../workflows/contract.ts';
import { findOwnPost, type SoughtPost } from '../workflows/rules/own-post.ts';
import type { Words } from '../workflows/rules/words.ts';
import { withFailures } from './failures.ts';

interface OnThread {
  portalId: PortalId;
  threadId: ThreadId;
}

/** What to put on a thread, and how to recognise it there. */
export interface PostInput extends OnThread {
  /** Its `text` is the one of `words`. */
  sought: SoughtPost;
  words: Words;
  /** `null`: an internal comment. */
  to: Destination | null;
  /** The thread as the run saw it when it decided to post; `null` where that doesn't matter. */
  seen: { assignedTo: ActorId | null; newestMessageId: MessageId | null } | null;
}

/** The thread right before posting. `standing`: the post, where an earlier attempt or an earlier run has left it. */
export interface LookedAgain extends Conversation {
  standing: MessageId | null;
}

/** `moved`: not posted, because the conversation is no longer as it was seen. */
export type Posted = { moved: false; messageId: MessageId } | { moved: true };

/** HubSpot's API as a run uses it. Reads may be repeated; each write is idempotent by its own look first. */
export interface HubSpotActivities {
  /** `null`: HubSpot doesn't know the message, also a few seconds after its event. */
  fetchMessage(input: ReplyToMessageInput): Promise<Message | null>;
  /** The newest messages, oldest first, texts cut to `textLength` characters. `null`: the thread is gone. */
  fetchConversation(input: OnThread & { textLength: number }): Promise<Conversation | null>;
  /** The same without texts, and whether what is about to be posted stands there already. */
  lookAgain(input: OnThread & { sought: SoughtPost }): Promise<LookedAgain | null>;
  /** Whole texts, for messages that were truncated. */
  readInFull(input: OnThread & { messageIds: MessageId[] }): Promise<{ messageId: MessageId; text: string }[]>;
  /** Makes the AI the owner of a thread that nobody owns. */
  claimThread(input: OnThread): Promise<'assigned' | 'owned' | 'unavailable'>;
  /** Posts once, also when the answer to an earlier attempt was lost (design promise 3). */
  post(input: PostInput): Promise<Posted>;
  fetchTicketThreads(input: { portalId: PortalId; ticketId: TicketId }): Promise<ThreadId[]>;
}

/** A webhook can overtake the message it announces; so often, a second apart, is a missing message looked for. */
const NOT_FOUND_ATTEMPTS = 4;

// A payload of Temporal's holds 2 MiB: what stands in the history stays well below it, however long the thread.
const MESSAGE_TEXT = 4_000;
const CONVERSATION_MESSAGES = 60;
const FULL_TEXT = 64_000;
const FULL_TEXTS = 10;

/** Whether the thread has another owner, or the customer or an agent has written, since it was seen. */
const hasMoved = ({ thread, messages }: Conversation, seen: NonNullable<PostInput['seen']>): boolean => {
  const newer = messages.slice(messages.findIndex(({ id }) => id === seen.newestMessageId) + 1);
  return thread.assignedTo !== seen.assignedTo || newer.some(({ kind }) => kind === 'message');
};

export interface HubSpotPortal {
  client: HubSpotClient;
  aiActorId: ActorId;
}

/** `portal` finds a configured portal; a run has checked before that it is one. */
export const createHubSpotActivities = (portal: (portalId: PortalId) => HubSpotPortal): HubSpotActivities =>
  withFailures<HubSpotActivities>({
    async fetchMessage({ portalId, threadId, messageId }) {
      try {
        return await portal(portalId).client.message(threadId, messageId, MESSAGE_TEXT);
      } catch (error) {
        if (!(error instanceof HubSpotNotFound)) throw error;
        if (activityInfo().attempt >= NOT_FOUND_ATTEMPTS) return null;
        throw ApplicationFailure.create({ type: error.name, message: error.message, nextRetryDelay: '1s' });
      }
    },

    async fetchConversation({ portalId, threadId, textLength }) {
      try {
        const { thread, messages } = await portal(portalId).client.conversation(
          threadId,
          Math.min(textLength, MESSAGE_TEXT),
        );
        return { thread, messages: messages.slice(-CONVERSATION_MESSAGES) };
      } catch (error) {
        if (error instanceof HubSpotNotFound) return null;
        throw error;
      }
    },

    async lookAgain({ portalId, threadId, sought }) {
      const { client, aiActorId } = portal(portalId);
      try {
        const { thread, messages } = await client.conversation(threadId, Number.MAX_SAFE_INTEGER);
        return {
          thread,
          // Customers' words stand in the history once: the second look is about who wrote, and when.
          messages: messages.slice(-CONVERSATION_MESSAGES).map((message) => ({ ...message, text: '' })),
          standing: findOwnPost(messages, sought, aiActorId),
        };
      } catch (error) {
        if (error instanceof HubSpotNotFound) return null;
        throw error;
      }
    },

    async readInFull({ portalId, threadId, messageIds }) {
      const { client } = portal(portalId);
      const texts = [];
      for (const messageId of messageIds.slice(-FULL_TEXTS)) {
        texts.push({ messageId, text: await client.fullText(threadId, messageId, FULL_TEXT) });
      }
      return texts;
    },

    claimThread({ portalId, threadId }) {
      const { client, aiActorId } = portal(portalId);
      return client.assignUnowned(threadId, aiActorId);
    },

    async post(input) {
      const { client, aiActorId } = portal(input.portalId);
      // A first attempt follows a look by the run itself. A later one may follow a POST whose answer was lost, or a long
      // wait in which the conversation went on.
      if (activityInfo().attempt > 1) {
        const conversation = await client.conversation(input.threadId, Number.MAX_SAFE_INTEGER);
        const messageId = findOwnPost(conversation.messages, input.sought, aiActorId);
        if (messageId) return { moved: false, messageId };
        if (input.seen && hasMoved(conversation, input.seen)) return { moved: true };
      }
      const richText = `${input.words.richText}${postKeyMarker(input.sought.key)}`;
      const messageId = await client.post(input.threadId, { text: input.words.text, richText, to: input.to });
      return { moved: false, messageId };
    },

    fetchTicketThreads: ({ portalId, ticketId }) => portal(portalId).client.ticketThreads(ticketId),
  });
