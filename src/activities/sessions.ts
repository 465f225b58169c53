import type { Thread } from '../hubspot/conversation.ts';
import type { ContactId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { SenderKeys } from '../rules/speaking/sender-address.ts';
import { utcDay } from '../rules/utc-day.ts';
import type { ReplyAdmission } from '../sessions/replies.ts';
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
import type { AiStanding } from '../sessions/usage.ts';
import { askersOf, hashed } from './ai/ai-admission.ts';
import { type SpentToday, watchBudgets } from './budget.ts';

/** A message that the AI may answer, with what its sender's messages on other threads are compared by. */
export interface AskedSender extends SenderKeys {
  messageId: MessageId;
  /** Milliseconds since the epoch, by HubSpot's clock. */
  writtenAt: number;
  mostPerHour: number;
  /** It waits for no other run of the same mail. */
  alone: boolean;
}

/** These stand against one more answer. */
export interface Admissions {
  /** Absent without a sender, and where the thread is silenced. */
  admission?: ReplyAdmission;
  /** To the thread's customer. Absent only from what an earlier version has recorded. */
  repliesWithinHour?: number;
}

/** With `stopped`, an operator has stopped the AI in the portal. */
export interface Stoppable {
  stopped?: true;
}

/** Each a statement or two on the session store, and idempotent as that is. */
export interface SessionActivities {
  /**
   * `turns`: what the AI has done on the thread, newest first. `spentToday`: what the AI has cost in the portal on this
   * UTC day, where there is a `budget` for it; both in millionths of the currency. With what counts against one more
   * answer.
   */
  openSession(input: {
    thread: Thread;
    channelId: string | null;
    /** Absent: nobody is to know that the AI is asked. */
    asking?: OpenSession['asking'];
    budget?: number;
    /** Given for a message that the AI may answer by itself, to an address. */
    sender?: AskedSender;
  }): Promise<{ session: OpenedSession; turns: RecordedTurn[]; spentToday?: number } & Admissions & Stoppable>;
  standing(input: { portalId: PortalId; threadId: ThreadId; at: number }): Promise<ThreadState>;
  /**
   * Gives what the portal's AI has cost today (millionths), and how often it was asked within an hour for whom this
   * thread is.
   */
  aiStanding(input: {
    portalId: PortalId;
    threadId: ThreadId;
    contactId: string | null;
    email: string | null;
  }): Promise<Pick<AiStanding, 'spent' | 'calls'> & Stoppable>;
  /** Gives the workflow ID of the run that is asking the AI on this thread, or `null`. */
  noteMode(noted: NotedMode): Promise<string | null>;
  /** Gives the same. */
  silence(silenced: SilencedThread): Promise<string | null>;
  /** Gives the same. */
  giveBack(thread: Pick<SilencedThread, 'portalId' | 'threadId' | 'at'>): Promise<string | null>;
  /**
   * Gives the thread's session its contact and ticket, and gives the values of these synchronised properties, those
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
  /** Gives the sessions of these threads their ticket; gives back every thread of the ticket that has a session. */
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

/** Says whom it is for, and what is said, the store knows by hashes. */
const admit = (
  sessions: SessionStore,
  portalId: PortalId,
  threadId: ThreadId,
  { mostPerHour, ...sender }: AskedSender,
): Promise<ReplyAdmission> => {
  const hashOf = (words: string | null) => words && hashed(portalId, words);
  const { words, gist } = sender;
  const address = hashed(portalId, `address ${sender.address}`);
  const asked = { ...sender, portalId, threadId, address, words: hashOf(words), gist: hashOf(gist), at: Date.now() };
  return sessions.admitReply(asked, mostPerHour);
};

export const createSessionActivities = (
  sessions: SessionStore,
  {
    spentToday = watchBudgets(sessions),
    isStopped = async () => false,
  }: { spentToday?: SpentToday; isStopped?: (portalId: PortalId) => Promise<boolean> } = {},
): SessionActivities => ({
  async openSession({ thread, channelId, asking, budget, sender }) {
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
    const stopped = (await isStopped(portalId)) || undefined;
    const isAnswered = sender && turns.some(({ answeredMessageId }) => answeredMessageId === sender.messageId);
    const admission =
      sender && !stopped && !session.silenced && !isAnswered ? await admit(sessions, portalId, threadId, sender) : null;
    return {
      session,
      turns,
      ...(budget === undefined ? {} : { spentToday: await spentToday(portalId, budget) }),
      ...(admission ? { admission } : {}),
      ...(stopped ? { stopped } : {}),
      repliesWithinHour: await sessions.repliesWithinHour(portalId, threadId),
    };
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
    return { spent, calls, ...((await isStopped(thread.portalId)) ? { stopped: true as const } : {}) };
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
