import { z } from 'zod';
import { portalIdSchema } from '../hubspot/id-schemas.ts';
import type { Environment } from './environment.ts';
import { problemsIn } from './errors.ts';
import type { Portals } from './portal.ts';
import { actorId } from './portal-fields.ts';
import { aiFieldsIn, escalationIn, notifyTargetIn, portalDefaultsIn } from './portal-in-environment.ts';
import { required } from './primitives.ts';
import { secretList } from './secrets.ts';

/** Settings of one portal, which `PORTALS_FILE` gives for each. */
export const SINGLE_PORTAL_ONLY = [
  'HUBSPOT_PORTAL_ID',
  'HUBSPOT_ACCESS_TOKEN',
  'HUBSPOT_AI_ACTOR_ID',
  'AUTONOMY',
  'ASSIST_MODE',
  'MIN_CONFIDENCE',
  'LOW_CONFIDENCE',
  'REQUIRE_SOURCES',
  'ESCALATION_RULES',
  'AI_COMMANDS',
  'TICKETING_ENABLED',
  'UNASSIGNED_THREADS',
  'CLOSED_THREADS',
  'EMAIL_DELAY',
  'QUIET_PERIOD',
  'QUIET_PERIOD_MAX',
  'DELIVERY_CHECK',
  'ATTENTION_AFTER',
  'MAX_REPLIES_PER_HOUR',
  'MAX_AI_CALLS_PER_HOUR',
  'MAX_MESSAGE_AGE',
  'APPROVAL_TIMEOUT',
  'CATCH_UP_INTERVAL',
  'TIME_ZONE',
  'COLLEAGUE_DOMAINS',
  'COLLEAGUES_BY_DOMAIN',
  'ANSWER_SENDERS',
  'IGNORE_SENDERS',
  'AI_DAILY_BUDGET',
  'AI_DAILY_CEILING',
  'EMAIL_SIGNATURE',
  'EMAIL_REPLY_ALL',
  'AI_CONTACT_FIELDS',
  'AI_TICKET_FIELDS',
  'AI_READS_NOTES',
  'HANDOFF_TICKETS',
  'HANDOFF_TICKET_PIPELINE',
  'HANDOFF_TICKET_STAGE',
  'HANDOFF_TICKET_KEY_PROPERTY',
  'HANDOFF_CLOSED_TICKET',
  'HANDOFF_TICKET_PROPERTIES',
  'HANDOFF_ASSIGN_TO',
  'HANDOFF_ESCALATE_TO',
  'HANDOFF_MESSAGE',
  'BUSINESS_HOURS',
  'HOLIDAYS',
  'HANDOFF_OUT_OF_HOURS',
  'HANDOFF_OUT_OF_HOURS_MESSAGE',
  'HANDOFF_PICK_UP',
  'AFTER_HANDOFF',
  'CSAT',
  'CSAT_DELAY',
  'CSAT_WAIT',
  'CSAT_MESSAGE',
  'NOTIFY_URL',
  'NOTIFY_FORMAT',
  'NOTIFY_SECRET',
  'NOTIFY_EVENTS',
  'NOTIFY_SHOW_TEXT',
] as const satisfies (keyof Environment)[];

const singlePortalSchema = z.object({
  HUBSPOT_PORTAL_ID: required('the HubSpot account id')
    .transform((id): unknown => id)
    .pipe(portalIdSchema),
  HUBSPOT_ACCESS_TOKEN: required("the app's access token (pat-…)"),
  HUBSPOT_CLIENT_SECRET: secretList,
  HUBSPOT_AI_ACTOR_ID: required('the AI user of the inbox, such as A-12345')
    .transform((id): unknown => id)
    .pipe(actorId),
});

/** A portal of its own is not needed where portals install the app. */
const installableSchema = singlePortalSchema.extend({
  HUBSPOT_PORTAL_ID: singlePortalSchema.shape.HUBSPOT_PORTAL_ID.optional(),
  HUBSPOT_ACCESS_TOKEN: singlePortalSchema.shape.HUBSPOT_ACCESS_TOKEN.optional(),
  HUBSPOT_AI_ACTOR_ID: singlePortalSchema.shape.HUBSPOT_AI_ACTOR_ID.optional(),
});

const parse = (present: Record<string, string>) => {
  const isConfigured = 'HUBSPOT_PORTAL_ID' in present || 'HUBSPOT_ACCESS_TOKEN' in present;
  return 'HUBSPOT_CLIENT_ID' in present && !isConfigured
    ? installableSchema.safeParse(present)
    : singlePortalSchema.safeParse(present);
};

/** The one portal of the environment, none where portals install the app, or what is wrong with it, a line each. */
export const readSinglePortal = (present: Record<string, string>, env: Environment): Portals | string[] => {
  const single = parse(present);
  const escalation = escalationIn(env);
  if (!single.success || Array.isArray(escalation)) {
    return [...(single.success ? [] : problemsIn(single.error)), ...(Array.isArray(escalation) ? escalation : [])];
  }
  const { HUBSPOT_PORTAL_ID: portalId, HUBSPOT_ACCESS_TOKEN: accessToken } = single.data;
  const { HUBSPOT_AI_ACTOR_ID: aiActorId, HUBSPOT_CLIENT_SECRET: secrets } = single.data;
  return {
    portals:
      portalId && accessToken && aiActorId
        ? [
            {
              accessToken,
              aiFields: aiFieldsIn(env),
              settings: { portalId, aiActorId, ...portalDefaultsIn(env) },
              ...escalation,
              ...notifyTargetIn(env),
            },
          ]
        : [],
    webhookSecrets: secrets.map((secret) => ({ secret, portalIds: null })),
  };
};
