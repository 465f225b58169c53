import { activityInfo, heartbeat, log, sleep } from '@temporalio/activity';
import type { HubSpotClient } from '../hubspot/client.ts';
import { HubSpotNotFound, HubSpotRefused, HubSpotUnavailable, nullIfNotFound } from '../hubspot/errors.ts';
import type { ContactId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { PortalSettings } from '../rules/settings.ts';
import {
  messagesLeftUnanswered,
  type Stretch,
  type ThreadsWithNews,
  threadsToRead,
} from '../rules/speaking/catch-up.ts';
import { withFailures } from './failures.ts';
import { heartbeatWhile } from './heartbeats.ts';
import { type HubSpotPortal, MESSAGE_TEXT, NEWEST, readNewest, senderRulesOf } from './reading.ts';

/** The findings on threads that were read one after another. */
export interface Found {
  /** The newest message of each customer who waits, thread by thread. */
  unanswered: { threadId: ThreadId; messageId: MessageId }[];
  /** HubSpot refuses to show them, or fails at it again and again. */
  unreadable: ThreadId[];
}

/** Looks through many of HubSpot's threads at once. Reads only. */
export interface ThreadActivities {
  listThreadsWithNews(input: { settings: PortalSettings; stretch: Stretch }): Promise<ThreadsWithNews>;
  /**
   * Reads each thread's messages, a few threads a second, since replies need HubSpot's budget too. An attempt goes on
   * where the one before failed. A thread that is gone counts for nothing.
   */
  findUnanswered(input: { portalId: PortalId; threadIds: ThreadId[]; oldest: string }): Promise<Found>;
  /**
   * The threads of a ticket or a contact on which somebody may be at work, the newest first: the open ones, ten at
   * most; where none is open, the newest one. No spam.
   */
  listThreadsOf(
    input: { portalId: PortalId } & ({ ticketId: TicketId } | { contactId: ContactId }),
  ): Promise<ThreadId[]>;
}

const MOST_THREADS_OF_A_RECORD = 10;

/** HubSpot allows an app 10 to 19 calls a second in a portal; a thread is one call, or a few where it is long. */
const PACE_MS = 300;

/**
 * A thread is tried this often, for half a minute; then HubSpot is asked whether the trouble is this thread's alone.
 */
const TRIES = 6;

/** The progress of an attempt. */
interface Progress extends Found {
  done: number;
  /** Attempts that have failed on the next thread. */
  failures: number;
}

/**
 * Says whether only this thread is the trouble: then the others go on without it. @throws where HubSpot is away
 * altogether
 */
const isItsOwnTrouble = async (error: unknown, failures: number, client: HubSpotClient): Promise<boolean> => {
  if (error instanceof HubSpotNotFound || error instanceof HubSpotRefused) return true;
  if (!(error instanceof HubSpotUnavailable) || failures < TRIES) return false;
  await client.tryReading();
  return true;
};

/** `portal` finds a configured portal; a run has checked before that it is one. */
export const createThreadActivities = (
  portal: (portalId: PortalId) => Pick<HubSpotPortal, 'client' | 'aiActorId' | 'senders'>,
): ThreadActivities =>
  withFailures<ThreadActivities>({
    async listThreadsWithNews({ settings, stretch }) {
      const { client } = portal(settings.portalId);
      const threads = await heartbeatWhile(() => client.threadsWithMessagesAfter(stretch.after));
      return threadsToRead(threads, stretch, settings);
    },

    async listThreadsOf({ portalId, ...record }) {
      const { client } = portal(portalId);
      const found = await heartbeatWhile(() => nullIfNotFound(client.threadsOf(record)));
      const threads = (found ?? [])
        .filter(({ spam }) => !spam)
        .sort((a, b) => Date.parse(b.latestMessageAt) - Date.parse(a.latestMessageAt));
      const open = threads.filter(({ status }) => status === 'OPEN').slice(0, MOST_THREADS_OF_A_RECORD);
      return (open.length > 0 ? open : threads.slice(0, 1)).map(({ id }) => id);
    },

    async findUnanswered({ portalId, threadIds, oldest }) {
      const { client, aiActorId } = portal(portalId);
      const none: Progress = { done: 0, failures: 0, unanswered: [], unreadable: [] };
      let progress: Progress = activityInfo().heartbeatDetails ?? none;
      for (const threadId of threadIds.slice(progress.done)) {
        const next = { ...progress, done: progress.done + 1, failures: 0 };
        try {
          const before = progress;
          const messages = await heartbeatWhile(
            async () => {
              // Nothing older is answered, and nothing older answers it.
              const listed = await client.messages(threadId, MESSAGE_TEXT, { ...NEWEST, since: oldest });
              return readNewest(listed, await senderRulesOf(portal(portalId), listed));
            },
            () => before,
          );
          const left = messagesLeftUnanswered(messages, aiActorId, oldest);
          progress = {
            ...next,
            unanswered: [...next.unanswered, ...left.map((messageId) => ({ threadId, messageId }))],
          };
        } catch (error) {
          const failures = progress.failures + 1;
          heartbeat({ ...progress, failures } satisfies Progress);
          if (!(await isItsOwnTrouble(error, failures, client))) throw error;
          const gone = error instanceof HubSpotNotFound;
          if (!gone) log.warn('A thread could not be read', { portalId, threadId });
          progress = gone ? next : { ...next, unreadable: [...next.unreadable, threadId] };
        }
        heartbeat(progress);
        await sleep(PACE_MS);
      }
      const { unanswered, unreadable } = progress;
      return { unanswered, unreadable };
    },
  });
