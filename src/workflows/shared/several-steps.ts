import { ApplicationFailure } from '@temporalio/common';
import { ActivityFailure, isCancellation, sleep } from '@temporalio/workflow';
import type { PortalId } from '../../hubspot/ids.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import { portalSettings } from './activity-options.ts';

/**
 * To be asked of a failed activity's cause, before the run reads in another way: no way knows such a portal.
 * @throws {ApplicationFailure} `UnknownPortal`, where the cause is that
 */
export const throwUnknownPortal = (cause: unknown): void => {
  if (cause instanceof ApplicationFailure && cause.type === 'UnknownPortal') throw cause;
};

/**
 * Gives what one activity has read and done of several steps, and waits first for as long as HubSpot wants it. Where
 * the activity fails, it gives the portal's settings alone: the run then takes each step by itself.
 * @throws {ApplicationFailure} `UnknownPortal`
 */
export const severalSteps = async <Done extends { settings: PortalSettings; retryInMs?: number }>(
  portalId: PortalId,
  activity: () => Promise<Done>,
): Promise<Done | { settings: PortalSettings }> => {
  try {
    const done = await activity();
    if (done.retryInMs !== undefined && done.retryInMs > 0)
      await sleep(done.retryInMs, { summary: 'HubSpot is asked again' });
    return done;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    throwUnknownPortal(error.cause);
    return { settings: await portalSettings(portalId) };
  }
};
