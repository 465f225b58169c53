import { type Info as ActivityInfo, ApplicationFailure, activityInfo } from '@temporalio/activity';
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

/** A webhook can overtake what it announces; so often, a second apart, is a missing message or thread looked for. */
const NOT_FOUND_ATTEMPTS = 4;

/** What `read` gives; `null` once HubSpot has said often enough that there is no such thing. */
const orNothing = async <T>(read: () => Promise<T>): Promise<T | null> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof HubSpotNotFound)) throw error;
    if (activityInfo().attempt >= NOT_FOUND_ATTEMPTS) return null;
    throw ApplicationFailure.create({ type: error.name, message: error.message, nextRetryDelay: '1s' });
  }
};

// A payload of Temporal's holds 2 MiB: what stands in the history stays well below it, however long the thread.
const MESSAGE_TEXT = 4_000;
const CONVERSATION_MESSAGES = 60;
const FULL_TEXTS = 10;
/** Of all of them together, in characters: they go to the AI beside the transcript, in one payload. */
const FULL_TEXT = 200_000;

/** Whether the thread has another owner, is not to be answered any more, or someone has written, since it was seen. */
const hasMoved = ({ thread, messages }: Conversation, seen: NonNullable<PostInput['seen']>): boolean => {
  const newer = messages.slice(messages.findIndex(({ id }) => id === seen.newestMessageId) + 1);
  const owner = thread.assignedTo !== seen.assignedTo;
  return owner || thread.spam || thread.archived || newer.some(({ kind }) => kind === 'message');
};

/** The run's own look counts for so long. Past it the task has waited: for its queue's rate limit, or for a worker. */
const LOOK_LASTS_MS = 1_000;

/** Whether this attempt may rely on the look that the run took right before it. */
const isFresh = ({ attempt, currentAttemptScheduledTimestampMs }: ActivityInfo): boolean =>
  // A clock that differs from the server's costs a look, and no more.
  attempt === 1 && Math.abs(Date.now() - currentAttemptScheduledTimestampMs) <= LOOK_LASTS_MS;

export interface HubSpotPortal {
  client: HubSpotClient;
  aiActorId: ActorId;
}

/** `portal` finds a configured portal; a run has checked before that it is one. */
export const createHubSpotActivities = (portal: (portalId: PortalId) => HubSpotPortal): HubSpotActivities =>
  withFailures<HubSpotActivities>({
    fetchMessage: ({ portalId, threadId, messageId }) =>
      orNothing(() => portal(portalId).client.message(threadId, messageId, MESSAGE_TEXT)),

    fetchConversation: ({ portalId, threadId, textLength }) =>
      orNothing(async () => {
        const { thread, messages } = await portal(portalId).client.conversation(
          threadId,
          Math.min(textLength, MESSAGE_TEXT),
        );
        return { thread, messages: messages.slice(-CONVERSATION_MESSAGES) };
      }),

    lookAgain({ portalId, threadId, sought }) {
      const { client, aiActorId } = portal(portalId);
      return orNothing(async () => {
        const { thread, messages } = await client.conversation(threadId, Number.MAX_SAFE_INTEGER);
        return {
          thread,
          // Customers' words stand in the history once: the second look is about who wrote, and when.
          messages: messages.slice(-CONVERSATION_MESSAGES).map((message) => ({ ...message, text: '' })),
          standing: findOwnPost(messages, sought, aiActorId),
        };
      });
    },

    async readInFull({ portalId, threadId, messageIds }) {
      const { client } = portal(portalId);
      const texts: { messageId: MessageId; text: string }[] = [];
      let left = FULL_TEXT;
      // The newest first: what they leave is for the older ones.
      for (const messageId of messageIds.slice(-FULL_TEXTS).reverse()) {
        if (left === 0) break;
        const text = await client.fullText(threadId, messageId, left);
        left -= text.length;
        texts.unshift({ messageId, text });
      }
      return texts;
    },

    claimThread({ portalId, threadId }) {
      const { client, aiActorId } = portal(portalId);
      return client.assignUnowned(threadId, aiActorId);
    },

    async post(input) {
      const { client, aiActorId } = portal(input.portalId);
      // A prompt first attempt follows a look by the run itself. A later one may follow a POST whose answer was lost, or a
      // long wait in which the conversation went on.
      if (!isFresh(activityInfo())) {
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
