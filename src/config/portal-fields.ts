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
    .describe('What to do with a thread that nobody owns: stay silent, or assign it to the AI and answer.'),
  closedThreads: z
    .enum(['tell', 'answer'], { error: 'must be tell or answer' })
    .default('tell')
    .describe(
      'What to do where a customer comes back to a thread that was closed, and that nobody or an agent owns: ' +
        'inform agents, or take the thread for the AI and answer. See [Closed threads](#closed-threads).',
    ),
  emailDelay: duration('5s').describe(
    'How long an email waits before the AI looks at the thread: people send corrections. `500ms`, `5s`, `2m`, ' +
      '`1.5h`: every duration has one number and one unit, but for `0`.',
  ),
  quietPeriod: duration('2s').describe(
    "How long a message on any other channel waits: people write in bursts, and the newest message's run " +
      'answers them all.',
  ),
  quietPeriodMax: duration('15s').describe(
    'A customer who goes on writing, each message within this of the last, gets an answer after this long all ' +
      'the same.',
  ),
  deliveryCheck: duration('30s').describe(
    'How long after a reply HubSpot is asked whether it was delivered; a failed one becomes a handoff. The ' +
      'same for the word to the customer at a handoff. Live chat has no delivery that could fail. `0s`: never.',
  ),
  attentionAfter: duration('10m', '24h').describe(
    'HubSpot, the AI or the database may fail for so long before the run is marked (`NeedsAttention`). Then ' +
      'the AI is given up and agents are informed; the others are tried for the rest of a day.',
  ),
  maxRepliesPerHour: wholeNumber(20, 1, 1000).describe(
    'More replies within an hour on one thread, or to one address over all threads, end in a handoff: two ' +
      'machines may be talking to each other. What such an address then writes again gets no answer for an hour.',
  ),
  maxAiCallsPerHour: wholeNumber(30, 1, 10_000).describe(
    'The AI is asked at most so often within an hour for one contact, and on one thread; drafts and answers ' +
      'that nobody saw count too. A message past that goes to agents, with a comment that says so.',
  ),
  maxMessageAge: duration('24h', '30d').describe(
    'A message older than this when its run begins is not answered (`too-old`).',
  ),
  approvalTimeout: duration('24h', '30d').describe(
    "How long a draft waits for an agent's [approval](#autonomy). Then it ends as a draft.",
  ),
  // The newest minute is left to the webhooks.
  catchUpInterval: duration('5m', '24h', '1m').describe(
    "How often a Temporal Schedule looks through the portal's threads for [messages that no webhook " +
      'announced](operations.md#messages-whose-webhook-never-came). `0s`: never.',
  ),
  timeZone: z
    .string({ error: ZONE_ERROR })
    .default('UTC')
    .refine(isTimeZone, ZONE_ERROR)
    .meta({ takes: 'time zone', description: 'Where the business is: a language model gets date and time there.' }),
  colleagueDomains: senders(
    "Domains and addresses of the business's own people, beside the portal's mailboxes: what they mail is an " +
      "agent's, not a customer's. See [Email](#email).",
  ),
  answerSenders: senders(
    "Senders that are answered though they look like machines, such as the `noreply@` of a website's form. See " +
      '[Email](#email).',
  ),
  ignoreSenders: senders('Senders that are never answered, nor handed to agents. See [Email](#email).'),
  aiDailyBudget: amount((number) => number > 0, 'above 0')
    .optional()
    .describe(
      'Once the AI has cost this much in a UTC day in this portal, `auto` becomes `draft` until the day is ' +
        'over ([tokens and cost](operations.md#tokens-and-cost)). In the currency of `LLM_INPUT_PRICE` and ' +
        '`LLM_OUTPUT_PRICE`, which it needs.',
    ),
  aiDailyCeiling: amount((number) => number > 0, 'above 0')
    .optional()
    .describe(
      'Once the AI has cost this much in a UTC day in this portal, it is not asked any more until the day is ' +
        'over: each message goes to agents, with a comment that says so ([tokens and ' +
        'cost](operations.md#tokens-and-cost)). In the same currency, with the same prices.',
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
