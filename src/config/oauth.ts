import { z } from 'zod';
import { portalIdSchema } from '../hubspot/id-schemas.ts';
import type { ActorId } from '../hubspot/ids.ts';
import type { OAuthApp } from '../hubspot/oauth.ts';
import type { WebhookSecret } from '../hubspot/signature.ts';
import type { AllowedPortals } from '../installations/admission.ts';
import { CALLBACK_PATH } from '../installations/paths.ts';
import type { EscalationRules } from '../rules/escalation/escalation-rules.ts';
import type { PortalSettings } from '../rules/settings.ts';
import type { PayloadKey } from '../temporal/payload-keys.ts';
import type { Environment } from './environment.ts';
import type { Portal } from './portal.ts';
import { actorId } from './portal-fields.ts';
import { aiFieldsIn, escalationIn, notifyTargetIn, portalDefaultsIn } from './portal-in-environment.ts';
import { commaSeparated, httpUrl } from './primitives.ts';
import { tokenKeys } from './secrets.ts';

const ALLOWED_ERROR = 'must be first:N, N from 1 to 1000, or portal ids, comma-separated';

/** `first:2`, or `62515,98`. */
const allowedPortals = z
  .string()
  .default('first:1')
  .transform((text, context): AllowedPortals => {
    const first = /^first:([1-9]\d{0,3})$/.exec(text)?.[1];
    if (first !== undefined && Number(first) <= 1000) return { first: Number(first) };
    const ids = commaSeparated(text);
    if (ids.length > 0 && ids.every((id) => /^[1-9]\d{0,18}$/.test(id))) {
      return { portalIds: ids.map((id) => portalIdSchema.parse(id)) };
    }
    context.addIssue({ code: 'custom', message: ALLOWED_ERROR });
    return z.NEVER;
  });

/** The environment says this of the app that portals install. */
export const oauthVariables = {
  HUBSPOT_CLIENT_ID: z.string().optional().meta({
    takes: 'text',
    description: 'The client id of your OAuth app. With it the API serves `/oauth/install` and `/oauth/callback`.',
  }),
  HUBSPOT_REDIRECT_URL: httpUrl
    .refine((url) => url.endsWith(CALLBACK_PATH), `must end in ${CALLBACK_PATH}`)
    .optional()
    .meta({
      takes: `URL ending \`${CALLBACK_PATH}\``,
      without: `\`${CALLBACK_PATH}\` at \`WEBHOOK_PUBLIC_URL\`'s host`,
      description: 'Where HubSpot sends people back to. It must be exactly the URL in your app.',
    }),
  OAUTH_PORTALS: allowedPortals.meta({
    takes: '`first:N`, or portal ids, comma-separated',
    description:
      'Which portals may connect themselves at `/oauth/install`: any until N are connected, or a list of ids. ' +
      'Somebody who is signed in on [the desk](desk.md) may connect any portal. With the default ' +
      '`first:1`, connect your own portal first. After that no stranger can connect another one.',
  }),
  TOKEN_KEYS: tokenKeys.optional().meta({
    takes: '`id:base64`, comma-separated',
    without: 'required with `HUBSPOT_CLIENT_ID`',
    description:
      'Keys of 32 bytes that encrypt the tokens in the database. The first key encrypts, and all ' +
      'decrypt. API, workers and doctor need the same keys.',
  }),
};

/** The app that portals install by OAuth. */
export interface OAuthConfig {
  app: OAuthApp;
  /** The first seals the tokens in the database, all open them. */
  tokenKeys: [PayloadKey, ...PayloadKey[]];
  /** These portals may install it by themselves. */
  allowed: AllowedPortals;
  /** Every portal has this one, unless another is named where it is connected. */
  aiActorId: ActorId | undefined;
  aiFields: Portal['aiFields'];
  escalation?: EscalationRules;
  notify?: Portal['notify'];
  /** The environment says this of a portal; the same for all that installed the app. */
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
    return ['HUBSPOT_CLIENT_ID has no effect beside PORTALS_FILE: portals install the app, or are listed in the file'];
  if (!tokenKeys)
    return wrong.has('TOKEN_KEYS')
      ? []
      : ['TOKEN_KEYS is missing: it seals the tokens of portals that install the app (HUBSPOT_CLIENT_ID)'];
  const escalation = escalationIn(env);
  // What is missing or wrong of them has been said.
  if (!secret || Array.isArray(escalation)) return [];
  const redirectUrl = env.HUBSPOT_REDIRECT_URL ?? new URL(CALLBACK_PATH, env.WEBHOOK_PUBLIC_URL).href;
  const aiActorId = actorId.optional().safeParse(env.HUBSPOT_AI_ACTOR_ID);
  return {
    app: { clientId, clientSecret: secret.secret, redirectUrl },
    tokenKeys,
    allowed: env.OAUTH_PORTALS,
    aiActorId: aiActorId.success ? aiActorId.data : undefined,
    aiFields: aiFieldsIn(env),
    ...escalation,
    ...notifyTargetIn(env),
    portalDefaults: portalDefaultsIn(env),
  };
};
