import { executeChild, ParentClosePolicy, sleep } from '@temporalio/workflow';
import { durationWords } from '../rules/duration.ts';
import { type CheckDeliveryResult, type HandOffInput, handOffWorkflowId } from '../runs/contract.ts';
import { PORTAL_ID, THREAD_ID } from '../runs/search-attributes.ts';
import { activitiesOf, portalSettings } from './activity-options.ts';
import { handOff } from './hand-off.ts';
import { parseCheckDelivery } from './input.ts';
import { RunStory } from './run-story.ts';

/**
 * Looks some time after a reply whether HubSpot delivered it: its answer to the POST only says that it was taken. What
 * could not be delivered is handed to agents as every thread is, once, and needs attention.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function checkDelivery(input: unknown): Promise<CheckDeliveryResult> {
  const sent = parseCheckDelivery(input);
  const { portalId, threadId, messageId } = sent;
  const { deliveryCheckMs } = await portalSettings(portalId);
  const { hubspotReads } = activitiesOf(portalId, 'sync');
  const story = new RunStory<CheckDeliveryResult>(
    [`portal ${portalId}`, `thread ${threadId}`, `reply ${messageId}`],
    [
      { key: PORTAL_ID, value: portalId },
      { key: THREAD_ID, value: threadId },
    ],
  );

  story.wait(`HubSpot to deliver, ${durationWords(deliveryCheckMs)}`);
  await sleep(deliveryCheckMs, { summary: 'HubSpot delivers' });
  const reply = await hubspotReads.fetchMessage(`reply ${messageId}`, sent);
  if (reply === null) return story.end({ outcome: 'skipped', reason: 'message-not-found' });
  if (reply.undelivered === null) return story.end({ outcome: 'delivered' });

  const reason = `HubSpot could not deliver the reply: ${reply.undelivered}`;
  story.alarm('delivery-failed', reason);
  // They would be told on the way that has just failed.
  const asked = { ...sent, reason: `the customer did not get the AI's last reply. ${reason}`, tell: false } as const;
  const { ticketId } = await executeChild(handOff, {
    workflowId: handOffWorkflowId(sent),
    args: [{ ...asked, kind: 'undelivered' } satisfies HandOffInput],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `Handoff · portal ${portalId} · thread ${threadId} · undelivered ${messageId}`,
  });
  if (ticketId) story.onTicket(ticketId);
  return story.end({ outcome: 'handed-off', reason });
}
