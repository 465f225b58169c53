import { patched } from '@temporalio/workflow';
import type { Message } from '../../hubspot/conversation.ts';
import { isDelay, returnedPost } from '../../rules/speaking/returned-post.ts';
import { runHandOff } from '../handoff/start.ts';
import { commentUndeliveredNotice } from '../handoff/undelivered-notice.ts';
import { EndRun, type ReplyRun } from './run.ts';

/** Runs that began before it leave every bounce to itself. */
const LOOKS_AT_BOUNCES = 'bounces-are-looked-at';

/**
 * Ends the run where a mail server has sent a message of the AI's back, which HubSpot took for delivered: agents are
 * informed, once for each message of the AI's. Whoever else a bounce is about, and a mail that is only late, is no
 * matter of ours.
 */
export const handOverIfReturned = async (run: ReplyRun, bounce: Message): Promise<void> => {
  if (isDelay(bounce) || !patched(LOOKS_AT_BOUNCES)) return;
  const conversation = await run.calls.untilDone(({ hubspotReads }) =>
    hubspotReads.fetchConversation('which message came back', { ...run.thread, withoutTexts: true }),
  );
  const returned = conversation && returnedPost(conversation.messages, bounce, run.settings.aiActorId);
  if (!returned) return;
  const { messageId, isNotice } = returned;
  const reason = `a mail server sent the ${isNotice ? 'notice' : 'reply'} ${messageId} back`;
  run.story.alarm('delivery-failed', reason);
  if (isNotice) {
    const sentAt = conversation.messages.find(({ id }) => id === messageId)?.createdAt ?? bounce.createdAt;
    const notice = { ...run.thread, messageId, sentAt, reason };
    const postedMessageId = await commentUndeliveredNotice(run.calls.short, notice, run.story);
    throw new EndRun({ outcome: 'handed-off', reason, ...(postedMessageId ? { postedMessageId } : {}) });
  }
  const handedOff = await runHandOff({
    ...run.thread,
    messageId,
    reason: `the customer did not get the AI's last reply: ${reason}`,
    // They would be notified on the way that has just failed.
    tell: false,
    kind: 'undelivered',
  });
  const { ticketId, postedMessageId } = handedOff ?? {};
  if (ticketId) run.story.onTicket(ticketId);
  throw new EndRun({ outcome: 'handed-off', reason, ...(postedMessageId ? { postedMessageId } : {}) });
};
