import type { ActorId, PortalId } from '../hubspot/ids.ts';

/** The portal has no such user, or HubSpot lets it not send. Nothing was stored. */
export class NoSuchAiUser extends Error {
  override readonly name = 'NoSuchAiUser';

  constructor(portalId: PortalId, aiActorId: ActorId) {
    super(`Portal ${portalId} has no user ${aiActorId}`);
  }
}

/**
 * The `state` of OAuth is not one of ours, is too old, was used, or comes from another browser than the one that began.
 */
export class StateRefused extends Error {
  override readonly name = 'StateRefused';
}

/** The portal is none of those that may install the app by themselves. Nothing was stored. */
export class PortalNotAllowed extends Error {
  override readonly name = 'PortalNotAllowed';
  readonly portalId: PortalId;

  constructor(portalId: PortalId) {
    super(`Portal ${portalId} may not be connected here by itself`);
    this.portalId = portalId;
  }
}

/** The installation changes the one that is there, and nobody can confirm that. Nothing was stored. */
export class ChangeNotConfirmable extends Error {
  override readonly name = 'ChangeNotConfirmable';
  readonly portalId: PortalId;

  constructor(portalId: PortalId, changes: readonly string[]) {
    super(`Portal ${portalId} is connected already, and this would change it. ${changes.join('. ')}`);
    this.portalId = portalId;
  }
}
