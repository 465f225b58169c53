import type { MessageId, PortalId, ThreadId } from '../hubspot/ids.ts';
import { EXAMPLE_MESSAGE, replyToMessageRun } from './reply-to-message.ts';
import type { RunType } from './run-type.ts';

export interface CheckDeliveryInput {
  portalId: PortalId;
  threadId: ThreadId;
  /** The reply that was posted. */
  messageId: MessageId;
  /** It was no reply, but notified the customer that agents will answer; absent: a reply. */
  notice?: boolean;
  /** HubSpot is asked so many ms later; absent: as the portal's settings say. */
  afterMs?: number;
}

export interface CheckDeliveryResult {
  outcome: 'delivered' | 'handed-off' | 'skipped';
  /** The reason why HubSpot could not deliver it; or a {@link SkipReason}. */
  reason?: string;
}

/**
 * One run for each reply, and each notice that agents will answer, but in live chat. It has the workflow ID of the run
 * that HubSpot's event about that message starts, so that one run does for both: whichever begins first looks whether
 * the message arrived.
 */
export const checkDeliveryRun = {
  type: 'checkDelivery',
  title: 'Delivery',
  about: ({ portalId, threadId, messageId }: CheckDeliveryInput) => ({
    portalId,
    threadId,
    detail: `reply ${messageId}`,
  }),
  workflowId: replyToMessageRun.workflowId,
  example: EXAMPLE_MESSAGE,
} as const satisfies RunType<CheckDeliveryInput>;

/**
 * The same with a workflow ID of its own: where the event's run has ended without a look, and as earlier versions start
 * it.
 */
export const lateDeliveryCheckRun = {
  ...checkDeliveryRun,
  workflowId: ({ portalId, threadId, messageId }: CheckDeliveryInput) => `sent:${portalId}:${threadId}-${messageId}`,
} as const satisfies RunType<CheckDeliveryInput>;
