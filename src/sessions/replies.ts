import type { MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';

/** A message that the AI is about to answer, by whom the answer goes to. */
export interface AskedReply {
  portalId: PortalId;
  threadId: ThreadId;
  messageId: MessageId;
  /** The hash of whom it goes to. */
  address: string;
  /** The message's words, and the same but for its numbers, each by a hash; `null`: nothing to compare. */
  words: string | null;
  gist: string | null;
  /** The channel account that it came to. */
  mailbox: string | null;
  /** Milliseconds since the epoch, by HubSpot's clock. */
  writtenAt: number;
  /** Milliseconds since the epoch, by the worker's. */
  at: number;
  /** It waits for no other run of the same mail. */
  alone: boolean;
}

/**
 * `capped`: the address has had as many answers as it may, and this is the first message past that. `over`: one of the
 * hour after that one.
 */
export type ReplyVerdict = 'admitted' | 'capped' | 'over';

/** A message may be answered, or not, as far as its sender's address says. */
export interface ReplyAdmission {
  verdict: ReplyVerdict;
  /** Answers and handoffs that have gone to the address within the hour, or are about to, without this one. */
  replies: number;
  /** The address has written the same within the hour, but for the numbers in it. */
  isRepeated: boolean;
  /** The newest ticket of what it has so repeated; `null`: none was made. */
  ticketId: TicketId | null;
  /** The same mail came to another mailbox, or twice: that message's run was first. Nothing was admitted then. */
  sameAs: { threadId: ThreadId; messageId: MessageId } | null;
}

/** Counts who gets how many answers, over all threads. Part of the session store; throws as that does. */
export interface ReplyAdmissions {
  /**
   * Admits an answer, or says why not; for all processes together, one after the other. The same message gets the same
   * verdict again. An address is at its cap only where another thread has had some of it. What was admitted counts for
   * ten minutes, or for an hour once its turn is recorded as a reply or a handoff.
   */
  admitReply(asked: AskedReply, mostPerHour: number): Promise<ReplyAdmission>;
}
