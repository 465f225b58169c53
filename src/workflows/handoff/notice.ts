import { workflowInfo } from '@temporalio/workflow';
import { leaveNotice } from '../shared/leave-notice.ts';
import type { HandOffRun } from './run.ts';

/** Notifies people outside that a customer waits, and of the limit that was reached, where that is why. */
export const noticeOfHandoff = (run: HandOffRun): void => {
  const { messageId, reason, cause, limit, kind, language, sentiment } = run.asked;
  const { threadId } = run.thread;
  const { parent, workflowId } = workflowInfo();
  const facts = {
    threadId,
    messageId,
    channel: run.channel,
    // The run that asked the AI says more than this one.
    run: parent?.workflowId ?? workflowId,
  };
  leaveNotice(run.settings, run.story, {
    ...facts,
    event: 'handoff',
    about: `${threadId}-${messageId}`,
    reason: limit ? `limit-${limit}` : kind === 'undelivered' ? kind : (cause ?? 'agent'),
    words: reason,
    waitingSince: Date.parse(run.askedAt),
    ...(language === undefined ? {} : { language }),
    ...(sentiment === undefined ? {} : { sentiment }),
  });
  if (!limit) return;
  const now = new Date(Date.now()).toISOString();
  leaveNotice(run.settings, run.story, {
    ...facts,
    event: 'budget',
    // The ceiling is the portal's for the day, the others are for an hour.
    about: limit === 'ceiling' ? `ceiling-${now.slice(0, 10)}` : `${limit}-${threadId}-${now.slice(0, 13)}`,
    reason: `limit-${limit}`,
    detail: reason,
  });
};
