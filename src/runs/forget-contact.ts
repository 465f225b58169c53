import type { ContactId, PortalId } from '../hubspot/ids.ts';
import type { RunType } from './run-type.ts';

export interface ForgetContactInput {
  portalId: PortalId;
  contactId: ContactId;
}

/** One run for each contact that HubSpot deletes for good. */
export const forgetContactRun = {
  type: 'forgetContact',
  title: 'Forget',
  about: ({ portalId, contactId }: ForgetContactInput) => ({ portalId, detail: `contact ${contactId}` }),
  workflowId: ({ portalId, contactId }: ForgetContactInput, eventId: string) =>
    `forget-contact:${portalId}:${contactId}-${eventId}`,
  urgency: 'sync',
  example: { portalId: '62515', contactId: '101' },
} as const satisfies RunType<ForgetContactInput, [eventId: string]>;
