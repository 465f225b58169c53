import { createHubSpotClient } from '../hubspot/client.ts';
import { HubSpotNotFound } from '../hubspot/errors.ts';
import type { ActorId, PortalId } from '../hubspot/ids.ts';
import type { OAuthClient } from '../hubspot/oauth.ts';
import { NoSuchAiUser } from './errors.ts';
import type { InstallationStore } from './store.ts';

/** Exchanges a code for tokens, looks whether the portal has the AI's user, and stores the installation. */
export type Connect = (code: string, aiActorId: ActorId) => Promise<PortalId>;

/** @returns a {@link Connect} that throws {@link NoSuchAiUser}, and the errors of {@link OAuthClient} and HubSpot's client. */
export const createConnect =
  ({
    store,
    oauth,
    hubspot,
    now = Date.now,
  }: {
    store: Pick<InstallationStore, 'save'>;
    oauth: Pick<OAuthClient, 'exchange'>;
    hubspot: Omit<Parameters<typeof createHubSpotClient>[0], 'portalId' | 'accessToken'>;
    now?: () => number;
  }): Connect =>
  async (code, aiActorId) => {
    const grant = await oauth.exchange(code);
    const at = now();
    const { portalId, accessToken } = grant;
    const client = createHubSpotClient({ ...hubspot, portalId, accessToken });
    const actor = await client.actor(aiActorId).catch((error) => {
      if (error instanceof HubSpotNotFound) return null;
      throw error;
    });
    if (actor?.type !== 'AGENT') throw new NoSuchAiUser(portalId, aiActorId);
    await store.save(grant, aiActorId, at);
    return portalId;
  };
