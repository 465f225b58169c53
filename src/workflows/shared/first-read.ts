import { ApplicationFailure } from '@temporalio/common';
import { ActivityFailure, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import type { FirstRead } from '../../activities/first-reads.ts';
import type { ReplyToMessageInput } from '../../runs/reply-to-message.ts';
import { activitiesOf, portalSettings } from './activity-options.ts';

/** Runs that began before it take each of these steps by itself. */
export const FEWER_STEPS = 'fewer-steps';

/**
 * Reads the portal's settings and a message by one activity. Without a `message` in what it gives, HubSpot has failed,
 * and the run reads it again as it would have without this. `answers`: the run may answer it.
 * @throws {ApplicationFailure} `UnknownPortal`
 */
export const readFirst = async (
  asked: ReplyToMessageInput,
  summary: string,
  urgency: 'reply' | 'sync' = 'reply',
  answers = false,
): Promise<FirstRead> => {
  try {
    const { firstReads } = activitiesOf(asked.portalId, urgency);
    const first = await firstReads.readMessage(
      summary,
      answers ? { ...asked, workflowId: workflowInfo().workflowId } : asked,
    );
    if (first.retryInMs !== undefined && first.retryInMs > 0)
      await sleep(first.retryInMs, { summary: 'HubSpot is asked again' });
    return first;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    if (cause instanceof ApplicationFailure && cause.type === 'UnknownPortal') throw cause;
    return { settings: await portalSettings(asked.portalId) };
  }
};
