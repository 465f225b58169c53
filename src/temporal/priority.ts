import type { Priority } from '@temporalio/common';
import type { PortalId } from '../hubspot/ids.ts';

/** What a customer waits for comes before what keeps records in step. 1 is the most urgent, 5 the least. */
export const PRIORITY_KEY = { reply: 1, sync: 4 } as const;

/** A task's place in a busy queue: its urgency, then a fair share for each portal, so that a loud one delays no other. */
export const portalPriority = (
  portalId: PortalId,
  priorityKey: (typeof PRIORITY_KEY)[keyof typeof PRIORITY_KEY],
): Priority => ({ priorityKey, fairnessKey: `portal-${portalId}` });
