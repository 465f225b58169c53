import type { ActorId, PortalId } from '../hubspot/ids.ts';

/** The portal has no such user, or HubSpot lets it not send. Nothing was stored. */
export class NoSuchAiUser extends Error {
  override readonly name = 'NoSuchAiUser';

  constructor(portalId: PortalId, aiActorId: ActorId) {
    super(`Portal ${portalId} has no user ${aiActorId}`);
  }
}

/** The `state` of OAuth is not one of ours, is too old, was used, or comes from another browser than the one that began. */
export class StateRefused extends Error {
  override readonly name = 'StateRefused';
}
