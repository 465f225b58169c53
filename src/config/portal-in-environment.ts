import { z } from 'zod';
import type { EscalationRules } from '../rules/escalation/escalation-rules.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { assisted } from '../rules/speaking/autonomy.ts';
import { AUTONOMOUS, autonomyInEnvironment } from './autonomy.ts';
import { csatInEnvironment, csatSettings, csatVariables } from './csat.ts';
import { readEscalationRules } from './escalation.ts';
import { handoffInEnvironment, handoffSettings, handoffVariables } from './handoff.ts';
import { inactivityInEnvironment, inactivitySettings, inactivityVariables } from './inactivity.ts';
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
      'What the AI may do: `off`, `shadow` (it is asked, nothing is posted), `draft`, `approve` or ' +
      '`auto`. It can be set by channel, as in `auto, email=draft, live chat=off`. See [how far ' +
      'the AI may go](autonomy.md).',
  }),
  ASSIST_MODE: flag(false).describe(
    'One switch that turns every `auto` and `approve` of `AUTONOMY` into `draft`. The AI then never ' +
      'answers a customer. It leaves each answer as an internal comment, no matter who owns the thread. ' +
      'Channels that are `off` or `shadow` stay as they are.',
  ),
  ...surenessVariables,
  ESCALATION_RULES: z
    .string()
    .optional()
    .meta({
      takes: 'path',
      description:
        'A YAML file with [escalation rules](escalation-rules.md). A rule sends a message to agents, or ' +
        "keeps the AI's answer as a draft for them.",
    }),
  AI_COMMANDS: flag(true).describe(
    'Whether agents can [give the AI commands](commands.md) in internal comments that begin with `/ai`.',
  ),
  TICKETING_ENABLED: flag(true).describe(
    'Whether Threadkeeper works with tickets. With `true` it stores the ticket properties that ' +
      "HubSpot's webhooks report as changed, and the AI gets them with the question. With `false` it " +
      "doesn't, and handoffs make no ticket.",
  ),
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
    'With `true`, everyone who mails from the domain of one of your mailboxes is a colleague. Domains ' +
      "of mail providers, such as `gmail.com`, don't count. Set `false` if customers have addresses on " +
      'your domain, as at a university. Users of your HubSpot account are colleagues in any case. See ' +
      '[email](email.md).',
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
        "The text below the AI's emails, and below drafts of emails. `\\n` begins a new line, and a blank " +
        'line begins a new paragraph. A text for each sender domain needs `PORTALS_FILE`: see ' +
        '[signatures](email.md#signatures).',
    }),
  EMAIL_REPLY_ALL: flag(false).describe(
    "Whether the AI's answer also goes to the people in To and Cc of the customer's mail. With `false` " +
      'only the customer gets it. See [email](email.md#copies).',
  ),
  AI_CONTACT_FIELDS: fieldNames.describe(
    "The contact's properties that a language model may read, by their internal names. See [what the " +
      'AI sees](what-the-ai-sees.md).',
  ),
  AI_TICKET_FIELDS: fieldNames.describe(
    "The ticket's properties that a language model may read, by their internal names.",
  ),
  AI_READS_NOTES: flag(false).describe(
    "Whether the AI sees agents' internal comments on the thread. The AI is instructed not to repeat " +
      'them to the customer. See [what the AI sees](what-the-ai-sees.md).',
  ),
};

/** The environment says this of a portal, beside who it is. */
export const portalVariables = {
  ...behaviourVariables,
  ...handoffVariables,
  ...csatVariables,
  ...inactivityVariables,
  ...notifyVariables,
};

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
  ...csatSettings(csatInEnvironment(env)),
  replyAll: env.EMAIL_REPLY_ALL,
  colleaguesByDomain: env.COLLEAGUES_BY_DOMAIN,
  aiReadsNotes: env.AI_READS_NOTES,
  ...inactivitySettings(inactivityInEnvironment(env)),
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
