import { sleep } from '@temporalio/workflow';
import { durationWords } from '../../rules/duration.ts';
import { type CheckDeliveryResult, checkDeliveryRun } from '../../runs/check-delivery.ts';
import { activitiesOf, portalSettings } from '../shared/activity-options.ts';
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
  const { portalId, threadId, messageId, notice = false } = sent;
  const settings = await portalSettings(portalId);
  const { deliveryCheckMs } = settings;
  const { hubspotReads, lastWords } = activitiesOf(portalId, 'sync');
  const story = new RunStory<CheckDeliveryResult>(checkDeliveryRun.about(sent), settings);

  story.wait(`HubSpot to deliver, ${durationWords(deliveryCheckMs)}`);
  await sleep(deliveryCheckMs, { summary: 'HubSpot delivers' });
  const reply = await hubspotReads.fetchMessage(`reply ${messageId}`, { portalId, threadId, messageId });
  if (reply === null) return story.end({ outcome: 'skipped', reason: 'message-not-found' });
  if (reply.undelivered === null) return story.end({ outcome: 'delivered' });

  const reason = `HubSpot could not deliver the ${notice ? 'notice' : 'reply'}: ${reply.undelivered}`;
  story.alarm('delivery-failed', reason);
  if (notice) {
    const sentAt = reply.createdAt;
    await commentUndeliveredNotice({ lastWords }, { portalId, threadId, messageId, sentAt, reason });
    return story.end({ outcome: 'handed-off', reason });
  }
  // They would be notified on the way that has just failed.
  const asked = { ...sent, reason: `the customer did not get the AI's last reply. ${reason}`, tell: false } as const;
  const handedOff = await runHandOff({ ...asked, kind: 'undelivered' });
  if (handedOff?.ticketId) story.onTicket(handedOff.ticketId);
  return story.end({ outcome: 'handed-off', reason });
}
