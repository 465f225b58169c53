import type { Logger } from 'pino';
import type { AccessTokens } from '../hubspot/access-tokens.ts';
import { HubSpotUnauthorized, HubSpotUnavailable, TokenEndpointFailed } from '../hubspot/errors.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { GrantRefused, type OAuthClient } from '../hubspot/oauth.ts';
import type { InstallationStore, Renewal, Tokens } from './store.ts';

/** A token is replaced so long before it ends, in ms: no call that goes out meets its end. */
const AHEAD_MS = 5 * 60_000;
/** While HubSpot gives no new token, the old one serves until shortly before its end, in ms: a call takes its time. */
const LAST_MOMENT_MS = 30_000;
/**
 * A refused token is replaced before its time, but so often at most, in ms: HubSpot may refuse the next one as well.
 */
const DOUBT_MS = 60_000;
/**
 * A refresh token that HubSpot refused is presented again so often at most, in ms, by all processes together: HubSpot
 * may have been wrong.
 */
const REFUSED_AGAIN_MS = 10 * 60_000;
/**
 * After a second failure in a row the token endpoint is left alone for so long, in ms, twice as long after each further
 * one.
 */
const PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** A try to renew a portal's tokens came to one of these. */
export type Refresh = 'renewed' | 'refused' | 'failed' | 'away';

export interface TokenDependencies {
  store: Pick<InstallationStore, 'tokens' | 'renewing'>;
  oauth: Pick<OAuthClient, 'refresh'>;
  /** Where a portal is connected again, for people. */
  installUrl: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** Called for each try that fails: an error where a person has to act, or no token serves any more. */
  logger?: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Called for every try. */
  onRefresh?: (portalId: PortalId, result: Refresh) => void;
  /** Presents a refresh token that HubSpot refused at once again, rather than ten minutes later. */
  impatient?: boolean;
}

interface Failure {
  error: HubSpotUnavailable;
  /** In a row. */
  count: number;
  /** No try before, in ms since the epoch. */
  until: number;
}

const pauseMs = (count: number): number => (count < 2 ? 0 : Math.min(PAUSE_MS * 2 ** (count - 2), LONGEST_PAUSE_MS));

/**
 * The access tokens of portals that installed the app. Each is kept in memory until shortly before its end; then one
 * process of all, and one call of each process, asks HubSpot for the next and stores it, while the others wait for what
 * it gets.
 *
 * Only HubSpot's own word that it takes the refresh token no more ends a portal's connection, and that is tried again
 * now and then. Whatever else goes wrong is tried again soon, the old token serving to its end.
 */
export const createTokens = ({
  store,
  oauth,
  installUrl,
  now = Date.now,
  logger,
  onRefresh = () => undefined,
  impatient = false,
}: TokenDependencies) => {
  const held = new Map<PortalId, Tokens>();
  const asking = new Map<PortalId, Promise<Tokens>>();
  /** The token that HubSpot refused last, and when. */
  const doubted = new Map<PortalId, { token: string; at: number }>();
  /** The last try of this process ended with this. */
  const failures = new Map<PortalId, Failure>();

  const isFresh = ({ expiresAt }: Tokens): boolean => expiresAt - now() > AHEAD_MS;
  const isGood = (portalId: PortalId, tokens: Tokens): boolean =>
    isFresh(tokens) && tokens.accessToken !== doubted.get(portalId)?.token;
  const serves = ({ expiresAt, reconnect }: Tokens): boolean =>
    reconnect === null && expiresAt - now() > LAST_MOMENT_MS;
  /** Says whether nothing is to be asked of HubSpot now. */
  const suffices = (portalId: PortalId, tokens: Tokens): boolean => {
    if (tokens.reconnect === null) return isGood(portalId, tokens);
    return !impatient && tokens.refusedAt !== null && now() - tokens.refusedAt < REFUSED_AGAIN_MS;
  };

  const noteFailure = (portalId: PortalId, tokens: Tokens, error: HubSpotUnavailable): void => {
    const count = (failures.get(portalId)?.count ?? 0) + 1;
    failures.set(portalId, { error, count, until: now() + pauseMs(count) });
    const needsPerson = error instanceof TokenEndpointFailed;
    onRefresh(portalId, needsPerson ? 'failed' : 'away');
    const servesUntil = serves(tokens) ? new Date(tokens.expiresAt).toISOString() : null;
    const level = needsPerson || servesUntil === null ? 'error' : 'warn';
    logger?.[level]({ portalId, err: error, servesUntil }, "A portal's access token can't be renewed: trying again");
  };

  const noteRefusal = (portalId: PortalId, tokens: Tokens, error: GrantRefused): void => {
    failures.delete(portalId);
    onRefresh(portalId, 'refused');
    if (tokens.reconnect !== null) return;
    logger?.error({ portalId, err: error, installUrl }, 'HubSpot refuses the refresh token: connect the portal again');
  };

  const noteRenewal = (portalId: PortalId, tokens: Tokens): void => {
    const wasBroken = failures.delete(portalId) || tokens.reconnect !== null;
    onRefresh(portalId, 'renewed');
    if (wasBroken) logger?.info({ portalId }, "A portal's access token could be renewed again");
  };

  const renew = async (portalId: PortalId, tokens: Tokens): Promise<Renewal> => {
    // Another process was first.
    if (suffices(portalId, tokens)) return 'as-they-are';
    try {
      const grant = await oauth.refresh(tokens.refreshToken);
      noteRenewal(portalId, tokens);
      return { grant, at: now() };
    } catch (error) {
      if (error instanceof GrantRefused) {
        noteRefusal(portalId, tokens, error);
        return { reconnect: error.message, at: now() };
      }
      if (!(error instanceof HubSpotUnavailable)) throw error;
      noteFailure(portalId, tokens, error);
      // That HubSpot is away passes by itself: nobody has to be asked to do something.
      return error instanceof TokenEndpointFailed && tokens.reconnect === null
        ? { trouble: error.message }
        : 'as-they-are';
    }
  };

  /** As they are, where the token endpoint is to be left alone for a while. */
  const latest = async (portalId: PortalId): Promise<Tokens | null> => {
    const stored = await store.tokens(portalId);
    if (stored !== null && suffices(portalId, stored)) {
      if (stored.reconnect === null) failures.delete(portalId);
      return stored;
    }
    if (now() < (failures.get(portalId)?.until ?? 0)) return stored;
    return await store.renewing(portalId, (locked) => renew(portalId, locked));
  };

  const read = async (portalId: PortalId): Promise<Tokens> => {
    const tokens = await latest(portalId);
    if (tokens === null) {
      throw new HubSpotUnauthorized(`Portal ${portalId} is not connected any more: connect it at ${installUrl}`, 401);
    }
    if (tokens.reconnect !== null) {
      throw new HubSpotUnauthorized(
        `Portal ${portalId} has to be connected again at ${installUrl} (${tokens.reconnect})`,
        401,
      );
    }
    if (!serves(tokens)) {
      const error = failures.get(portalId)?.error;
      throw error ?? new HubSpotUnavailable(`Portal ${portalId} has no access token that serves: trying for a new one`);
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
