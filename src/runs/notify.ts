import type { Notification } from '../rules/notify/notification.ts';
import type { RunType } from './run-type.ts';

export type NotifyInput = Notification;

export interface NotifyResult {
  /** `refused`: who was notified wants none of it, now or ever. `gave-up`: they took nothing for a day. */
  outcome: 'notified' | 'refused' | 'gave-up' | 'skipped';
  reason?: string;
}

/** Temporal takes workflow IDs of up to 1,000 characters. */
const LONGEST_ABOUT = 500;

/** One run for each thing that people outside are notified of. */
export const notifyRun = {
  type: 'notify',
  title: 'Notification',
  about: ({ portalId, threadId, ticketId, event }: NotifyInput) => ({
    portalId,
    ...(threadId === undefined ? {} : { threadId }),
    ...(ticketId === undefined ? {} : { ticketId }),
    detail: event,
  }),
  workflowId: ({ portalId, event, about }: Pick<NotifyInput, 'portalId' | 'event' | 'about'>) =>
    `notify:${portalId}:${event}:${about.slice(0, LONGEST_ABOUT)}`,
  urgency: 'sync',
  example: {
    portalId: '62515',
    event: 'handoff',
    about: '6065362089-9b38dc6d5b5744a788931a9cf3a7b225',
    at: 1_700_000_000_000,
    threadId: '6065362089',
    reason: 'no-answer',
  },
} as const satisfies RunType<NotifyInput>;
