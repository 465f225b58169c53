import { z } from 'zod';
import { millionths } from '../ai/prices.ts';
import { toActorId } from '../hubspot/ids.ts';
import type { PortalSettings } from '../workflows/contract.ts';
import { amount, commaSeparated, duration, numberAsText, wholeNumber } from './primitives.ts';

const ACTOR_ID_ERROR = 'must be the AI user of the inbox, such as A-12345';

/** Whom the AI speaks as. */
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
  .refine((names) => names.length <= 50 && names.every((name) => /^[a-z\d_]{1,100}$/.test(name)), FIELDS_ERROR);

/** What both the environment and a portal of `PORTALS_FILE` can say, but for flags, which YAML writes without quotes. */
export const portalFields = {
  unassignedThreads: z
    .enum(['skip', 'claim'], { error: 'must be skip or claim' })
    .default('skip')
    .describe('A thread that nobody owns: skip it, or claim it for the AI and answer.'),
  emailDelay: duration('5s').describe('How long an email waits for a correction, 0s to 1h.'),
  quietPeriod: duration('2s').describe('How long a message on any other channel waits for more, 0s to 1h.'),
  quietPeriodMax: duration('15s').describe('A customer who goes on writing gets an answer after so long, 0s to 1h.'),
  deliveryCheck: duration('30s').describe(
    'How long after a reply HubSpot is asked whether it was delivered, 0s to 1h. 0s: never.',
  ),
  attentionAfter: duration('10m', '24h').describe(
    'HubSpot, the AI or the database may fail for so long before a run is marked as needing attention, 0s to 24h.',
  ),
  maxRepliesPerHour: wholeNumber(20, 1, 1000).describe(
    'More replies within an hour on one thread end in a handoff, 1 to 1000.',
  ),
  maxMessageAge: duration('24h', '30d').describe('An older message is not answered, 0s to 30d.'),
  approvalTimeout: duration('24h', '30d').describe("How long a draft waits for an agent's approval, 0s to 30d."),
  // The newest minute is left to the webhooks.
  catchUpInterval: duration('5m', '24h')
    .refine((milliseconds) => milliseconds === 0 || milliseconds >= 60_000, 'must be 0s, or at least 1m')
    .describe('How often threads are looked through for messages that no webhook announced, 1m to 24h. 0s: never.'),
  aiDailyBudget: amount((number) => number > 0, 'above 0')
    .optional()
    .describe('Once the AI has cost so much in a day (UTC), its answers become drafts. In the currency of the prices.'),
};

type PortalFields = z.infer<z.ZodObject<typeof portalFields>>;

/** The same as the workflows know it. */
export const toSettings = ({
  unassignedThreads,
  emailDelay,
  quietPeriod,
  quietPeriodMax,
  deliveryCheck,
  attentionAfter,
  maxRepliesPerHour,
  maxMessageAge,
  approvalTimeout,
  catchUpInterval,
  aiDailyBudget,
}: PortalFields): Omit<
  PortalSettings,
  'portalId' | 'aiActorId' | 'autonomy' | 'aiCommands' | 'ticketingEnabled' | 'handoff' | 'signatures' | 'replyAll'
> => ({
  unassignedThreads,
  emailDelayMs: emailDelay,
  quietPeriodMs: quietPeriod,
  quietPeriodMaxMs: quietPeriodMax,
  deliveryCheckMs: deliveryCheck,
  attentionAfterMs: attentionAfter,
  maxRepliesPerHour,
  maxMessageAgeMs: maxMessageAge,
  approvalTimeoutMs: approvalTimeout,
  catchUpIntervalMs: catchUpInterval,
  ...(aiDailyBudget === undefined ? {} : { aiDailyBudgetMillionths: millionths(aiDailyBudget) }),
});
