import { ApplicationFailure } from '@temporalio/common';
import type { PortalId } from '../hubspot/ids.ts';
import type { PortalSettings } from '../rules/settings.ts';

/**
 * Runs as a local activity: it looks into what this process has read at its start, or of installations a moment ago.
 */
export interface PortalActivities {
  /** @throws {ApplicationFailure} `UnknownPortal`, not retryable */
  portalSettings(portalId: PortalId): Promise<PortalSettings>;
}

/**
 * `portals` are configured; `installed` gives the settings of one that installed the app. `links`: the same for all of
 * them.
 */
export const createPortalActivities = (
  portals: readonly { settings: PortalSettings }[],
  installed: (portalId: PortalId) => Promise<PortalSettings | undefined> = async () => undefined,
  links: NonNullable<PortalSettings['links']> = {},
): PortalActivities => {
  const byId = new Map(portals.map(({ settings }) => [settings.portalId, settings]));
  return {
    async portalSettings(portalId) {
      const settings = byId.get(portalId) ?? (await installed(portalId));
      if (settings) return Object.keys(links).length === 0 ? settings : { ...settings, links };
      throw ApplicationFailure.create({
        type: 'UnknownPortal',
        nonRetryable: true,
        message:
          `Portal ${portalId} is not configured here (HUBSPOT_PORTAL_ID or PORTALS_FILE) and has not installed ` +
          `the app. Known: ${[...byId.keys()].join(', ')}`,
      });
    },
  };
};
