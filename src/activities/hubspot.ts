import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import type { Conversation, Destination, Message, WordsAside } from '../hubspot/conversation.ts';
import { HubSpotNotFound } from '../hubspot/errors.ts';
import type { ActorId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import { postKeyMarker } from '../hubspot/markers.ts';
import { readMessage, withoutWords } from '../rules/mail/message-reading.ts';
import { findOwnPost, type PostFingerprint } from '../rules/replying/own-post.ts';
import type { PostBody } from '../rules/replying/post-body.ts';
import { hasChangedSince as hasThreadChanged, type ThreadSnapshot } from '../rules/replying/thread-snapshot.ts';
import type { ReplyToMessageInput } from '../runs/reply-to-message.ts';
import type { Turn } from '../sessions/store.ts';
import { withFailures } from './failures.ts';
import { withHeartbeats } from './heartbeats.ts';
import { withUncertainPost } from './lost-post.ts';
import { createOwnerNames } from './owner-names.ts';
import {
  type HubSpotPortal,
  MESSAGE_TEXT,
  NEWEST,
  newestWithoutTexts,
  newestWithTexts,
  readNewest,
  senderRulesOf,
} from './reading.ts';

interface OnThread {
  portalId: PortalId;
  threadId: ThreadId;
}

/** A post to put on a thread, and how to recognise it there. */
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
  /** Recorded once the post is on the thread; absent: the run sees to that. */
  turn?: Omit<Turn, 'postedMessageId'>;
}

/**
 * What a run has put on a thread. `found`: it stood there already, from an earlier attempt or run; absent: posted now.
 */
export interface OwnPost {
  moved: false;
  messageId: MessageId;
  found?: true;
  /** The turn that came along is recorded. */
  recorded?: true;
}

/**
 * `moved`: not posted, because the conversation is no longer as it was seen; `now` is how it stands, without texts
 * (customers' words stand in the history once), or `null` where the thread is gone. With `stopped`: not posted, because
 * an operator has stopped the AI in this portal, and nobody looked how the thread stands. Comments are posted anyway.
 */
export type Posted = OwnPost | { moved: true; now: Conversation | null; stopped?: true };

/** A message, read in full. */
export interface FullText {
  messageId: MessageId;
  text: string;
  /**
   * Words that only came with it. Absent from comments, and from what an earlier version has read: `text` is all of it
   * there.
   */
  words?: WordsAside;
}

/** HubSpot's API as a run uses it. Reads may be repeated; each write is idempotent by its own look first. */
export interface HubSpotActivities {
  /** `null`: HubSpot doesn't know the message, also a few seconds after its event. */
  fetchMessage(input: ReplyToMessageInput): Promise<Message | null>;
  /**
   * The newest messages, oldest first, each with the beginning of its text, and some of the AI's of the last hour; or
   * the newest alone, `withoutTexts`, for a run that has them in its history. `null`: the thread is gone.
   */
  fetchConversation(input: OnThread & { withoutTexts?: boolean }): Promise<Conversation | null>;
  /** The whole of what messages say that were truncated. */
  readInFull(input: OnThread & { messageIds: MessageId[] }): Promise<FullText[]>;
  /**
   * The conversation as `fetchConversation` gives it but without texts, and one message of it, also without, that says
   * of an email where it came to. `null`: the thread, or the message, is gone.
   */
  lookAgain(input: OnThread & { messageId: MessageId }): Promise<{ now: Conversation; message: Message } | null>;
  /** Makes the AI the owner of a thread that nobody owns. */
  claimThread(input: OnThread): Promise<'assigned' | 'owned' | 'unavailable'>;
  /**
   * Gives a thread to an agent, or to nobody (`null`), where it is the AI's, nobody's, or one of `from`: a person who
   * has it keeps it. `knownTo`: the workflow ID of the run that waits for this one; absent: there is none.
   */
  passThread(
    input: OnThread & { to: ActorId | null; from: ActorId[]; knownTo?: string },
  ): Promise<'assigned' | 'owned' | 'unavailable'>;
  /**
   * Looks at the thread and posts, unless the post stands there already or the conversation has moved on since it was
   * seen (design promises 3 and 4). HubSpot can't post on a condition: what happens between look and POST goes unseen.
   */
  post(input: PostInput): Promise<Posted>;
  /**
   * Closes the thread, unless the conversation has moved on since it was seen, or an operator has stopped the AI in
   * this portal. `own`: what this run has put there since. As with a post, what happens between look and call goes
   * unseen.
   */
  closeThread(
    input: OnThread & { seen: ThreadSnapshot; own: MessageId | null },
  ): Promise<'closed' | 'moved' | 'stopped'>;
  fetchTicketThreads(input: { portalId: PortalId; ticketId: TicketId }): Promise<ThreadId[]>;
}

export interface HubSpotActivityOptions {
  /**
   * A webhook can overtake what it announces: so often is a missing message or thread looked for, ever more slowly.
   * Eight take a minute.
   */
  notFoundAttempts?: number;
  /** Says whether an operator has stopped the AI in a portal; absent: nobody can. What it throws is tried again. */
  isStopped?: (portalId: PortalId) => Promise<boolean>;
  /** Conversations say the names of people who own their threads; absent: they don't. */
  ownerNames?: boolean;
}

const SLOWEST_LOOK_MS = 16_000;
const FULL_TEXTS = 10;
/** All of them together have at most this many characters: they go to the AI beside the transcript, in one payload. */
const FULL_TEXT = 200_000;

/** A thread, or its messages alone. */
type Looked = Pick<Conversation, 'messages'> & Partial<Conversation>;

const hasChangedSince = (now: Looked, seen: ThreadSnapshot): now is Conversation =>
  now.thread !== undefined && hasThreadChanged({ ...now, thread: now.thread }, seen);

/** `portal` finds a configured portal; a run has checked before that it is one. */
export const createHubSpotActivities = (
  portal: (portalId: PortalId) => Pick<HubSpotPortal, 'client' | 'aiActorId' | 'senders'>,
  { notFoundAttempts = 8, isStopped = async () => false, ownerNames = false }: HubSpotActivityOptions = {},
): HubSpotActivities => {
  const sendersOf = (portalId: PortalId, messages: readonly Message[]) => senderRulesOf(portal(portalId), messages);

  /** Gives what `read` gives; `null` once HubSpot has said often enough that there is no such thing. */
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

  const names = createOwnerNames();
  /** The conversation with its owner's name, where that is wanted. */
  const named = async (conversation: Conversation): Promise<Conversation> => {
    const { thread } = conversation;
    const { client, aiActorId } = portal(thread.portalId);
    const { assignedTo } = thread;
    if (!ownerNames || assignedTo === null || assignedTo === aiActorId) return conversation;
    const ownerName = await names(client, thread.portalId, assignedTo);
    return ownerName === null ? conversation : { ...conversation, thread: { ...thread, ownerName } };
  };

  const activities: HubSpotActivities = {
    fetchMessage: ({ portalId, threadId, messageId }) =>
      orNothing(async () => {
        const message = await portal(portalId).client.message(threadId, messageId, MESSAGE_TEXT);
        return message && readMessage(message, await sendersOf(portalId, [message]));
      }),

    fetchConversation: ({ portalId, threadId, withoutTexts: textless = false }) =>
      orNothing(async () => {
        const { client, aiActorId } = portal(portalId);
        const found = await named(await client.conversation(threadId, MESSAGE_TEXT, NEWEST));
        const senders = await sendersOf(portalId, found.messages);
        const conversation = { ...found, messages: readNewest(found.messages, senders) };
        if (textless) return newestWithoutTexts(conversation);
        return newestWithTexts(conversation, aiActorId);
      }),

    async readInFull({ portalId, threadId, messageIds }) {
      const { client } = portal(portalId);
      const texts: FullText[] = [];
      let left = FULL_TEXT;
      // The newest first: what they leave is for the older ones.
      for (const messageId of messageIds.slice(-FULL_TEXTS).reverse()) {
        if (left === 0) break;
        const original = await client.original(threadId, messageId, left);
        const senders = await sendersOf(portalId, original.message ? [original.message] : []);
        const read = original.message && readMessage(original.message, senders, original);
        const text = read?.text ?? original.whole;
        left -= original.whole.length;
        texts.unshift({ messageId, text, ...(read?.reading ? { words: read.reading.words } : {}) });
      }
      return texts;
    },

    lookAgain: ({ portalId, threadId, messageId }) =>
      orNothing(async () => {
        const { client } = portal(portalId);
        const found = await named(await client.conversation(threadId, MESSAGE_TEXT, NEWEST));
        const message = await client.message(threadId, messageId, MESSAGE_TEXT);
        const senders = await sendersOf(portalId, [...found.messages, ...(message ? [message] : [])]);
        const now = newestWithoutTexts({ ...found, messages: readNewest(found.messages, senders) });
        return message && { now, message: withoutWords(readMessage(message, senders)) };
      }),

    claimThread({ portalId, threadId }) {
      const { client, aiActorId } = portal(portalId);
      return client.assignThread(threadId, [null], aiActorId);
    },

    async passThread({ portalId, threadId, to, from }) {
      const { client, aiActorId } = portal(portalId);
      return client.assignThread(threadId, [null, aiActorId, ...from], to);
    },

    post: ({ portalId, threadId, sought, words, to, seen, mayBeLost = false }) =>
      withUncertainPost(async (fate): Promise<Posted> => {
        const { client, aiActorId } = portal(portalId);
        // No post of this run is older than the message that it is about.
        const reach = { ...NEWEST, since: sought.since };
        const look = async (): Promise<Looked> =>
          seen === null
            ? { messages: await client.messages(threadId, Number.MAX_SAFE_INTEGER, reach) }
            : await client.conversation(threadId, Number.MAX_SAFE_INTEGER, reach);
        const now = await orNothing(look);
        if (now === null) return { moved: true, now };
        const lostAfter = fate.mayBeLost && seen ? seen.newestMessageId : undefined;
        const standing = findOwnPost(now.messages, sought, aiActorId, lostAfter);
        if (standing) return { moved: false, messageId: standing, found: true };
        fate.throwIfUnsettled();
        if (seen && hasChangedSince(now, seen)) {
          const messages = readNewest(now.messages, await sendersOf(portalId, now.messages));
          return { moved: true, now: newestWithoutTexts({ ...now, messages }) };
        }

        // The last look before the post, so that a stop is obeyed within seconds.
        if (to !== null && (await isStopped(portalId))) return { moved: true, now: null, stopped: true };

        const richText = `${words.richText}${postKeyMarker(sought.key)}`;
        const post = () => client.post(threadId, { text: words.text, richText, to });
        return { moved: false, messageId: await fate.send(post) };
      }, mayBeLost),

    async closeThread({ portalId, threadId, seen, own }) {
      const { client } = portal(portalId);
      const found = await orNothing(() => client.conversation(threadId, MESSAGE_TEXT, NEWEST));
      if (found === null) return 'moved';
      const now = { ...found, messages: found.messages.filter(({ id }) => id !== own) };
      if (hasThreadChanged(now, seen)) return 'moved';
      if (await isStopped(portalId)) return 'stopped';
      if (now.thread.status !== 'CLOSED') await client.closeThread(threadId);
      return 'closed';
    },

    fetchTicketThreads: ({ portalId, ticketId }) => portal(portalId).client.ticketThreads(ticketId),
  };
  return withFailures(withHeartbeats(activities, 'post'));
};
