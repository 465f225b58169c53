import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import type { RunType } from './run-type.ts';

export interface ForgetThreadInput {
  portalId: PortalId;
  threadId: ThreadId;
}

/** One run for each thread that HubSpot deletes for good. */
export const forgetThreadRun = {
  type: 'forgetThread',
  title: 'Forget',
  about: ({ portalId, threadId }: ForgetThreadInput) => ({ portalId, threadId }),
  workflowId: ({ portalId, threadId }: ForgetThreadInput, eventId: string) =>
    `forget-thread:${portalId}:${threadId}-${eventId}`,
  urgency: 'sync',
  example: { portalId: '62515', threadId: '6065362089' },
} as const satisfies RunType<ForgetThreadInput, [eventId: string]>;
