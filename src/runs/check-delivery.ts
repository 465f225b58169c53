import type { MessageId, PortalId, ThreadId } from '../hubspot/ids.ts';
import { EXAMPLE_MESSAGE } from './reply-to-message.ts';
import type { RunType } from './run-type.ts';

export interface CheckDeliveryInput {
  portalId: PortalId;
  threadId: ThreadId;
  /** The reply that was posted. */
  messageId: MessageId;
  /** It was no reply, but notified the customer that agents will answer; absent: a reply. */
  notice?: boolean;
}

export interface CheckDeliveryResult {
  outcome: 'delivered' | 'handed-off' | 'skipped';
  /** The reason why HubSpot could not deliver it; or a {@link SkipReason}. */
  reason?: string;
}

/** One run for each reply, and each notice that agents will answer, but in live chat. */
export const checkDeliveryRun = {
  type: 'checkDelivery',
  title: 'Delivery',
  about: ({ portalId, threadId, messageId }: CheckDeliveryInput) => ({
    portalId,
    threadId,
    detail: `reply ${messageId}`,
  }),
  workflowId: ({ portalId, threadId, messageId }: CheckDeliveryInput) => `sent:${portalId}:${threadId}-${messageId}`,
  example: EXAMPLE_MESSAGE,
} as const satisfies RunType<CheckDeliveryInput>;
