import { z } from 'zod';
import type { PortalSettings } from '../rules/settings.ts';
import { duration, flag, yamlFlag } from './primitives.ts';
import { textsByLanguage } from './texts.ts';

/** The question for a rating unless something else is set. */
const DEFAULT_CSAT_MESSAGE = 'This conversation is closed. How good was our help?';

/** The same by the customer's language; `*` is for all others, and where nobody knows it. */
export const DEFAULT_CSAT_MESSAGES: Record<string, string> = {
  '*': DEFAULT_CSAT_MESSAGE,
  de: 'Dieses Gespräch ist abgeschlossen. Wie gut war unsere Hilfe?',
  fr: 'Cette conversation est terminée. Que pensez-vous de notre aide ?',
  es: 'Esta conversación ha terminado. ¿Qué le ha parecido nuestra ayuda?',
  pt: 'Esta conversa terminou. O que achou da nossa ajuda?',
  it: 'Questa conversazione è conclusa. Come valuta il nostro aiuto?',
  nl: 'Dit gesprek is afgesloten. Hoe goed was onze hulp?',
  pl: 'Ta rozmowa jest zakończona. Jak dobra była nasza pomoc?',
};

/** The default is said in the customer's language, any other text as it is. */
const toMessages = (text: string): Record<string, string> =>
  text === DEFAULT_CSAT_MESSAGE ? DEFAULT_CSAT_MESSAGES : { '*': text };

const MESSAGE_ERROR = 'must be the question to the customer, at most 1000 characters';
const message = z.string({ error: MESSAGE_ERROR }).trim().min(1, MESSAGE_ERROR).max(1_000, MESSAGE_ERROR);

const delay = duration('1m', '24h');
const wait = duration('72h', '30d', '1m').refine((ms) => ms > 0, 'must be at least 1m');

/** The environment says this of ratings. */
export const csatVariables = {
  CSAT: flag(false).describe(
    'Whether the customer of a closed conversation is asked how good the help was. Only conversations count in which ' +
      'the AI has answered. See [ratings](csat.md).',
  ),
  CSAT_DELAY: delay.describe(
    'How long after the closing the customer is asked. A thread that is opened again in this time is left alone.',
  ),
  CSAT_WAIT: wait.describe('How long the customer has time to rate.').meta({ takes: 'duration from `1m` to `30d`' }),
  CSAT_MESSAGE: message
    .default(DEFAULT_CSAT_MESSAGE)
    .transform(toMessages)
    .meta({
      takes: 'text',
      description:
        'The question to the customer. Below it Threadkeeper says how to answer: by a link in an email, by a number ' +
        'elsewhere. The default exists in German, French, Spanish, Portuguese, Italian, Dutch and Polish too.',
    }),
};

/** A portal of `PORTALS_FILE` says this of ratings. */
export const csatInFile = z
  .strictObject({
    enabled: yamlFlag(false).describe('true: the customer of a closed conversation is asked how good the help was.'),
    delay: delay.describe('How long after the closing the customer is asked.'),
    wait: wait.describe('How long the customer has time to rate.'),
    message: textsByLanguage(message, toMessages, 'must be the question to the customer, or texts by language')
      .default(DEFAULT_CSAT_MESSAGES)
      .describe('The question, or texts by language, * for all others.'),
  })
  .prefault({} as never);

type Csat = z.infer<typeof csatInFile>;

/** What the environment says, as a portal of `PORTALS_FILE` would. */
export const csatInEnvironment = (env: z.infer<z.ZodObject<typeof csatVariables>>): Csat => ({
  enabled: env.CSAT,
  delay: env.CSAT_DELAY,
  wait: env.CSAT_WAIT,
  message: env.CSAT_MESSAGE,
});

/** Makes of it what the workflows know; nothing where nobody is asked. */
export const csatSettings = ({
  enabled,
  delay: delayMs,
  wait: waitMs,
  message: messages,
}: Csat): Pick<PortalSettings, 'csat'> => (enabled ? { csat: { messages, delayMs, waitMs } } : {});
