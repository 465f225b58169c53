import { log, metricMeter } from '@temporalio/workflow';
import { LIVE_CHAT_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Message } from '../../hubspot/conversation.ts';
import { causeOf, turnNotes } from '../../rules/turn-notes.ts';
import { checkDeliveryRun } from '../../runs/check-delivery.ts';
import { watchInactivityRun } from '../../runs/watch-inactivity.ts';
import { failureReason } from '../shared/activity-failures.ts';
import { askSessions, type SessionCalls } from '../shared/activity-options.ts';
import { leaveBehind } from '../shared/leave-behind.ts';
import type { Placed, ReplyRun } from './run.ts';

const handoffs = () =>
  metricMeter.createCounter('threadkeeper_handoffs_total', 'handoff', "The AI's handoffs to agents, by cause");

/** The customer has their answer by now: that nobody could write it down doesn't take it back. */
export const recordTurn = async (
  run: ReplyRun,
  { post, answer, messageId: postedMessageId }: Placed,
  burst: Message[],
): Promise<void> => {
  const { outcome } = post;
  if (outcome === 'handed-off') handoffs().add(1, { portal: run.asked.portalId, cause: causeOf(answer, post) });
  const answeredMessageIds = burst.map(({ id }) => id);
  try {
    const notes = turnNotes(answer, post, burst);
    const turn = { ...run.thread, answeredMessageIds, outcome, postedMessageId, workflowId: run.workflowId, notes };
    const record = (sessions: SessionCalls) => sessions.recordTurn(outcome, turn);
    await askSessions(record, () => record(run.calls.long.sessionCalls));
  } catch (error) {
    const reason = failureReason(error);
    log.error('A turn could not be recorded', { ...run.asked, reason });
    run.story.step(`the session store could not record it: ${reason}`);
  }
};

/**
 * Leaves a run behind that asks HubSpot some time later whether the reply arrived. Not on live chat, where the
 * customer's own browser fetches it.
 */
export const watchDelivery = async (run: ReplyRun, { post: { outcome, to }, messageId }: Placed): Promise<void> => {
  if (outcome !== 'replied' || to?.channelId === LIVE_CHAT_CHANNEL_ID || run.settings.deliveryCheckMs === 0) return;
  // It has been checked where an earlier run of this message posted the reply.
  await leaveBehind(checkDeliveryRun, { ...run.thread, messageId });
};

/** Leaves a run behind that looks later whether the customer has replied, where the portal wants that. */
export const watchInactivity = async (run: ReplyRun, { post, answer, messageId: replyId }: Placed): Promise<void> => {
  if (run.settings.inactivity === undefined || post.outcome !== 'replied' || run.level !== 'auto') return;
  const { language } = answer;
  const { messageId } = run.asked;
  await leaveBehind(watchInactivityRun, {
    ...run.thread,
    messageId,
    replyId,
    ...(language === undefined ? {} : { language }),
  });
};
