import { log, metricMeter } from '@temporalio/workflow';
import { LIVE_CHAT_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Message } from '../../hubspot/conversation.ts';
import { causeOf } from '../../rules/turn-notes.ts';
import { lateDeliveryCheckRun } from '../../runs/check-delivery.ts';
import { watchInactivityRun } from '../../runs/watch-inactivity.ts';
import { failureReason } from '../shared/activity-failures.ts';
import { askSessions, type SessionCalls } from '../shared/activity-options.ts';
import { leaveBehind } from '../shared/leave-behind.ts';
import { watchDelivery } from '../shared/watch-delivery.ts';
import { type Placed, type ReplyRun, turnOf } from './run.ts';

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
  if (run.recorded === postedMessageId) return;
  try {
    const turn = { ...turnOf(run, { post, answer }, burst), postedMessageId };
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
export const watchReply = async (run: ReplyRun, { post: { outcome, to }, messageId }: Placed): Promise<void> => {
  const { deliveryCheckMs: afterMs } = run.settings;
  if (outcome !== 'replied' || to?.channelId === LIVE_CHAT_CHANNEL_ID || afterMs === 0) return;
  // It has been checked where an earlier run of this message posted the reply.
  if (run.takesFewerSteps) await watchDelivery({ ...run.thread, messageId, afterMs });
  else await leaveBehind(lateDeliveryCheckRun, { ...run.thread, messageId });
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
