import type { Thread } from '../hubspot/conversation.ts';
import type { ContactId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type {
  ErasedRows,
  NotedMode,
  OpenedSession,
  OpenSession,
  PropertyValue,
  RecordedTurn,
  SessionStore,
  SilencedThread,
  ThreadState,
  Turn,
} from '../sessions/store.ts';
import { type AiStanding, utcDay } from '../sessions/usage.ts';
import { askersOf } from './ai-admission.ts';
import { type SpentToday, watchBudgets } from './budget.ts';

/** Each a statement or two on the session store, and idempotent as that is. */
export interface SessionActivities {
  /**
   * `turns`: what the AI has done on the thread, newest first. `spentToday`: what the AI has cost in the portal on this
   * UTC day, where there is a `budget` for it; both in millionths of the currency.
   */
  openSession(input: {
    thread: Thread;
    channelId: string | null;
    /** Absent: nobody is to know that the AI is asked. */
    asking?: OpenSession['asking'];
    budget?: number;
  }): Promise<{ session: OpenedSession; turns: RecordedTurn[]; spentToday?: number }>;
  standing(input: { portalId: PortalId; threadId: ThreadId; at: number }): Promise<ThreadState>;
  /**
   * What the portal's AI has cost today (millionths), and how often it was asked within an hour for whom this thread
   * is.
   */
  aiStanding(input: {
    portalId: PortalId;
    threadId: ThreadId;
    contactId: string | null;
    email: string | null;
  }): Promise<Pick<AiStanding, 'spent' | 'calls'>>;
  /** Gives the workflow ID of the run that is asking the AI on this thread, or `null`. */
  noteMode(noted: NotedMode): Promise<string | null>;
  /** Gives the same. */
  silence(silenced: SilencedThread): Promise<string | null>;
  /** Gives the same. */
  giveBack(thread: Pick<SilencedThread, 'portalId' | 'threadId' | 'at'>): Promise<string | null>;
  /**
   * Tells the thread's session its contact and ticket, and gives the values of these synchronised properties, those
   * that it has.
   */
  rememberHandoff(input: {
    portalId: PortalId;
    threadId: ThreadId;
    contactId: string | null;
    ticketId: TicketId | null;
    names: string[];
  }): Promise<Record<string, string>>;
  recordTurn(turn: Turn): Promise<void>;
  /** Tells the sessions of these threads their ticket; gives back every thread of the ticket that has a session. */
  linkTicket(input: { portalId: PortalId; ticketId: TicketId; threadIds: ThreadId[] }): Promise<ThreadId[]>;
  /** Gives back in how many of the sessions the value now stands; elsewhere a newer one does. */
  setCustomData(input: { portalId: PortalId; threadIds: ThreadId[]; property: PropertyValue }): Promise<number>;
  /** Every thread whose session knows this contact. */
  threadsOfContact(input: { portalId: PortalId; contactId: ContactId }): Promise<ThreadId[]>;
  /** Deletes all that is kept of these threads. */
  forgetThreads(input: { portalId: PortalId; threadIds: ThreadId[] }): Promise<ErasedRows>;
  /**
   * Deletes all that is kept of at most `limit` threads without activity since then (ISO time), the longest silent
   * first.
   */
  expireSessions(input: { inactiveSince: string; limit: number }): Promise<ErasedRows>;
}

export const createSessionActivities = (
  sessions: SessionStore,
  spentToday: SpentToday = watchBudgets(sessions),
): SessionActivities => ({
  async openSession({ thread, channelId, asking, budget }) {
    const { portalId, id: threadId, contactId, ticketId } = thread;
    const session = await sessions.open({
      portalId,
      threadId,
      contactId,
      ticketId,
      channelId,
      ...(asking && { asking }),
    });
    const turns = await sessions.recentTurns(portalId, threadId);
    return { session, turns, ...(budget === undefined ? {} : { spentToday: await spentToday(portalId, budget) }) };
  },
  standing: ({ portalId, threadId, at }) => sessions.threadState(portalId, threadId, at),
  async aiStanding({ email, ...thread }) {
    const at = Date.now();
    const asked = {
      portalId: thread.portalId,
      day: utcDay(at),
      askers: askersOf({ ...thread, contact: { email } }),
      at,
    };
    const { spent, calls } = await sessions.aiStanding(asked);
    return { spent, calls };
  },
  noteMode: (noted) => sessions.noteMode(noted),
  silence: (silenced) => sessions.silence(silenced),
  giveBack: (thread) => sessions.giveBack(thread),
  async rememberHandoff({ portalId, threadId, contactId, ticketId, names }) {
    const { customData } = await sessions.open({ portalId, threadId, contactId, ticketId, channelId: null });
    const values = names.flatMap((name) => (Object.hasOwn(customData, name) ? [[name, customData[name]]] : []));
    return Object.fromEntries(values);
  },
  recordTurn: (turn) => sessions.recordTurn(turn),
  async linkTicket({ portalId, ticketId, threadIds }) {
    await sessions.linkTicket(portalId, ticketId, threadIds);
    return await sessions.findByTicket(portalId, ticketId);
  },
  async setCustomData({ portalId, threadIds, property }) {
    let standing = 0;
    for (const threadId of threadIds) {
      if (await sessions.setCustomData(portalId, threadId, property)) standing += 1;
    }
    return standing;
  },
  threadsOfContact: ({ portalId, contactId }) => sessions.findByContact(portalId, contactId),
  forgetThreads: ({ portalId, threadIds }) => sessions.forget(portalId, threadIds),
  expireSessions: ({ inactiveSince, limit }) => sessions.forgetInactive(new Date(inactiveSince), limit),
});
