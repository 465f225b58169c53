import { z } from 'zod';
import { millionths } from '../ai/prices.ts';
import { toActorId } from '../hubspot/ids.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { amount, commaSeparated, duration, numberAsText, wholeNumber } from './primitives.ts';

const ACTOR_ID_ERROR = 'must be the AI user of the inbox, such as A-12345';

/** The AI speaks as this actor. */
export const actorId = z.preprocess(
  numberAsText,
  z
    .string({ error: ACTOR_ID_ERROR })
    .regex(/^(A-)?\d+$/, ACTOR_ID_ERROR)
    .transform(toActorId),
);

const FIELDS_ERROR = 'must be internal names of properties, comma-separated, 50 at most, such as plan,renewal_date';

/** Names as HubSpot makes them: what isn't one could only be a mistake, such as a label. */
export const fieldNames = z
  .string({ error: FIELDS_ERROR })
  .default('')
  .transform((names) => [...new Set(commaSeparated(names))])
  .refine((names) => names.length <= 50 && names.every((name) => /^[a-z\d_]{1,100}$/.test(name)), FIELDS_ERROR)
  .meta({ takes: 'comma-separated' });

const SENDERS_ERROR =
  'must be addresses and domains, comma-separated, 200 at most, such as forms@example.com,example.org';

/** Addresses and domains, in lower case; a domain with or without an `@` or `*.` before it. */
const senders = (description: string) =>
  z
    .string({ error: SENDERS_ERROR })
    .default('')
    .transform((list) => [
      ...new Set(commaSeparated(list).map((one) => one.toLowerCase().replace(/^(?:@|\*@|\*\.)/, ''))),
    ])
    .refine(
      (list) =>
        list.length <= 200 && list.every((one) => /^(?:[^\s@,<>]+@)?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u.test(one)),
      SENDERS_ERROR,
    )
    .meta({ takes: 'addresses, domains', without: 'none', description });

const ZONE_ERROR = 'must be a time zone such as Europe/Berlin, or UTC';

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/**
 * Both the environment and a portal of `PORTALS_FILE` can say this, but for flags, which YAML writes without quotes.
 */
export const portalFields = {
  unassignedThreads: z
    .enum(['skip', 'claim'], { error: 'must be skip or claim' })
    .default('skip')
    .describe(
      'What happens with a thread that nobody owns. `skip`: the AI stays silent. `claim`: the AI becomes ' +
        'its owner and answers.',
    ),
  closedThreads: z
    .enum(['tell', 'answer'], { error: 'must be tell or answer' })
    .default('tell')
    .describe(
      "What happens when a customer writes on a closed thread that the AI doesn't own. `tell`: agents " +
        'are informed. `answer`: the AI becomes its owner and answers. See [closed ' +
        'threads](handoffs.md#closed-threads).',
    ),
  emailDelay: duration('5s').describe(
    'How long an email waits before the AI reads the thread, because people send corrections.',
  ),
  quietPeriod: duration('2s').describe(
    'How long a message on any channel but email waits for more, because people send several messages in ' +
      'a row. Each new message waits as long again. The AI then answers all of them in one reply.',
  ),
  quietPeriodMax: duration('15s').describe(
    'The longest wait of a customer who keeps writing, on any channel. After this time the AI answers, ' +
      'even if more messages follow.',
  ),
  deliveryCheck: duration('30s').describe(
    'How long after a reply Threadkeeper asks HubSpot whether it was delivered. A reply that failed ' +
      'becomes a handoff. The same check is made of the notice that a customer gets at a handoff. Live ' +
      'chat needs no check. `0s`: never.',
  ),
  attentionAfter: duration('10m', '24h').describe(
    'How long HubSpot, the AI or the database may fail before a run is marked with `NeedsAttention`. ' +
      'If the AI fails, agents then get a comment. If HubSpot or the database fails, the run keeps ' +
      'retrying for a day.',
  ),
  maxRepliesPerHour: wholeNumber(20, 1, 1000).describe(
    'The most replies of the AI within an hour on one thread, and to one address over all threads. ' +
      'More may mean that two machines write to each other. So until the hour is over, further messages ' +
      'go to agents, and the AI answers none of them.',
  ),
  maxAiCallsPerHour: wholeNumber(30, 1, 10_000).describe(
    'How often the AI may be asked within an hour for one contact. The same number is the limit for ' +
      'one thread. Drafts and answers of shadow mode count too. Further messages go to agents, with a ' +
      'comment that says why.',
  ),
  maxMessageAge: duration('24h', '30d').describe(
    'A message that is older than this when its run begins gets no answer (`too-old`).',
  ),
  approvalTimeout: duration('24h', '30d').describe(
    "How long a draft waits for an agent's [approval](autonomy.md#approval). After that it stays a " +
      'draft, and nothing is sent.',
  ),
  // The newest minute is left to the webhooks.
  catchUpInterval: duration('5m', '24h', '1m').describe(
    "How often Threadkeeper looks through a portal's threads for [messages that no webhook " +
      'announced](missed-messages.md). `0s`: never.',
  ),
  timeZone: z.string({ error: ZONE_ERROR }).default('UTC').refine(isTimeZone, ZONE_ERROR).meta({
    takes: 'time zone',
    description: 'The time zone of your business. A language model gets the date and the time there.',
  }),
  colleagueDomains: senders(
    "More addresses and domains of your own people. What they mail counts as an agent's answer, not as " +
      "a customer's question. See [email](email.md).",
  ),
  answerSenders: senders(
    'Senders that the AI answers even though they look like machines, such as `noreply@` of your ' +
      "website's form. See [email](email.md).",
  ),
  ignoreSenders: senders(
    'Senders that nobody answers: neither the AI, nor an agent by a handoff. See [email](email.md).',
  ),
  aiDailyBudget: amount((number) => number > 0, 'above 0')
    .optional()
    .describe(
      "The AI's cost in one portal and UTC day after which `auto` becomes `draft` until midnight. It is " +
        'in the currency of `LLM_INPUT_PRICE` and `LLM_OUTPUT_PRICE`, and needs both. See [tokens and ' +
        'cost](cost.md).',
    ),
  aiDailyCeiling: amount((number) => number > 0, 'above 0')
    .optional()
    .describe(
      "The AI's cost in one portal and UTC day after which the AI is not asked until midnight. Each " +
        'message then goes to agents, with a comment that says why. It needs the same prices as ' +
        '`AI_DAILY_BUDGET`. See [tokens and cost](cost.md).',
    ),
};

type PortalFields = z.infer<z.ZodObject<typeof portalFields>>;

/** Makes of it what the workflows know. */
export const toSettings = ({
  unassignedThreads,
  closedThreads,
  emailDelay,
  quietPeriod,
  quietPeriodMax,
  deliveryCheck,
  attentionAfter,
  maxRepliesPerHour,
  maxAiCallsPerHour,
  maxMessageAge,
  approvalTimeout,
  catchUpInterval,
  timeZone,
  colleagueDomains,
  answerSenders,
  ignoreSenders,
  aiDailyBudget,
  aiDailyCeiling,
}: PortalFields): Omit<
  PortalSettings,
  | 'portalId'
  | 'aiActorId'
  | 'autonomy'
  | 'sureness'
  | 'links'
  | 'aiCommands'
  | 'ticketingEnabled'
  | 'handoff'
  | 'csat'
  | 'inactivity'
  | 'notify'
  | 'signatures'
  | 'replyAll'
  | 'aiReadsNotes'
  | 'colleaguesByDomain'
> => ({
  unassignedThreads,
  closedThreads,
  emailDelayMs: emailDelay,
  quietPeriodMs: quietPeriod,
  quietPeriodMaxMs: quietPeriodMax,
  deliveryCheckMs: deliveryCheck,
  attentionAfterMs: attentionAfter,
  maxRepliesPerHour,
  maxAiCallsPerHour,
  maxMessageAgeMs: maxMessageAge,
  approvalTimeoutMs: approvalTimeout,
  catchUpIntervalMs: catchUpInterval,
  timeZone,
  colleagueDomains,
  answerSenders,
  ignoreSenders,
  ...(aiDailyBudget === undefined ? {} : { aiDailyBudgetMillionths: millionths(aiDailyBudget) }),
  ...(aiDailyCeiling === undefined ? {} : { aiDailyCeilingMillionths: millionths(aiDailyCeiling) }),
});
