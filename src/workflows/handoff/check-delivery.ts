import { sleep } from '@temporalio/workflow';
import type { Message } from '../../hubspot/conversation.ts';
import { durationWords } from '../../rules/duration.ts';
import { type CheckDeliveryInput, type CheckDeliveryResult, checkDeliveryRun } from '../../runs/check-delivery.ts';
import { activitiesOf, portalSettings } from '../shared/activity-options.ts';
import { readFirst, stepsOfRun } from '../shared/first-read.ts';
import { parseCheckDelivery } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';
import { runHandOff } from './start.ts';
import { commentUndeliveredNotice } from './undelivered-notice.ts';

/**
 * Looks some time after a reply whether HubSpot delivered it: its answer to the POST only says that it was taken. What
 * could not be delivered is handed to agents as every thread is, once, and needs attention. A notice that agents will
 * answer is looked after in the same way; they have the thread by then, so a comment informs them.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function checkDelivery(input: unknown): Promise<CheckDeliveryResult> {
  const sent = parseCheckDelivery(input);
  const story = new RunStory<CheckDeliveryResult>(checkDeliveryRun.about(sent));
  const { afterMs } = sent;
  const steps = afterMs === undefined ? 'single' : stepsOfRun();
  if (afterMs === undefined || steps === 'single') {
    const settings = await portalSettings(sent.portalId);
    story.notifies(settings);
    await untilSent(story, settings.deliveryCheckMs);
    return story.end(await lookWhetherDelivered(story, sent, await readAgain(sent)));
  }
  await untilSent(story, afterMs);
  const { settings, message } = await readFirst(sent, `reply ${sent.messageId}`, { steps, urgency: 'sync' });
  story.notifies(settings);
  return story.end(await lookWhetherDelivered(story, sent, message === undefined ? await readAgain(sent) : message));
}

type Story = Pick<RunStory<never>, 'wait' | 'alarm' | 'onTicket' | 'posted'>;

/** Waits as long as HubSpot may take to find out that a message can't be delivered. */
export const untilSent = async (story: Story, ms: number): Promise<void> => {
  story.wait(`HubSpot to deliver, ${durationWords(ms)}`);
  await sleep(ms, { summary: 'HubSpot delivers' });
};

/** The message as it is now; `null`: HubSpot doesn't know it. */
export const readAgain = async (sent: CheckDeliveryInput): Promise<Message | null> => {
  const { portalId, threadId, messageId } = sent;
  const { hubspotReads } = activitiesOf(portalId, 'sync');
  return await hubspotReads.fetchMessage(`reply ${messageId}`, { portalId, threadId, messageId });
};

/** Does what has to be done where HubSpot could not deliver the message. @returns how the run ends */
export const lookWhetherDelivered = async (
  story: Story,
  { portalId, threadId, messageId, notice = false }: CheckDeliveryInput,
  reply: Message | null,
): Promise<CheckDeliveryResult> => {
  if (reply === null) return { outcome: 'skipped', reason: 'message-not-found' };
  if (reply.undelivered === null) return { outcome: 'delivered' };

  const reason = `HubSpot could not deliver the ${notice ? 'notice' : 'reply'}: ${reply.undelivered}`;
  story.alarm('delivery-failed', reason);
  if (notice) {
    const { lastWords } = activitiesOf(portalId, 'sync');
    const sentAt = reply.createdAt;
    await commentUndeliveredNotice({ lastWords }, { portalId, threadId, messageId, sentAt, reason }, story);
    return { outcome: 'handed-off', reason };
  }
  const handedOff = await runHandOff({
    ...{ portalId, threadId, messageId },
    reason: `the customer did not get the AI's last reply. ${reason}`,
    // They would be notified on the way that has just failed.
    tell: false,
    kind: 'undelivered',
  });
  if (handedOff?.ticketId) story.onTicket(handedOff.ticketId);
  return { outcome: 'handed-off', reason };
};
