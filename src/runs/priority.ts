import type { Priority } from '@temporalio/common';
import type { PortalId } from '../hubspot/ids.ts';

/**
 * Everything that waits in a busy task queue, the most urgent (1) first; 5 is Temporal's least. `post`: an answer that
 * is ready, and a live message's run itself. `reply`: what that answer needs, reads of HubSpot, the session, the AI.
 * `start`: starting the runs of a large delivery, and those of its portal's bulk; what is begun is finished first.
 * `catchUp`: messages that no webhook announced. `sync`: ticket properties, for which nobody waits.
 *
 * The next steps of a run wait in its worker's own (sticky) queue, which knows urgency and no fair shares (Temporal
 * 1.32, `StickyPartition.SupportsFairness`): so the runs of bulk must be less urgent than a live message, not only
 * of another portal.
 */
export const PRIORITY_KEY = { post: 1, reply: 2, start: 3, catchUp: 4, sync: 5 } as const;

/**
 * A task's place in a busy queue: its urgency, then a fair share for each portal, so that a loud one delays no other.
 */
export const portalPriority = (
  portalId: PortalId,
  priorityKey: (typeof PRIORITY_KEY)[keyof typeof PRIORITY_KEY],
): Priority => ({ priorityKey, fairnessKey: `portal-${portalId}` });
