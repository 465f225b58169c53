import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { log, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { LIVE_CHAT_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Message } from '../../hubspot/conversation.ts';
import { deliveryCheckWorkflowId } from '../../runs/contract.ts';
import { askSessions, type SessionCalls } from '../activity-options.ts';
import { checkDelivery } from '../check-delivery.ts';
import { givenUp } from '../giving-up.ts';
import type { Placed, ReplyRun } from './run.ts';

/** The customer has their answer by now: that nobody could write it down doesn't take it back. */
export const recordTurn = async (
  run: ReplyRun,
  { post: { outcome }, messageId: postedMessageId }: Placed,
  burst: Message[],
): Promise<void> => {
  const answeredMessageIds = burst.map(({ id }) => id);
  try {
    const turn = { ...run.thread, answeredMessageIds, outcome, postedMessageId, workflowId: run.workflowId };
    const record = (sessions: SessionCalls) => sessions.recordTurn(outcome, turn);
    await askSessions(record, () => record(run.insist.patient.sessionCalls));
  } catch (error) {
    const reason = givenUp(error);
    log.error('A turn could not be recorded', { ...run.asked, reason });
    run.story.step(`the session store could not record it: ${reason}`);
  }
};

/**
 * Leaves a run behind that asks HubSpot some time later whether the reply arrived. Not on live chat, where the customer's
 * own browser fetches it.
 */
export const watchDelivery = async (run: ReplyRun, { post: { outcome, to }, messageId }: Placed): Promise<void> => {
  if (outcome !== 'replied' || to?.channelId === LIVE_CHAT_CHANNEL_ID || run.settings.deliveryCheckMs === 0) return;
  const { portalId, threadId } = run.thread;
  const sent = { portalId, threadId, messageId };
  try {
    await startChild(checkDelivery, {
      workflowId: deliveryCheckWorkflowId(sent),
      args: [sent],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: `Delivery · portal ${portalId} · thread ${threadId} · reply ${messageId}`,
    });
  } catch (error) {
    // It has been checked: an earlier run of this message has posted it.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
};
