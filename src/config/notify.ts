import { z } from 'zod';
import type { NotifyTarget } from '../activities/notifications.ts';
import { NOTIFY_EVENTS, type NotifySettings } from '../rules/notify/notification.ts';
import { commaSeparated, flag, httpUrl, yamlFlag } from './primitives.ts';

const SECRET_ERROR =
  'must be whsec_ and base64 of 24 to 64 bytes, such as whsec_ and what openssl rand -base64 32 prints. Give two, ' +
  'comma-separated, while one is replaced';

const isSecret = (text: string): boolean => {
  const encoded = /^whsec_((?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?)$/.exec(text)?.[1];
  const bytes = Buffer.from(encoded ?? '', 'base64').length;
  return bytes >= 24 && bytes <= 64;
};

const secrets = z
  .string({ error: SECRET_ERROR })
  .transform(commaSeparated)
  .refine((all) => all.length >= 1 && all.length <= 2 && all.every(isSecret), SECRET_ERROR);

const EVENTS_ERROR = `must be some of ${NOTIFY_EVENTS.join(', ')}`;
const eventNames = z
  .array(z.enum(NOTIFY_EVENTS, { error: EVENTS_ERROR }), { error: EVENTS_ERROR })
  .min(1, EVENTS_ERROR);

const format = z.enum(['webhook', 'slack'], { error: 'must be webhook or slack' }).default('webhook');

/** The environment says this of who is notified. */
export const notifyVariables = {
  NOTIFY_URL: httpUrl
    .optional()
    .describe(
      'Where [notifications](notifications.md) are sent: a webhook of yours, or an incoming webhook of ' +
        'Slack. Absent: nobody is notified.',
    ),
  NOTIFY_FORMAT: format.describe(
    'The form of a notification. `webhook`: signed by the Standard Webhooks specification. `slack`: as ' +
      'Slack and Mattermost take it.',
  ),
  NOTIFY_SECRET: secrets.optional().meta({
    takes: '`whsec_` and base64',
    without: 'required with `NOTIFY_URL`, unless `NOTIFY_FORMAT=slack`',
    description:
      'The key that signs the notifications. It is needed if `NOTIFY_URL` is set and `NOTIFY_FORMAT` is ' +
      '`webhook`. Give two while you replace it: both sign.',
  }),
  NOTIFY_EVENTS: z
    .string()
    .transform(commaSeparated)
    .pipe(eventNames)
    .default([...NOTIFY_EVENTS])
    .meta({
      takes: 'comma-separated',
      without: 'all',
      description:
        'Which events send a notification: `handoff`, `needs-attention`, `not-picked-up`, `budget`, ' +
        '`stopped` (an operator stopped the AI), `csat` (a customer has rated).',
    }),
  NOTIFY_SHOW_TEXT: flag(false).describe(
    "Whether a notification includes the reason in the AI's or the agent's own words. These may repeat " +
      'what the customer wrote. `false`: only a code.',
  ),
};

/** A portal of `PORTALS_FILE` says this of who is notified. */
export const notifyInFile = z
  .strictObject({
    url: httpUrl.describe("Where notifications are posted: a webhook of yours, or an incoming webhook of Slack's."),
    format: format.describe('webhook: signed by the Standard Webhooks specification. slack: as Slack takes it.'),
    secret: secrets.optional().describe('whsec_ and base64. Two, comma-separated, while one is replaced.'),
    events: eventNames.default([...NOTIFY_EVENTS]).describe('The events that are notified. Without it all of them.'),
    showText: yamlFlag(false).describe("true: with the AI's own words on why, which may repeat the customer's."),
  })
  .refine(({ format: form, secret }) => form === 'slack' || secret !== undefined, {
    error: 'needs a secret (whsec_…), unless its format is slack',
  });

type Notify = z.infer<typeof notifyInFile>;

/** What the workflows know of it, and what only the activity that sends does. */
export interface NotifyOfPortal {
  settings: { notify: NotifySettings };
  target: NotifyTarget;
}

/** Makes both of what a portal says; `null`: nobody is notified. */
export const notifyOf = (said: Notify | undefined): NotifyOfPortal | null =>
  said === undefined
    ? null
    : {
        settings: { notify: { events: said.events, ...(said.showText ? { showText: true } : {}) } },
        target: { url: said.url, format: said.format, secrets: said.secret ?? [] },
      };

/** What the environment says, as a portal of `PORTALS_FILE` would; `undefined`: nobody is notified. */
export const notifyInEnvironment = (env: z.infer<z.ZodObject<typeof notifyVariables>>): Notify | undefined =>
  env.NOTIFY_URL === undefined
    ? undefined
    : {
        url: env.NOTIFY_URL,
        format: env.NOTIFY_FORMAT,
        secret: env.NOTIFY_SECRET,
        events: env.NOTIFY_EVENTS,
        showText: env.NOTIFY_SHOW_TEXT,
      };

/** What of these settings needs another one, a line each. `wrong`: has been said of those already. */
export const notifyProblems = (
  env: z.infer<z.ZodObject<typeof notifyVariables>>,
  wrong: ReadonlySet<unknown>,
): string[] =>
  env.NOTIFY_URL !== undefined && env.NOTIFY_FORMAT === 'webhook' && !env.NOTIFY_SECRET && !wrong.has('NOTIFY_SECRET')
    ? ['NOTIFY_SECRET is missing: it signs what goes to NOTIFY_URL, unless NOTIFY_FORMAT=slack']
    : [];
