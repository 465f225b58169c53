import { z } from 'zod';
import type { PortalSettings } from '../workflows/contract.ts';
import { assisted } from '../workflows/rules/autonomy.ts';
import { AUTONOMOUS, autonomyInEnvironment } from './autonomy.ts';
import { handoffInEnvironment, handoffSettings, handoffVariables } from './handoff.ts';
import type { Portal } from './portal.ts';
import { fieldNames, portalFields, toSettings } from './portal-fields.ts';
import { flag } from './primitives.ts';

/** What the environment says of a portal, beside who it is. */
export const portalVariables = {
  AUTONOMY: autonomyInEnvironment.default(AUTONOMOUS),
  ASSIST_MODE: flag(false),
  AI_COMMANDS: flag(true),
  TICKETING_ENABLED: flag(true),
  UNASSIGNED_THREADS: portalFields.unassignedThreads,
  EMAIL_DELAY: portalFields.emailDelay,
  QUIET_PERIOD: portalFields.quietPeriod,
  QUIET_PERIOD_MAX: portalFields.quietPeriodMax,
  DELIVERY_CHECK: portalFields.deliveryCheck,
  ATTENTION_AFTER: portalFields.attentionAfter,
  MAX_REPLIES_PER_HOUR: portalFields.maxRepliesPerHour,
  MAX_MESSAGE_AGE: portalFields.maxMessageAge,
  APPROVAL_TIMEOUT: portalFields.approvalTimeout,
  CATCH_UP_INTERVAL: portalFields.catchUpInterval,
  AI_DAILY_BUDGET: portalFields.aiDailyBudget,
  // A file for `--env-file` can't hold several lines everywhere.
  EMAIL_SIGNATURE: z
    .string()
    .transform((signature) => signature.replaceAll('\\n', '\n'))
    .optional(),
  EMAIL_REPLY_ALL: flag(false),
  AI_CONTACT_FIELDS: fieldNames,
  AI_TICKET_FIELDS: fieldNames,
  ...handoffVariables,
};

type PortalVariables = z.infer<z.ZodObject<typeof portalVariables>>;

/** What the environment says of a portal: of the one that it configures, and of all that install the app. */
export const portalDefaultsIn = (env: PortalVariables): Omit<PortalSettings, 'portalId' | 'aiActorId'> => ({
  autonomy: env.ASSIST_MODE ? assisted(env.AUTONOMY) : env.AUTONOMY,
  aiCommands: env.AI_COMMANDS,
  ticketingEnabled: env.TICKETING_ENABLED,
  handoff: handoffSettings(handoffInEnvironment(env), env.TICKETING_ENABLED),
  replyAll: env.EMAIL_REPLY_ALL,
  signatures: env.EMAIL_SIGNATURE === undefined ? {} : { '*': env.EMAIL_SIGNATURE },
  ...toSettings({
    unassignedThreads: env.UNASSIGNED_THREADS,
    emailDelay: env.EMAIL_DELAY,
    quietPeriod: env.QUIET_PERIOD,
    quietPeriodMax: env.QUIET_PERIOD_MAX,
    deliveryCheck: env.DELIVERY_CHECK,
    attentionAfter: env.ATTENTION_AFTER,
    maxRepliesPerHour: env.MAX_REPLIES_PER_HOUR,
    maxMessageAge: env.MAX_MESSAGE_AGE,
    approvalTimeout: env.APPROVAL_TIMEOUT,
    catchUpInterval: env.CATCH_UP_INTERVAL,
    aiDailyBudget: env.AI_DAILY_BUDGET,
  }),
});

/** The properties of contact and ticket that the AI may read there. */
export const aiFieldsIn = (env: PortalVariables): Portal['aiFields'] => ({
  contact: env.AI_CONTACT_FIELDS,
  ticket: env.AI_TICKET_FIELDS,
});
