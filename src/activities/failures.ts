import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { AiRefused, AiUnavailable, AiUnreadable } from '../ai/errors.ts';
import { ToolUnavailable } from '../ai/tools/tool.ts';
import {
  DeliveryUnknown,
  HubSpotNotFound,
  HubSpotRateLimited,
  HubSpotRefused,
  HubSpotUnauthorized,
  HubSpotUnavailable,
} from '../hubspot/errors.ts';

/** A revoked token is mended by a person, not by haste. */
const PERSON_MS = 60_000;
/** HubSpot's list may lag behind a POST that took effect; looking too soon would post twice. */
export const READ_LAG_MS = 3_000;

const failure = (
  error: Error,
  how: { retryable: boolean; nextRetryDelay?: number | undefined; benign?: boolean },
): ApplicationFailure =>
  ApplicationFailure.create({
    type: error.name,
    message: error.message,
    // Our own error is in the message already; what lies under it may help.
    ...(error.cause instanceof Error ? { cause: error.cause } : {}),
    nonRetryable: !how.retryable,
    ...(how.nextRetryDelay === undefined ? {} : { nextRetryDelay: how.nextRetryDelay }),
    ...(how.benign ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });

/**
 * Makes Temporal's failure of what an activity throws: its type is the error's name, retryable or not is decided here
 * and nowhere else, and a delay that HubSpot or the AI asked for becomes Temporal's own. Unknown errors are retried: a
 * bug that is mended while runs wait loses nobody's message.
 */
export const toFailure = (error: unknown): unknown => {
  if (error instanceof HubSpotRateLimited)
    return failure(error, { retryable: true, nextRetryDelay: error.retryAfterMs, benign: true });
  if (error instanceof HubSpotUnavailable)
    return failure(error, { retryable: true, nextRetryDelay: error.retryAfterMs });
  if (error instanceof HubSpotUnauthorized) return failure(error, { retryable: true, nextRetryDelay: PERSON_MS });
  if (error instanceof DeliveryUnknown) return failure(error, { retryable: true, nextRetryDelay: READ_LAG_MS });
  if (error instanceof HubSpotNotFound || error instanceof HubSpotRefused) return failure(error, { retryable: false });
  if (error instanceof AiUnavailable) return failure(error, { retryable: true, nextRetryDelay: error.retryAfterMs });
  if (error instanceof ToolUnavailable)
    return failure(error, { retryable: true, nextRetryDelay: error.retryAfterMs ?? undefined });
  if (error instanceof AiUnreadable) return failure(error, { retryable: true });
  if (error instanceof AiRefused) return failure(error, { retryable: false });
  return error;
};

/**
 * Gives every function of a family {@link toFailure}'s failures, or those of a stricter rule, in place of its errors.
 */
export const withFailures = <Family extends object>(family: Family, failureOf = toFailure): Family =>
  Object.fromEntries(
    Object.entries(family).map(([name, activity]) => [
      name,
      async (...input: unknown[]) => {
        try {
          return await activity(...input);
        } catch (error) {
          throw failureOf(error);
        }
      },
    ]),
  ) as Family;
