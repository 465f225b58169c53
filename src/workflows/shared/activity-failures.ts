import { ApplicationFailure } from '@temporalio/common';
import { ActivityFailure, ChildWorkflowFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import type { AttentionCause } from '../../runs/outcomes.ts';

/**
 * Says why an activity or a child gave up, in one line: what was wrong the last time that it was tried. The server's
 * own reason, that the time is over, helps nobody.
 * @throws what isn't one: cancellation and bugs are not ours to end a run with
 */
export const failureReason = (error: unknown): string => {
  const isGivenUp = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure;
  if (isCancellation(error) || !isGivenUp) throw error;
  const { cause } = error;
  const reason = cause instanceof TimeoutFailure ? (cause.cause ?? cause) : cause;
  return reason?.message ?? error.message;
};

/** Says whether an activity gave up because trying again can't help, rather than for lack of time. */
export const isFinal = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && Boolean(error.cause.nonRetryable);

const AI_ACTIVITIES = new Set(['generateReply']);
const DATABASE_ACTIVITIES = new Set([
  'openSession',
  'standing',
  'noteMode',
  'silence',
  'giveBack',
  'rememberHandoff',
  'keepShadowDraft',
  'compareWithShadow',
  'openAsk',
]);

/** The type of what an activity failed with last. */
const lastTypeOf = (error: unknown): string | null => {
  if (!(error instanceof ActivityFailure)) return null;
  const { cause } = error;
  const last = cause instanceof TimeoutFailure ? cause.cause : cause;
  return last instanceof ApplicationFailure ? (last.type ?? null) : null;
};

/** Gives what a person has to look at after this activity gave up. */
export const attentionCause = (error: unknown): AttentionCause => {
  const activity = error instanceof ActivityFailure ? error.activityType : '';
  if (AI_ACTIVITIES.has(activity)) return 'ai-failed';
  if (DATABASE_ACTIVITIES.has(activity) || lastTypeOf(error) === 'StopUnknown') return 'database-failed';
  return activity === 'post' && isFinal(error) ? 'post-refused' : 'hubspot-failed';
};
