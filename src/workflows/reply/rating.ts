import { getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import type { Message } from '../../hubspot/conversation.ts';
import { asksForRatings } from '../../rules/rating/may-ask.ts';
import { ratingIn } from '../../rules/rating/rating-in.ts';
import type { Score } from '../../rules/rating/rating-settings.ts';
import { type ReplyRun, skip } from './run.ts';

/**
 * Ends the run where its message is the customer's rating, and nothing else, and a run has asked for one. Where none
 * has, or it waits no more, the message is one like every other.
 */
export const endIfRating = async (run: ReplyRun, message: Message): Promise<void> => {
  if (!asksForRatings(run.settings)) return;
  const score = ratingIn(message);
  if (score === null) return;
  const at = Date.parse(message.createdAt);
  const asking = await run.calls.untilSessionsAnswer((sessions) =>
    sessions.openAsk('whether the customer was asked for a rating', { ...run.thread, at }),
  );
  if (asking === null || !(await signalled(asking, score))) return;
  run.story.step(`a rating, for ${asking}`);
  throw skip('rating');
};

/** False: the run has ended. */
const signalled = async (workflowId: string, score: Score): Promise<boolean> => {
  try {
    await getExternalWorkflowHandle(workflowId).signal('rated', { score });
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false;
  }
};
