import { isDeepStrictEqual } from 'node:util';
import { log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { EMAIL_CHANNEL_ID } from '../hubspot/channels.ts';
import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { earlierPost } from '../rules/replying/own-post.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { autonomyOn } from '../rules/speaking/autonomy.ts';
import { whyNotAnswer } from '../rules/speaking/may-answer.ts';
import { whyNotForAi } from '../rules/speaking/message-filter.ts';
import { type Opening, openingFor } from '../rules/speaking/opening.ts';
import type { ReplyToMessageInput } from '../runs/reply-to-message.ts';
import type { HubSpotActivities, Posted, PostInput } from './hubspot.ts';
import { createReadsAtOnce, type ReadsAtOnce } from './reads-at-once.ts';
import type { SessionActivities } from './sessions.ts';

/** A session that was opened, as {@link SessionActivities} gives it. */
export type Opened = Awaited<ReturnType<SessionActivities['openSession']>>;

/** The thread before the AI is asked. */
export interface Look {
  /** `null`: the thread is gone. */
  conversation: Conversation | null;
  /** Absent: the AI may not speak there, or the session store did not answer. */
  opened?: Opened;
}

/** All that a run needs to begin. The settings are always there. */
export interface FirstRead extends Partial<Look> {
  settings: PortalSettings;
  /** `null`: HubSpot doesn't know it. Absent: HubSpot did not give it; another read is worth a try. */
  message?: Message | null;
  /** Absent with a message: that read is due in so many ms. */
  retryInMs?: number;
  /** The conversation lacks the message: it belongs at this place. Only of what is read at once. */
  messageAt?: number;
}

/** Where the run may answer the message, with its workflow ID. */
type Asked = ReplyToMessageInput & { workflowId?: string };

/**
 * Several steps of a run in one: each activity is one more round between server and worker. What fails of the later
 * ones is left out, so that the run takes that step by itself, and tries and escalates it as such.
 */
export interface FirstReadActivities {
  /**
   * The portal's settings and the message. For a run that may answer it, which gives its workflow ID, and where it
   * would wait for nothing, also the thread and its session.
   * @throws {ApplicationFailure} `UnknownPortal`, not retryable
   */
  readMessage(input: Asked): Promise<FirstRead>;
  /** The thread, and where the AI may answer `message` there, its session. */
  lookAndOpen(input: {
    portalId: PortalId;
    threadId: Conversation['thread']['id'];
    messageId: Message['id'];
    appId?: string;
    opening: Opening;
  }): Promise<Look>;
  /** As in {@link HubSpotActivities}. What the session store can't take just now is left to the run. */
  post(input: PostInput): Promise<Posted>;
}

interface Parts {
  settingsOf(portalId: PortalId): Promise<PortalSettings>;
  hubspot: Pick<HubSpotActivities, 'fetchMessage' | 'fetchConversation' | 'post'>;
  sessions: Pick<SessionActivities, 'openSession' | 'recordTurn'>;
  /** So many reads beside the workflow at the same time. */
  mostAtOnce: number;
}

/** HubSpot's own word on when to try again. What only a person can mend is to be seen on the run at once. */
export const retryInMs = (error: unknown): number =>
  error instanceof ApplicationFailure && error.type !== 'HubSpotUnauthorized' ? Number(error.nextRetryDelay ?? 0) : 0;

// A database's message may repeat what was to be stored.
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error');

/** Leaves the message out of the conversation where it says nothing else there: a history keeps it once. */
const withMessageOnce = (read: FirstRead): FirstRead => {
  const { message, conversation } = read;
  if (!message || !conversation) return read;
  const { mail: _, ...listed } = message;
  const messageAt = conversation.messages.findIndex(({ id }) => id === message.id);
  if (!isDeepStrictEqual(conversation.messages[messageAt], listed)) return read;
  return {
    ...read,
    messageAt,
    conversation: { ...conversation, messages: conversation.messages.toSpliced(messageAt, 1) },
  };
};

/** The same reads as activities of the queue, and beside the workflow. */
export const createFirstReads = ({
  settingsOf,
  hubspot,
  sessions,
  mostAtOnce,
}: Parts): { queued: FirstReadActivities; atOnce: ReadsAtOnce } => {
  const open = async (
    { thread, messages, closings }: Conversation,
    messageId: Message['id'],
    settings: PortalSettings,
    { opening, appId = null }: { opening: Opening; appId?: string | null },
  ): Promise<Pick<Look, 'opened'>> => {
    const message = messages.find(({ id }) => id === messageId);
    const { aiActorId } = settings;
    const conversation = { thread, messages, ...(closings === undefined ? {} : { closings }) };
    if (!message || earlierPost(messages, messageId)) return {};
    if (whyNotAnswer(conversation, message, settings, { aiActorId, appId, turns: [] }) !== null) return {};
    try {
      return { opened: await sessions.openSession({ thread, ...opening }) };
    } catch (error) {
      log.warn('The session store did not answer: the run asks it again', { error: nameOf(error) });
      return {};
    }
  };

  const lookFor = async (
    asked: ReplyToMessageInput & { workflowId: string },
    message: Message,
    settings: PortalSettings,
  ): Promise<Partial<Look>> => {
    const { aiActorId, quietPeriodMs, emailDelayMs, maxMessageAgeMs } = settings;
    const level = autonomyOn(settings, message.channelId);
    const waitMs = message.channelId === EMAIL_CHANNEL_ID ? emailDelayMs : quietPeriodMs;
    const isOld = !asked.anyAge && Date.now() - Date.parse(message.createdAt) > maxMessageAgeMs;
    const { appId = null } = asked;
    if (waitMs > 0 || isOld || level === 'off' || whyNotForAi(message, { aiActorId, appId })) return {};
    const conversation = await hubspot.fetchConversation({ portalId: asked.portalId, threadId: asked.threadId });
    if (conversation === null) return {};
    const opening = openingFor(message, settings, { level, workflowId: asked.workflowId, alone: false });
    return { conversation, ...(await open(conversation, message.id, settings, { opening, appId })) };
  };

  const read = async ({ workflowId, ...asked }: Asked, settings: PortalSettings): Promise<FirstRead> => {
    const message = await hubspot.fetchMessage(asked);
    if (message === null || workflowId === undefined) return { settings, message };
    const look = await lookFor({ ...asked, workflowId }, message, settings).catch((): Partial<Look> => ({}));
    return { settings, message, ...look };
  };

  const queued: FirstReadActivities = {
    async readMessage(asked) {
      const settings = await settingsOf(asked.portalId);
      return await read(asked, settings).catch((error) => ({ settings, retryInMs: retryInMs(error) }));
    },

    async lookAndOpen({ portalId, threadId, messageId, opening, appId }) {
      const conversation = await hubspot.fetchConversation({ portalId, threadId });
      if (conversation === null) return { conversation };
      const settings = await settingsOf(portalId);
      const given = { opening, ...(appId === undefined ? {} : { appId }) };
      return { conversation, ...(await open(conversation, messageId, settings, given)) };
    },

    async post({ turn, ...post }) {
      const posted = await hubspot.post(post);
      if (posted.moved || turn === undefined) return posted;
      try {
        await sessions.recordTurn({ ...turn, postedMessageId: posted.messageId });
        return { ...posted, recorded: true };
      } catch (error) {
        log.warn('The session store did not record a turn: the run tries again', { error: nameOf(error) });
        return posted;
      }
    },
  };
  const atOnce = createReadsAtOnce(
    {
      readMessage: async (asked) => withMessageOnce(await read(asked, await settingsOf(asked.portalId))),
      lookAndOpen: queued.lookAndOpen,
    },
    { most: mostAtOnce },
  );
  return { queued, atOnce };
};
