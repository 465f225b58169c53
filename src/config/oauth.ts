import type { ActorId } from '../hubspot/ids.ts';
import type { OAuthApp } from '../hubspot/oauth.ts';
import { CALLBACK_PATH } from '../installations/paths.ts';
import type { PayloadKey } from '../temporal/payload-keys.ts';
import type { PortalSettings } from '../workflows/contract.ts';
import type { Environment } from './environment.ts';
import type { Portal, WebhookSecret } from './portal.ts';
import { actorId } from './portal-fields.ts';
import { aiFieldsIn, portalDefaultsIn } from './portal-in-environment.ts';

/** The app that portals install by OAuth. */
export interface OAuthConfig {
  app: OAuthApp;
  /** The first seals the tokens in the database, all open them. */
  tokenKeys: [PayloadKey, ...PayloadKey[]];
  /** Of every portal, unless another is named where it is connected. */
  aiActorId: ActorId | undefined;
  aiFields: Portal['aiFields'];
  /** What the environment says of a portal; the same for all that installed the app. */
  portalDefaults: Omit<PortalSettings, 'portalId' | 'aiActorId'>;
}

/** The app that portals install, `null` without one, or what is wrong with its settings, a line each. */
export const readOAuth = (
  env: Environment,
  wrong: ReadonlySet<unknown>,
  [secret]: WebhookSecret[],
): OAuthConfig | null | string[] => {
  const { HUBSPOT_CLIENT_ID: clientId, TOKEN_KEYS: tokenKeys } = env;
  if (!clientId) return null;
  if (env.PORTALS_FILE)
    return ['HUBSPOT_CLIENT_ID has no effect beside PORTALS_FILE: portals install the app, or stand in the file'];
  if (!tokenKeys)
    return wrong.has('TOKEN_KEYS')
      ? []
      : ['TOKEN_KEYS is missing: it seals the tokens of portals that install the app (HUBSPOT_CLIENT_ID)'];
  // What is missing of it has been said.
  if (!secret) return [];
  const redirectUrl = env.HUBSPOT_REDIRECT_URL ?? new URL(CALLBACK_PATH, env.WEBHOOK_PUBLIC_URL).href;
  const aiActorId = actorId.optional().safeParse(env.HUBSPOT_AI_ACTOR_ID);
  return {
    app: { clientId, clientSecret: secret.secret, redirectUrl },
    tokenKeys,
    aiActorId: aiActorId.success ? aiActorId.data : undefined,
    aiFields: aiFieldsIn(env),
    portalDefaults: portalDefaultsIn(env),
  };
};
