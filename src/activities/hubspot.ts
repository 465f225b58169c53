import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import type { HubSpotClient } from '../hubspot/client.ts';
import type { Conversation, Destination, Message } from '../hubspot/conversation.ts';
import type { CrmClient } from '../hubspot/crm.ts';
import { HubSpotNotFound } from '../hubspot/errors.ts';
import type { ActorId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import { postKeyMarker } from '../hubspot/markers.ts';
import { clip } from '../hubspot/to-conversation.ts';
import { findOwnPost, type PostFingerprint } from '../rules/replying/own-post.ts';
import type { PostBody } from '../rules/replying/post-body.ts';
import { hasChangedSince, type ThreadSnapshot } from '../rules/replying/thread-snapshot.ts';
import { speakerOf } from '../rules/speaking/speaker.ts';
import type { ReplyToMessageInput } from '../runs/reply-to-message.ts';
import { withFailures } from './failures.ts';
import { withHeartbeats } from './heartbeats.ts';
import { withUncertainPost } from './lost-post.ts';

interface OnThread {
  portalId: PortalId;
  threadId: ThreadId;
}

/** What to put on a thread, and how to recognise it there. */
export interface PostInput extends OnThread {
  /** Its `text` is the one of `words`. */
  sought: PostFingerprint;
  words: PostBody;
  /** `null`: an internal comment. */
  to: Destination | null;
  /** The thread as the run saw it when it decided to post; `null` where that doesn't matter. */
  seen: ThreadSnapshot | null;
  /** An earlier activity has given up on this post, and nobody knows whether it took effect. */
  mayBeLost?: boolean;
}

/**
 * `moved`: not posted, because the conversation is no longer as it was seen; `now` is how it stands, without texts (customers'
 * words stand in the history once), or `null` where the thread is gone.
 */
export type Posted = { moved: false; messageId: MessageId } | { moved: true; now: Conversation | null };

/** HubSpot's API as a run uses it. Reads may be repeated; each write is idempotent by its own look first. */
export interface HubSpotActivities {
  /** `null`: HubSpot doesn't know the message, also a few seconds after its event. */
  fetchMessage(input: ReplyToMessageInput): Promise<Message | null>;
  /**
   * The newest messages, oldest first, each with the beginning of its text, and some of the AI's of the last hour; or the newest
   * alone, `withoutTexts`, for a run that has them in its history. `null`: the thread is gone.
   */
  fetchConversation(input: OnThread & { withoutTexts?: boolean }): Promise<Conversation | null>;
  /** Whole texts, for messages that were truncated. */
  readInFull(input: OnThread & { messageIds: MessageId[] }): Promise<{ messageId: MessageId; text: string }[]>;
  /**
   * The conversation as `fetchConversation` gives it but without texts, and one message of it, also without, that tells of an email
   * where it came to. `null`: the thread, or the message, is gone.
   */
  lookAgain(input: OnThread & { messageId: MessageId }): Promise<{ now: Conversation; message: Message } | null>;
  /** Makes the AI the owner of a thread that nobody owns. */
  claimThread(input: OnThread): Promise<'assigned' | 'owned' | 'unavailable'>;
  /**
   * Gives a thread to an agent, or to nobody (`null`), where it is the AI's, nobody's, or one of `from`: a person who has it keeps it.
   */
  passThread(input: OnThread & { to: ActorId | null; from: ActorId[] }): Promise<'assigned' | 'owned' | 'unavailable'>;
  /**
   * Looks at the thread and posts, unless the post stands there already or the conversation has moved on since it was seen
   * (design promises 3 and 4). HubSpot can't post on a condition: what happens between look and POST goes unseen.
   */
  post(input: PostInput): Promise<Posted>;
  fetchTicketThreads(input: { portalId: PortalId; ticketId: TicketId }): Promise<ThreadId[]>;
}

export interface HubSpotActivityOptions {
  /** A webhook can overtake what it announces: so often is a missing message or thread looked for, ever more slowly. Eight take a minute. */
  notFoundAttempts?: number;
}

const SLOWEST_LOOK_MS = 16_000;

// A payload of Temporal's holds 2 MiB: what stands in the history stays well below it, however long the thread.
/** Of each message, in characters: as context; what the AI answers is read in full. */
const MESSAGE_TEXT = 4_000;
const CONVERSATION_MESSAGES = 60;
/** Of what the AI wrote before them: its kind can be told by so many characters, and by no more than so many is it counted. */
const EARLIER_TEXT = 200;
const EARLIER_MESSAGES = 1_000;
const EARLIER_MS = 60 * 60_000;
const FULL_TEXTS = 10;
/** Of all of them together, in characters: they go to the AI beside the transcript, in one payload. */
const FULL_TEXT = 200_000;

/**
 * The newest messages, and before them what was read of the AI's words of the last hour, each its beginning: the reply cap counts
 * it. What stands further back the session store counts.
 */
const newestOf = (messages: Message[], aiActorId: ActorId): Message[] => {
  const newest = messages.slice(-CONVERSATION_MESSAGES);
  const since = Date.parse(newest.at(-1)?.createdAt ?? '') - EARLIER_MS;
  const earlier = messages
    .slice(0, -CONVERSATION_MESSAGES)
    .filter((message) => Date.parse(message.createdAt) > since)
    .filter((message) => message.aiMarker || speakerOf(message, aiActorId) === 'ai')
    .slice(-EARLIER_MESSAGES);
  return [...earlier.map((message) => ({ ...message, text: clip(message.text, EARLIER_TEXT) })), ...newest];
};

const partial = (conversation: Conversation, messages: Message[]): Pick<Conversation, 'isPartial'> =>
  conversation.isPartial || messages.length < conversation.messages.length ? { isPartial: true } : {};

const withoutTexts = (conversation: Conversation): Conversation => {
  const messages = conversation.messages.slice(-CONVERSATION_MESSAGES).map((message) => ({ ...message, text: '' }));
  return { thread: conversation.thread, messages, ...partial(conversation, messages) };
};

/** As far back as a decision needs it. */
const NEWEST = { messages: CONVERSATION_MESSAGES };

export interface HubSpotPortal {
  client: HubSpotClient;
  crm: CrmClient;
  aiActorId: ActorId;
}

/** `portal` finds a configured portal; a run has checked before that it is one. */
export const createHubSpotActivities = (
  portal: (portalId: PortalId) => Pick<HubSpotPortal, 'client' | 'aiActorId'>,
  { notFoundAttempts = 8 }: HubSpotActivityOptions = {},
): HubSpotActivities => {
  /** What `read` gives; `null` once HubSpot has said often enough that there is no such thing. */
  const orNothing = async <T>(read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof HubSpotNotFound)) throw error;
      const { attempt } = activityInfo();
      if (attempt >= notFoundAttempts) return null;
      const nextRetryDelay = Math.min(1_000 * 2 ** (attempt - 1), SLOWEST_LOOK_MS);
      throw ApplicationFailure.create({ type: error.name, message: error.message, nextRetryDelay });
    }
  };

  const activities: HubSpotActivities = {
    fetchMessage: ({ portalId, threadId, messageId }) =>
      orNothing(() => portal(portalId).client.message(threadId, messageId, MESSAGE_TEXT)),

    fetchConversation: ({ portalId, threadId, withoutTexts: textless = false }) =>
      orNothing(async () => {
        const { client, aiActorId } = portal(portalId);
        const conversation = await client.conversation(threadId, MESSAGE_TEXT, NEWEST);
        if (textless) return withoutTexts(conversation);
        const messages = newestOf(conversation.messages, aiActorId);
        return { thread: conversation.thread, messages, ...partial(conversation, messages) };
      }),

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

    lookAgain: ({ portalId, threadId, messageId }) =>
      orNothing(async () => {
        const { client } = portal(portalId);
        const now = withoutTexts(await client.conversation(threadId, 0, NEWEST));
        const message = await client.message(threadId, messageId, 0);
        return message && { now, message };
      }),

    claimThread({ portalId, threadId }) {
      const { client, aiActorId } = portal(portalId);
      return client.reassign(threadId, [null], aiActorId);
    },

    async passThread({ portalId, threadId, to, from }) {
      const { client, aiActorId } = portal(portalId);
      return client.reassign(threadId, [null, aiActorId, ...from], to);
    },

    post: ({ portalId, threadId, sought, words, to, seen, mayBeLost = false }) =>
      withUncertainPost(async (fate): Promise<Posted> => {
        const { client, aiActorId } = portal(portalId);
        // No post of this run is older than the message that it is about.
        const reach = { ...NEWEST, since: sought.since };
        const now = await orNothing(() => client.conversation(threadId, Number.MAX_SAFE_INTEGER, reach));
        if (now === null) return { moved: true, now };
        const lostAfter = fate.mayBeLost && seen ? seen.newestMessageId : undefined;
        const standing = findOwnPost(now.messages, sought, aiActorId, lostAfter);
        if (standing) return { moved: false, messageId: standing };
        fate.throwIfUnsettled();
        if (seen && hasChangedSince(now, seen)) return { moved: true, now: withoutTexts(now) };

        const richText = `${words.richText}${postKeyMarker(sought.key)}`;
        const post = () => client.post(threadId, { text: words.text, richText, to });
        return { moved: false, messageId: await fate.send(post) };
      }, mayBeLost),

    fetchTicketThreads: ({ portalId, ticketId }) => portal(portalId).client.ticketThreads(ticketId),
  };
  return withFailures(withHeartbeats(activities, 'post'));
};
