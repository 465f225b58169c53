import { workflowInfo } from '@temporalio/workflow';
import type { FirstRead } from '../../activities/first-reads.ts';
import type { ReplyToMessageInput } from '../../runs/reply-to-message.ts';
import { activitiesOf } from './activity-options.ts';
import { severalSteps } from './several-steps.ts';

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
  const { portalId } = asked;
  const { firstReads } = activitiesOf(portalId, urgency);
  const input = answers ? { ...asked, workflowId: workflowInfo().workflowId } : asked;
  return await severalSteps(portalId, () => firstReads.readMessage(summary, input));
};
