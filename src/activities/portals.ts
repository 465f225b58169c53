import { ApplicationFailure } from '@temporalio/common';
import type { PortalId } from '../hubspot/ids.ts';
import type { PortalSettings } from '../workflows/contract.ts';

/** Runs as a local activity: it only looks into what this process has read at its start. */
export interface PortalActivities {
  /** @throws {ApplicationFailure} `UnknownPortal`, not retryable */
  portalSettings(portalId: PortalId): Promise<PortalSettings>;
}

export const createPortalActivities = (portals: readonly { settings: PortalSettings }[]): PortalActivities => {
  const byId = new Map(portals.map(({ settings }) => [settings.portalId, settings]));
  return {
    async portalSettings(portalId) {
      const settings = byId.get(portalId);
      if (settings) return settings;
      throw ApplicationFailure.create({
        type: 'UnknownPortal',
        nonRetryable: true,
        message: `Portal ${portalId} is not configured here (HUBSPOT_PORTAL_ID or PORTALS_FILE). Known: ${[...byId.keys()].join(', ')}`,
      });
    },
  };
};
