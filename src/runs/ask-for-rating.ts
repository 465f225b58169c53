import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import type { NotAskedReason } from '../rules/rating/may-ask.ts';
import type { Score } from '../rules/rating/rating-settings.ts';
import type { RunType } from './run-type.ts';

export interface AskForRatingInput {
  portalId: PortalId;
  threadId: ThreadId;
}

export interface AskForRatingResult {
  outcome: 'rated' | 'not-rated' | 'not-asked';
  /** `no-answer` where the customer has not rated; why they were not asked. */
  reason?: NotAskedReason | 'no-answer';
  /** Of `rated`. */
  score?: Score;
}

/** Input of the Update `rate`: a customer has followed the link of an email. */
export interface RateInput {
  /** The one of the link. */
  token: string;
  score: Score;
}

/** Input of the signal `rated`: a customer has answered on the thread. */
export interface RatedInput {
  score: Score;
}

/** One run for each time that a thread is closed, where the portal asks for ratings. */
export const askForRatingRun = {
  type: 'askForRating',
  title: 'Rating',
  about: ({ portalId, threadId }: AskForRatingInput) => ({ portalId, threadId }),
  workflowId: ({ portalId, threadId }: AskForRatingInput, eventId: string) => `csat:${portalId}:${threadId}-${eventId}`,
  urgency: 'sync',
  example: { portalId: '62515', threadId: '6065362089' },
} as const satisfies RunType<AskForRatingInput, [eventId: string]>;

/** The closing that a run asks about, by its workflow ID; `null`: it was started by hand, with another one. */
export const closingIn = (workflowId: string, input: AskForRatingInput): string | null => {
  const begin = askForRatingRun.workflowId(input, '');
  return workflowId.startsWith(begin) ? workflowId.slice(begin.length) : null;
};
