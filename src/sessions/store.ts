import type { HandoffCause, Source } from '../ai/backend.ts';
import type { ContactId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { OutcomeStore } from './outcomes.ts';
import type { RatingStore } from './ratings.ts';
import type { ReplyAdmissions } from './replies.ts';
import type { ShadowStore } from './shadow.ts';
import type { UsageStore } from './usage.ts';

/** The one who speaks for the portal on a thread: the AI, an agent who took over, or nobody. */
export const SESSION_MODES = ['ai', 'human', 'nobody'] as const;
export type SessionMode = (typeof SESSION_MODES)[number];

/**
 * The AI is to stay silent on a thread for one of these reasons, whoever owns it: an agent said so, or the AI has
 * handed it over.
 */
export const SILENCES = ['paused', 'handed-off'] as const;
export type Silence = (typeof SILENCES)[number];

/** The knowledge of one conversation between runs: one per portal and thread. */
export interface Session {
  portalId: PortalId;
  threadId: ThreadId;
  contactId: string | null;
  ticketId: TicketId | null;
  /** HubSpot's channel id of the latest message. */
  channelId: string | null;
  aiSessionId: string | null;
  /** Synchronised ticket properties by name: the newest 50, each cut to 4,000 characters. */
  customData: Record<string, string>;
  /** Turns taken so far: replies, drafts and handoffs. */
  turns: number;
  mode: SessionMode;
  /** `null`: the AI may speak. A silence that ends by itself goes by the time of the message that is asked about. */
  silenced: Silence | null;
}

/** A session that a run has opened. */
export interface OpenedSession extends Session {
  /** Workflow ID of another run that was asking the AI until now, and may still wait; `null`: none was. */
  askedBefore: string | null;
}

/** The state of a thread between the AI and agents. */
export interface ThreadState extends Pick<Session, 'silenced'> {
  /** Workflow ID of the run that asks the AI, or waits with its draft; it may have ended. `null`: none does. */
  asking: string | null;
}

export interface OpenSession {
  portalId: PortalId;
  threadId: ThreadId;
  contactId: string | null;
  ticketId: TicketId | null;
  channelId: string | null;
  /** The run that is about to ask the AI, and the time of the message that it answers (ms, HubSpot's clock). */
  asking?: { workflowId: string; at: number };
}

/** The one who speaks on a thread from a moment on. */
export interface NotedMode {
  portalId: PortalId;
  threadId: ThreadId;
  mode: SessionMode;
  /** Milliseconds since the epoch, by HubSpot's clock. The newest wins. */
  at: number;
  /** An agent has written to the customer, and not only taken the thread. */
  wrote?: true;
}

/** The AI is to be silent on a thread from a moment on. */
export interface SilencedThread {
  portalId: PortalId;
  threadId: ThreadId;
  why: Silence;
  /** Milliseconds since the epoch, by HubSpot's clock. The newest of these and of what takes them back wins. */
  at: number;
  /** Messages from then on are answered again, on the same clock; absent: when it is taken back. */
  until?: number;
}

/** What reports on outcomes ask of a turn. Times are in ms since the epoch, by HubSpot's clock. */
export interface TurnNotes {
  /** By its name, such as `live chat`. */
  channel: string;
  /** When the oldest of the messages that it answers was written: since then the customer waits. */
  askedAt: number;
  newestAt: number;
  /** A BCP 47 tag, where the AI knows. */
  language?: string;
  /** Of a handoff. */
  cause?: HandoffCause;
  /** The articles that it was taken from; of a handoff the nearest. */
  sources: Source[];
  /** 0 to 1, where the AI knows. */
  confidence?: number;
  /** The AI asked the customer which of several things is meant. */
  asksBack?: true;
  /** The customer's words, where nobody could answer them: kept with the session, and for 90 days at most. */
  question?: string;
}

/** One thing the AI did on a thread. */
export interface Turn {
  portalId: PortalId;
  threadId: ThreadId;
  /** The messages that it answered; the last is the one whose run this was. */
  answeredMessageIds: MessageId[];
  outcome: 'replied' | 'drafted' | 'handed-off';
  postedMessageId: MessageId;
  /** The run of this ID asks no more. */
  workflowId: string;
  /** Absent from what an earlier version has recorded. */
  notes?: TurnNotes;
}

/** One message was settled like this: the last of the turn's `answeredMessageIds`. */
export interface RecordedTurn extends Pick<Turn, 'outcome' | 'postedMessageId'> {
  answeredMessageId: MessageId;
}

export interface PropertyValue {
  name: string;
  value: string;
  /** Milliseconds since the epoch, by HubSpot's clock. */
  occurredAt: number;
}

/** The number that was deleted of each. */
export interface ErasedRows {
  sessions: number;
  /** Synchronised ticket properties. */
  properties: number;
  turns: number;
  /** The rows of shadow mode, with what agents wrote. */
  drafts: number;
}

/**
 * The session store. Every call is idempotent: a second one with the same input changes nothing.
 * Throws the driver's error when the database is away; Temporal tries again.
 */
export interface SessionStore extends UsageStore, ShadowStore, ReplyAdmissions, OutcomeStore, RatingStore {
  /**
   * Creates the session, or brings contact, ticket and channel up to date (a `null` never overwrites a value). Who asks
   * speaks for the portal, unless someone took over since the message.
   */
  open(session: OpenSession): Promise<OpenedSession>;
  /** Looks only. `at`: of the message that is asked about, in ms by HubSpot's clock. */
  threadState(portalId: PortalId, threadId: ThreadId, at: number): Promise<ThreadState>;
  /**
   * Notes who speaks now, and gives the workflow ID of the run that is asking the AI on this thread, if one is. That
   * the thread is the AI's again ends an older silence.
   */
  noteMode(noted: NotedMode): Promise<string | null>;
  /**
   * Keeps the AI silent on the thread, with or without a session so far; gives the run that is asking, as `noteMode`
   * does.
   */
  silence(silenced: SilencedThread): Promise<string | null>;
  /** Ends a silence that began at `at` or before; gives the run that is asking, as `noteMode` does. */
  giveBack(thread: Pick<SilencedThread, 'portalId' | 'threadId' | 'at'>): Promise<string | null>;
  rememberAiSession(portalId: PortalId, threadId: ThreadId, aiSessionId: string): Promise<void>;
  /** Records a turn once per answered message (the last of `answeredMessageIds`). */
  recordTurn(turn: Turn): Promise<void>;
  /** Counts the replies to the thread's customer that were recorded within the hour. */
  repliesWithinHour(portalId: PortalId, threadId: ThreadId): Promise<number>;
  /** The newest turns of a thread, 50 at most. */
  recentTurns(portalId: PortalId, threadId: ThreadId): Promise<RecordedTurn[]>;
  findByTicket(portalId: PortalId, ticketId: TicketId): Promise<ThreadId[]>;
  /** Gives the sessions of these threads their ticket; gives back those that exist. */
  linkTicket(portalId: PortalId, ticketId: TicketId, threadIds: ThreadId[]): Promise<ThreadId[]>;
  /**
   * Sets a property where `occurredAt` is not older than what stands (design promise 7: the newest wins, whatever the
   * order of arrival). Gives back whether the value now stands.
   */
  setCustomData(portalId: PortalId, threadId: ThreadId, property: PropertyValue): Promise<boolean>;
  /** Every thread whose session knows this contact. */
  findByContact(portalId: PortalId, contactId: ContactId): Promise<ThreadId[]>;
  /** Deletes all that is kept of these threads. */
  forget(portalId: PortalId, threadIds: ThreadId[]): Promise<ErasedRows>;
  /**
   * Deletes all that is kept of threads without activity since a moment: none of their messages was looked at, and
   * nobody took them over. At most `limit` threads, the longest silent first.
   */
  forgetInactive(since: Date, limit: number): Promise<ErasedRows>;
  /** Answers when the database does. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
