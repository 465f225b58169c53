import { createHubSpotClient } from '../hubspot/client.ts';
import { HubSpotNotFound } from '../hubspot/errors.ts';
import type { ActorId, PortalId } from '../hubspot/ids.ts';
import type { OAuthClient } from '../hubspot/oauth.ts';
import { type AllowedPortals, changesOf, decide } from './admission.ts';
import { ChangeNotConfirmable, NoSuchAiUser, PortalNotAllowed } from './errors.ts';
import type { InstallationStore, Standing } from './store.ts';

/** A code became this. */
export interface Connected {
  portalId: PortalId;
  /** It counts, or it waits until somebody confirms it on the desk. */
  state: 'connected' | 'waiting';
  /** The changes to the installation before, a line each. */
  changes: string[];
}

/**
 * Exchanges a code for tokens, looks whether the portal may be connected and has the AI's user, and stores the
 * installation. `trusted`: who began it had signed in to the desk.
 */
export type Connect = (code: string, begun: { aiActorId: ActorId; trusted?: boolean }) => Promise<Connected>;

/**
 * `canBeConfirmed`: whether there is a desk, where somebody can confirm what changes an installation.
 * @returns a {@link Connect} that throws {@link PortalNotAllowed}, {@link ChangeNotConfirmable}, {@link NoSuchAiUser},
 * and the errors of {@link OAuthClient} and HubSpot's client.
 */
export const createConnect =
  ({
    store,
    oauth,
    hubspot,
    allowed,
    canBeConfirmed,
    now = Date.now,
  }: {
    store: Pick<InstallationStore, 'install' | 'standing'>;
    oauth: Pick<OAuthClient, 'exchange'>;
    hubspot: Omit<Parameters<typeof createHubSpotClient>[0], 'portalId' | 'accessToken'>;
    allowed: AllowedPortals;
    canBeConfirmed: boolean;
    now?: () => number;
  }): Connect =>
  async (code, { aiActorId, trusted = false }) => {
    const grant = await oauth.exchange(code);
    const at = now();
    const { portalId, accessToken } = grant;
    const granted = { portalId, aiActorId, scopes: grant.scopes, trusted };
    const decideNow = (standing: Standing) => {
      const decision = decide(granted, allowed, standing);
      if (decision === 'refuse') throw new PortalNotAllowed(portalId);
      const changes = changesOf(granted, standing.before);
      if (decision === 'wait' && !canBeConfirmed) throw new ChangeNotConfirmable(portalId, changes);
      return { decision, changes };
    };

    // Before anything is asked about a portal that is none of ours.
    decideNow(await store.standing(portalId));
    const client = createHubSpotClient({ ...hubspot, portalId, accessToken });
    const actor = await client.actor(aiActorId).catch((error) => {
      if (error instanceof HubSpotNotFound) return null;
      throw error;
    });
    if (actor?.type !== 'AGENT') throw new NoSuchAiUser(portalId, aiActorId);

    let changes: string[] = [];
    const decision = await store.install(grant, aiActorId, at, (standing) => {
      const decided = decideNow(standing);
      changes = decided.changes;
      return decided.decision;
    });
    return { portalId, state: decision === 'wait' ? 'waiting' : 'connected', changes };
  };
