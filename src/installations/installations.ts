import type { AccessTokens } from '../hubspot/access-tokens.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { cached } from '../lib/cached.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { PortalSettings } from '../rules/settings.ts';
import type { Installation, InstallationStore } from './store.ts';

/** A list of the installed portals serves this long, in ms. Every process knows a new one after that. */
const LIST_MS = 2_000;
/** HubSpot waits five seconds for a webhook's answer: the list may take so much of them, in ms. */
const DEADLINE_MS = 1_500;

/** The portals that installed the app, as of the last two seconds. */
export interface InstalledPortals {
  /**
   * Every portal's settings. While the database is away, as they were. @throws before they were ever read: the driver's
   * error, or {@link DeadlinePassed}
   */
  settings(): Promise<readonly PortalSettings[]>;
  /**
   * What {@link settings} gives of one portal; of one that is not among them, what the database has now, for another
   * process may have connected it a moment ago. @throws the driver's error, or {@link DeadlinePassed}
   */
  settingsOf(portalId: PortalId): Promise<PortalSettings | undefined>;
  /** Gives what {@link settings} gave last, of one portal. */
  known(portalId: PortalId): PortalSettings | undefined;
  list(): Promise<readonly Installation[]>;
  /** @see {@link createTokens} */
  tokensOf(portalId: PortalId): AccessTokens;
}

/**
 * `defaults`: the settings of every installed portal; `except`: portals that are configured by hand, which come first.
 */
export const createInstalledPortals = (
  store: Pick<InstallationStore, 'list'>,
  tokensOf: (portalId: PortalId) => AccessTokens,
  defaults: Omit<PortalSettings, 'portalId' | 'aiActorId'>,
  except: readonly PortalId[],
): InstalledPortals => {
  const list = cached(() => store.list(), LIST_MS);
  let latest: readonly PortalSettings[] | null = null;
  const keep = (installed: readonly Installation[]): readonly PortalSettings[] => {
    latest = installed
      .filter(({ portalId }) => !except.includes(portalId))
      .map(({ portalId, aiActorId }) => ({ ...defaults, portalId, aiActorId }));
    return latest;
  };
  const settings = async (): Promise<readonly PortalSettings[]> => {
    try {
      return keep(await withDeadline(list(), DEADLINE_MS));
    } catch (error) {
      if (latest === null) throw error;
      return latest;
    }
  };
  return {
    settings,
    async settingsOf(portalId) {
      const of = (portals: readonly PortalSettings[]) => portals.find((one) => one.portalId === portalId);
      return of(await settings()) ?? of(keep(await withDeadline(store.list(), DEADLINE_MS)));
    },
    known: (portalId) => latest?.find((settings) => settings.portalId === portalId),
    list,
    tokensOf,
  };
};
