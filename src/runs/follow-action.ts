import type { ContactId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { RunType } from './run-type.ts';

/** What a workflow of the portal's own may want of the AI. */
export const ACTIONS = ['pause', 'resume', 'send', 'handoff'] as const;
export type Action = (typeof ACTIONS)[number];

/** The record that HubSpot's workflow was at. */
export type ActionRecord =
  | { kind: 'ticket'; id: TicketId }
  | { kind: 'contact'; id: ContactId }
  | { kind: 'conversation'; id: ThreadId };

export interface FollowActionInput {
  portalId: PortalId;
  action: Action;
  record: ActionRecord;
  /** HubSpot's id of this one execution. */
  callbackId: MessageId;
  /** How long to pause; why to hand off. */
  text?: string;
  /** Who asks, such as `HubSpot workflow 192`. */
  by: string;
}

export interface FollowActionResult {
  /** `no-thread`: the record has no conversation. `no-message`: no customer has written there. */
  outcome: 'followed' | 'no-thread' | 'no-message';
  /** What was done on which threads. */
  reason?: string;
}

/** One run for each execution of an action in a workflow of the portal's own. */
export const followActionRun = {
  type: 'followAction',
  title: 'Action',
  about: ({ portalId, action, record }: FollowActionInput) => ({
    portalId,
    ...(record.kind === 'conversation' ? { threadId: record.id } : {}),
    ...(record.kind === 'ticket' ? { ticketId: record.id } : {}),
    detail: record.kind === 'contact' ? `contact ${record.id} · ${action}` : action,
  }),
  workflowId: ({ portalId, callbackId }: FollowActionInput) => `action:${portalId}:${callbackId}`,
  // A workflow may reach a thousand records at once: what is begun for live messages comes first.
  urgency: 'start',
  example: {
    portalId: '62515',
    action: 'pause',
    record: { kind: 'ticket', id: '5001' },
    callbackId: 'ap-62515-1-7-0',
    text: '2h',
    by: 'HubSpot workflow 192',
  },
} as const satisfies RunType<FollowActionInput>;
