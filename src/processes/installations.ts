import type { Logger } from 'pino';
import type { Config, OAuthConfig } from '../config.ts';
import { createOAuthClient, type OAuthClient } from '../hubspot/oauth.ts';
import { createInstalledPortals, type InstalledPortals } from '../installations/installations.ts';
import { CALLBACK_PATH, INSTALL_PATH } from '../installations/paths.ts';
import { createSeal, type Seal } from '../installations/seal.ts';
import { createInstallationStore, type InstallationStore } from '../installations/store.ts';
import { createTokens, type TokenDependencies } from '../installations/tokens.ts';
import { repeatEvery } from '../lib/repeat.ts';
import type { PortalSettings } from '../rules/settings.ts';
import type { OpenDatabase } from '../sessions/open-session-store.ts';

/**
 * Bounds a call of HubSpot's token endpoint, in ms. Other processes wait for it at the database, which gives them 10 s.
 */
const TOKEN_TIMEOUT_MS = 5_000;
/** A worker looks for new portals at this interval, in ms. */
const WATCH_MS = 5_000;

/** All that a process needs of the portals that installed the app. */
export interface Installations extends InstalledPortals {
  oauth: OAuthConfig;
  seal: Seal;
  store: InstallationStore;
  client: OAuthClient;
  /** Where people connect a portal. */
  installUrl: string;
}

/**
 * `reporting`: gets what happens to the portals' tokens. @returns `null` where the app is none that portals install.
 */
export const openInstallations = (
  config: Pick<Config, 'oauth' | 'hubspotApiUrl' | 'hubspotApiVersion' | 'portals'>,
  { db }: Pick<OpenDatabase, 'db'>,
  reporting: Pick<TokenDependencies, 'logger' | 'onRefresh' | 'impatient'> = {},
): Installations | null => {
  const { oauth } = config;
  if (oauth === null) return null;
  const seal = createSeal(oauth.tokenKeys);
  const store = createInstallationStore(db, seal);
  const client = createOAuthClient({
    apiUrl: config.hubspotApiUrl,
    apiVersion: config.hubspotApiVersion,
    app: oauth.app,
    timeoutMs: TOKEN_TIMEOUT_MS,
  });
  const installUrl = oauth.app.redirectUrl.replace(CALLBACK_PATH, INSTALL_PATH);
  const tokensOf = createTokens({ store, oauth: client, installUrl, ...reporting });
  const configured = config.portals.map(({ settings }) => settings.portalId);
  const portals = createInstalledPortals(store, tokensOf, oauth.portalDefaults, configured);
  return { ...portals, oauth, seal, store, client, installUrl };
};

/**
 * Calls back with all installed portals whenever they are others than before, until `signal` ends it. Faults are
 * logged.
 */
export const watchPortals = async (
  installed: Pick<InstalledPortals, 'settings'>,
  before: readonly PortalSettings[],
  changed: (portals: readonly PortalSettings[]) => Promise<void>,
  { signal, logger }: { signal: AbortSignal; logger: Pick<Logger, 'warn'> },
): Promise<void> => {
  let known = JSON.stringify(before);
  const look = async (): Promise<void> => {
    try {
      const portals = await installed.settings();
      if (JSON.stringify(portals) === known) return;
      await changed(portals);
      known = JSON.stringify(portals);
    } catch (error) {
      logger.warn({ err: error }, 'The installed portals could not be looked up: trying on');
    }
  };
  await repeatEvery(WATCH_MS, look, signal);
};
