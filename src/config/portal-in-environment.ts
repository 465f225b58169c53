import { z } from 'zod';
import type { EscalationRules } from '../rules/escalation/escalation-rules.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { assisted } from '../rules/speaking/autonomy.ts';
import { AUTONOMOUS, autonomyInEnvironment } from './autonomy.ts';
import { readEscalationRules } from './escalation.ts';
import { handoffInEnvironment, handoffSettings, handoffVariables } from './handoff.ts';
import { notifyInEnvironment, notifyOf, notifyVariables } from './notify.ts';
import type { Portal } from './portal.ts';
import { fieldNames, portalFields, toSettings } from './portal-fields.ts';
import { flag } from './primitives.ts';
import { surenessSettings, surenessVariables } from './sureness.ts';

/** The environment says this of how the AI behaves in a portal. */
export const behaviourVariables = {
  AUTONOMY: autonomyInEnvironment.default(AUTONOMOUS).meta({
    takes: 'levels, comma-separated',
    without: '`auto`',
    description:
      'How far the AI may go, see [Autonomy](#autonomy). `auto` for every channel, or also by channel: `auto, ' +
      'email=draft, live chat=off`.',
  }),
  ASSIST_MODE: flag(false).describe(
    'Never answer the customer: whatever `AUTONOMY` says, each answer is left as an internal comment, whoever ' +
      'owns the thread. Channels that are `off` or `shadow` stay so.',
  ),
  ...surenessVariables,
  ESCALATION_RULES: z
    .string()
    .optional()
    .meta({
      takes: 'path',
      description:
        'A YAML file with rules by which a message goes to agents, or its answer is left to them: see ' +
        '[Escalation rules](#escalation-rules).',
    }),
  AI_COMMANDS: flag(true).describe('Agents [command the AI](commands.md) by internal comments that begin with `/ai`.'),
  TICKETING_ENABLED: flag(true).describe('Bring changed ticket properties into the session, where the AI finds them.'),
  UNASSIGNED_THREADS: portalFields.unassignedThreads,
  CLOSED_THREADS: portalFields.closedThreads,
  EMAIL_DELAY: portalFields.emailDelay,
  QUIET_PERIOD: portalFields.quietPeriod,
  QUIET_PERIOD_MAX: portalFields.quietPeriodMax,
  DELIVERY_CHECK: portalFields.deliveryCheck,
  ATTENTION_AFTER: portalFields.attentionAfter,
  MAX_REPLIES_PER_HOUR: portalFields.maxRepliesPerHour,
  MAX_AI_CALLS_PER_HOUR: portalFields.maxAiCallsPerHour,
  MAX_MESSAGE_AGE: portalFields.maxMessageAge,
  APPROVAL_TIMEOUT: portalFields.approvalTimeout,
  CATCH_UP_INTERVAL: portalFields.catchUpInterval,
  TIME_ZONE: portalFields.timeZone,
  COLLEAGUE_DOMAINS: portalFields.colleagueDomains,
  COLLEAGUES_BY_DOMAIN: flag(true).describe(
    "Who mails from the domain of one of the portal's mailboxes is a colleague, unless it is a provider's such as `gmail.com`. `false` where customers have addresses there, as at a university. Users of the portal are colleagues anyway. See [Email](#email).",
  ),
  ANSWER_SENDERS: portalFields.answerSenders,
  IGNORE_SENDERS: portalFields.ignoreSenders,
  AI_DAILY_BUDGET: portalFields.aiDailyBudget,
  AI_DAILY_CEILING: portalFields.aiDailyCeiling,
  // A file for `--env-file` can't hold several lines everywhere.
  EMAIL_SIGNATURE: z
    .string()
    .transform((signature) => signature.replaceAll('\\n', '\n'))
    .optional()
    .meta({
      takes: 'text',
      description:
        "What stands below the AI's mails, drafts of mails included. `\\n` begins a new line, a blank line a " +
        'new paragraph. For one signature per sender domain see [Email](#email).',
    }),
  EMAIL_REPLY_ALL: flag(false).describe(
    "Whoever else got the customer's mail (To, Cc) gets a copy of the AI's answer: HubSpot copies nobody by " +
      'itself. See [Email](#email).',
  ),
  AI_CONTACT_FIELDS: fieldNames.describe(
    "Internal names of the contact's properties that a language model may read: see [What the AI " +
      'sees](#what-the-ai-sees).',
  ),
  AI_TICKET_FIELDS: fieldNames.describe("The same of the thread's ticket."),
  AI_READS_NOTES: flag(false).describe(
    "The AI sees agents' internal comments on the thread, and is instructed that the customer must not. See " +
      '[What the AI sees](#what-the-ai-sees).',
  ),
};

/** The environment says this of a portal, beside who it is. */
export const portalVariables = { ...behaviourVariables, ...handoffVariables, ...notifyVariables };

type PortalVariables = z.infer<z.ZodObject<typeof portalVariables>>;

/** Gives what the environment says of a portal: of the one that it configures, and of all that install the app. */
export const portalDefaultsIn = (env: PortalVariables): Omit<PortalSettings, 'portalId' | 'aiActorId'> => ({
  autonomy: env.ASSIST_MODE ? assisted(env.AUTONOMY) : env.AUTONOMY,
  sureness: surenessSettings({
    minConfidence: env.MIN_CONFIDENCE,
    lowConfidence: env.LOW_CONFIDENCE,
    requireSources: env.REQUIRE_SOURCES,
  }),
  aiCommands: env.AI_COMMANDS,
  ticketingEnabled: env.TICKETING_ENABLED,
  handoff: handoffSettings(handoffInEnvironment(env), env.TICKETING_ENABLED),
  replyAll: env.EMAIL_REPLY_ALL,
  colleaguesByDomain: env.COLLEAGUES_BY_DOMAIN,
  aiReadsNotes: env.AI_READS_NOTES,
  ...notifyOf(notifyInEnvironment(env))?.settings,
  signatures: env.EMAIL_SIGNATURE === undefined ? {} : { '*': env.EMAIL_SIGNATURE },
  ...toSettings({
    unassignedThreads: env.UNASSIGNED_THREADS,
    closedThreads: env.CLOSED_THREADS,
    emailDelay: env.EMAIL_DELAY,
    quietPeriod: env.QUIET_PERIOD,
    quietPeriodMax: env.QUIET_PERIOD_MAX,
    deliveryCheck: env.DELIVERY_CHECK,
    attentionAfter: env.ATTENTION_AFTER,
    maxRepliesPerHour: env.MAX_REPLIES_PER_HOUR,
    maxAiCallsPerHour: env.MAX_AI_CALLS_PER_HOUR,
    maxMessageAge: env.MAX_MESSAGE_AGE,
    approvalTimeout: env.APPROVAL_TIMEOUT,
    catchUpInterval: env.CATCH_UP_INTERVAL,
    timeZone: env.TIME_ZONE,
    colleagueDomains: env.COLLEAGUE_DOMAINS,
    answerSenders: env.ANSWER_SENDERS,
    ignoreSenders: env.IGNORE_SENDERS,
    aiDailyBudget: env.AI_DAILY_BUDGET,
    aiDailyCeiling: env.AI_DAILY_CEILING,
  }),
});

/** The escalation rules there, none, or what is wrong with them, a line each. */
export const escalationIn = ({
  ESCALATION_RULES: path,
}: PortalVariables): { escalation?: EscalationRules } | string[] => {
  if (path === undefined) return {};
  const rules = readEscalationRules(path);
  return Array.isArray(rules) ? rules : { escalation: rules };
};

/** The properties of contact and ticket that the AI may read there. */
export const aiFieldsIn = (env: PortalVariables): Portal['aiFields'] => ({
  contact: env.AI_CONTACT_FIELDS,
  ticket: env.AI_TICKET_FIELDS,
});

/** Where that portal notifies, and installed ones do; nothing where nobody is notified. */
export const notifyTargetIn = (env: PortalVariables): Pick<Portal, 'notify'> => {
  const target = notifyOf(notifyInEnvironment(env))?.target;
  return target ? { notify: target } : {};
};
