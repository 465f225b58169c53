import type { AccessTokens } from '../hubspot/access-tokens.ts';
import { HubSpotUnauthorized, HubSpotUnavailable } from '../hubspot/errors.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { GrantRefused, type OAuthClient } from '../hubspot/oauth.ts';
import type { InstallationStore, Renewal, Tokens } from './store.ts';

/** A token is replaced so long before it ends, in ms: no call that goes out meets its end. */
const AHEAD_MS = 5 * 60_000;
/** While HubSpot gives no new token, the old one serves until shortly before its end, in ms: a call takes its time. */
const LAST_MOMENT_MS = 30_000;
/** A refused token is replaced before its time, but so often at most, in ms: HubSpot may refuse the next one as well. */
const DOUBT_MS = 60_000;

export interface TokenDependencies {
  store: Pick<InstallationStore, 'tokens' | 'renewing'>;
  oauth: Pick<OAuthClient, 'refresh'>;
  /** Where a portal is connected again, for people. */
  installUrl: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/**
 * The access tokens of portals that installed the app. Each is kept in memory until shortly before its end; then one process
 * of all, and one call of each process, asks HubSpot for the next and stores it, while the others wait for what it gets.
 */
export const createTokens = ({ store, oauth, installUrl, now = Date.now }: TokenDependencies) => {
  const held = new Map<PortalId, Tokens>();
  const asking = new Map<PortalId, Promise<Tokens>>();
  /** The token that HubSpot refused last, and when. */
  const doubted = new Map<PortalId, { token: string; at: number }>();

  const isFresh = ({ expiresAt }: Tokens): boolean => expiresAt - now() > AHEAD_MS;
  const isGood = (portalId: PortalId, tokens: Tokens): boolean =>
    isFresh(tokens) && tokens.accessToken !== doubted.get(portalId)?.token;

  const renew = async (portalId: PortalId, tokens: Tokens): Promise<Renewal> => {
    // Another process was first.
    if (tokens.reconnect !== null || isGood(portalId, tokens)) return 'as-they-are';
    try {
      const grant = await oauth.refresh(tokens.refreshToken);
      return { grant, at: now() };
    } catch (error) {
      if (error instanceof GrantRefused) return { reconnect: error.message };
      if (tokens.expiresAt - now() > LAST_MOMENT_MS) return 'as-they-are';
      throw error;
    }
  };

  const read = async (portalId: PortalId): Promise<Tokens> => {
    const stored = await store.tokens(portalId);
    const serves = stored !== null && (stored.reconnect !== null || isGood(portalId, stored));
    const tokens = serves ? stored : await store.renewing(portalId, (locked) => renew(portalId, locked));
    if (tokens === null) {
      throw new HubSpotUnauthorized(`Portal ${portalId} is not connected any more: connect it at ${installUrl}`, 401);
    }
    if (tokens.reconnect !== null) {
      throw new HubSpotUnauthorized(
        `Portal ${portalId} has to be connected again at ${installUrl} (${tokens.reconnect})`,
        401,
      );
    }
    held.set(portalId, tokens);
    return tokens;
  };

  const shared = (portalId: PortalId): Promise<Tokens> => {
    const running = asking.get(portalId) ?? read(portalId).finally(() => asking.delete(portalId));
    asking.set(portalId, running);
    return running;
  };

  return (portalId: PortalId): AccessTokens => ({
    async current() {
      const known = held.get(portalId);
      if (known && isFresh(known)) return known.accessToken;
      try {
        return (await shared(portalId)).accessToken;
      } catch (error) {
        if (error instanceof HubSpotUnauthorized || error instanceof HubSpotUnavailable) throw error;
        throw new HubSpotUnavailable(`The access token of portal ${portalId} can't be read from the session database`, {
          cause: error,
        });
      }
    },
    refused(token) {
      held.delete(portalId);
      const before = doubted.get(portalId);
      if (!before || now() - before.at > DOUBT_MS) doubted.set(portalId, { token, at: now() });
    },
  });
};
