import type { MessageId, PortalId, ThreadId } from '../hubspot/ids.ts';

/** The AI's last answer to the customer on a thread. */
export interface LastReply {
  /** The newest message that it answered. */
  answeredMessageId: MessageId;
  /** Milliseconds since the epoch. */
  at: number;
  /** A BCP 47 tag; `null`: not known. */
  language: string | null;
}

/** One ask for a rating: at most one for each answer of the AI's. */
export interface RatingAsk {
  portalId: PortalId;
  threadId: ThreadId;
  /** {@link LastReply} */
  answeredMessageId: MessageId;
  /** The run that asks. */
  workflowId: string;
  /** By its name, such as `live chat`. */
  channel: string;
}

/** What customers said who were asked on one channel of a portal. */
export interface RatingCount {
  portalId: PortalId;
  channel: string;
  asked: number;
  answered: number;
  /** Of those who answered: all scores together, and how many gave 4 or 5. */
  sum: number;
  good: number;
}

/** Part of the session store; idempotent, and throws, as that is and does. */
export interface RatingStore {
  /** `null`: the AI has never answered the customer there. */
  lastReply(portalId: PortalId, threadId: ThreadId): Promise<LastReply | null>;
  /** Says whether this run may ask: false where another one has, about the same answer. */
  noteAsk(ask: RatingAsk): Promise<boolean>;
  /** The question was not posted after all. A rating stays. */
  withdrawAsk(ask: Pick<RatingAsk, 'portalId' | 'threadId' | 'workflowId'>): Promise<void>;
  /**
   * The run whose question a message of this time (ms, HubSpot's clock) may answer; `null`: none is open, or somebody
   * has written to the customer since.
   */
  openAsk(portalId: PortalId, threadId: ThreadId, at: number): Promise<string | null>;
  /** The first score counts. */
  noteRating(rated: Pick<RatingAsk, 'portalId' | 'threadId' | 'workflowId'> & { score: number }): Promise<void>;
  /** Of those asked since a moment, in ms since the epoch; by portal and channel. */
  ratingCounts(since: number): Promise<RatingCount[]>;
}
