import { handoffBody } from '../../rules/replying/post-body.ts';
import type { ReplyToMessageResult } from '../../runs/reply-to-message.ts';
import { lookWhetherDelivered, readAgain, untilSent } from '../handoff/check-delivery.ts';
import { attentionCause, failureReason } from '../shared/activity-failures.ts';
import { EndRun, type ReplyRun } from './run.ts';
import { commentChanges } from './tool-calls.ts';

/**
 * Ends the run after a step threw: as that step said, or, when an activity has given up for good, as
 * `needs-attention` with an internal comment (design promise 8). Everything else is thrown on.
 */
export const endAfter = async (run: ReplyRun, error: unknown): Promise<ReplyToMessageResult> => {
  if (error instanceof EndRun) {
    if (error.result.outcome === 'skipped') await commentChanges(run);
    return run.sent ? await endAfterDelivery(run, error.result) : run.story.end(error.result);
  }
  const reason = failureReason(error);
  run.story.alarm(attentionCause(error), reason);
  if (run.level === 'shadow') return run.story.end({ outcome: 'needs-attention', reason });
  try {
    const words = handoffBody(`the AI could not answer: ${reason}`);
    const sought = run.fingerprint('needs-attention', words);
    const left = await run.calls.short.lastWords.post('comment that the AI could not go on', {
      ...run.thread,
      sought,
      words,
      to: null,
      seen: null,
    });
    if (!left.moved) run.story.posted('comment', left);
    return run.story.end({
      outcome: 'needs-attention',
      reason,
      ...(left.moved ? {} : { postedMessageId: left.messageId }),
    });
  } catch (lastError) {
    run.story.step(`no internal comment could be left: ${failureReason(lastError)}`);
    return run.story.end({ outcome: 'needs-attention', reason });
  }
};

/**
 * Ends the run of HubSpot's event about a message of ours, which began before the run that was to look whether the
 * message arrived: it looks in its place.
 */
const endAfterDelivery = async (run: ReplyRun, result: ReplyToMessageResult): Promise<ReplyToMessageResult> => {
  const { deliveryCheckMs } = run.settings;
  if (deliveryCheckMs === 0) return run.story.end(result);
  run.story.endsLater(result);
  await untilSent(run.story, deliveryCheckMs);
  // The run that has posted it knows better what it is.
  const sent = { ...run.thread, messageId: run.asked.messageId, notice: run.sent?.notice ?? false };
  const { outcome, reason } = await lookWhetherDelivered(run.story, sent, await readAgain(sent));
  if (outcome === 'delivered') run.story.step('HubSpot has delivered it');
  return run.story.end(outcome === 'handed-off' ? { outcome, ...(reason ? { reason } : {}) } : result);
};
