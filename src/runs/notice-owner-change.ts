import type { ActorId, PortalId, ThreadId } from '../hubspot/ids.ts';
import type { RunType } from './run-type.ts';

export interface NoticeOwnerChangeInput {
  portalId: PortalId;
  threadId: ThreadId;
  /** `null`: nobody owns the thread any more. */
  assignedTo: ActorId | null;
  /** Milliseconds since the epoch, by HubSpot's clock. The newest wins. */
  occurredAt: number;
}

export interface NoticeOwnerChangeResult {
  outcome: 'noticed';
  /** The thread's owner now, and the run that was signalled. */
  reason: string;
}

/** One run for each new owner of a thread. */
export const noticeOwnerChangeRun = {
  type: 'noticeOwnerChange',
  title: 'Owner',
  about: ({ portalId, threadId, assignedTo }: NoticeOwnerChangeInput) => ({
    portalId,
    threadId,
    detail: assignedTo ?? 'nobody',
  }),
  workflowId: ({ portalId, threadId, assignedTo, occurredAt }: NoticeOwnerChangeInput, eventId: string) =>
    `owner:${portalId}:${threadId}-${eventId}:${assignedTo ?? 'nobody'}@${occurredAt}`,
  urgency: 'post',
  example: { portalId: '62515', threadId: '6065362089', assignedTo: 'A-12345', occurredAt: 1_700_000_000_000 },
} as const satisfies RunType<NoticeOwnerChangeInput, [eventId: string]>;
