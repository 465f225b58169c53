import { longestText } from '../hubspot/channels.ts';
import type { Conversation } from '../hubspot/conversation.ts';
import type { ActorId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { HandoffReason } from '../rules/handoff/handoff-reason.ts';
import type { PostKind } from '../rules/replying/own-post.ts';
import type { ThreadSnapshot } from '../rules/replying/thread-snapshot.ts';
import type { Limit } from '../rules/speaking/limits.ts';
import { EXAMPLE_MESSAGE } from './reply-to-message.ts';
import type { RunType } from './run-type.ts';

/** Its words have at most so many characters: the reason, a line of what was consulted or called, the unsent answer. */
export const HANDOFF_WORDS = { reason: 10_000, line: 500, unsent: longestText('email') } as const;

export interface HandOffInput extends HandoffReason {
  portalId: PortalId;
  threadId: ThreadId;
  /** The customer's message that agents are to answer; or the AI's reply that did not arrive. */
  messageId: MessageId;
  /** The comment is found by it on the thread, beside `messageId`; absent: `handed-off`. */
  kind?: Extract<PostKind, 'handed-off' | 'undelivered'>;
  /** Why the AI hands over, a `HandoffCause`; absent: an agent does, or HubSpot did not deliver a reply. */
  cause?: string;
  /** The limit because of which the AI was not asked; absent: none. The comment is found by it, in place of `kind`. */
  limit?: Limit;
  /** The customer may be notified; absent: yes. */
  tell?: boolean;
  /** Who gets the thread; absent: whom the portal's settings name. */
  assignTo?: ActorId;
  /** The open ticket that the thread is added to where it has none, in place of a new one. */
  joins?: TicketId;
  /** The thread as it was decided upon; absent: however it is now. */
  seen?: ThreadSnapshot;
}

export interface HandOffResult {
  /** `moved`: nothing was done, the thread is no longer as it was seen. */
  outcome: 'handed-off' | 'moved' | 'skipped' | 'needs-attention';
  /** The reason why it was handed over; a {@link SkipReason}; or what went wrong. */
  reason?: string;
  /** The internal comment. */
  postedMessageId?: MessageId;
  ticketId?: TicketId;
  /** The customer notice, where one was posted. */
  toldMessageId?: MessageId;
  /** The thread's owner now: `null` for nobody. */
  owner?: ActorId | null;
  /** With `moved`: how it stands now, without texts; `null` where the thread is gone. */
  now?: Conversation | null;
}

/** One run for each message that agents are to answer, and for each reply that did not arrive. */
export const handOffRun = {
  type: 'handOff',
  title: 'Handoff',
  about: ({ portalId, threadId, messageId, kind }: HandOffInput) => ({
    portalId,
    threadId,
    detail: `${kind === 'undelivered' ? 'undelivered' : 'message'} ${messageId}`,
  }),
  workflowId: ({ portalId, threadId, messageId }: Pick<HandOffInput, 'portalId' | 'threadId' | 'messageId'>) =>
    `handoff:${portalId}:${threadId}-${messageId}`,
  example: { ...EXAMPLE_MESSAGE, reason: 'asks for a refund' },
} as const satisfies RunType<HandOffInput>;
