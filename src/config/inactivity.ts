import { z } from 'zod';
import type { InactivitySettings } from '../rules/inactivity/inactivity.ts';
import { DEFAULT_FAREWELLS, DEFAULT_REMINDERS } from './inactivity-messages.ts';
import { duration, flag, yamlFlag } from './primitives.ts';
import { textsByLanguage } from './texts.ts';

const message = z.string({ error: 'must be the message to the customer, or none' }).trim().min(1).max(4_000);
const after = duration('0s', '30d');

/** `none`, or what is said in every language. */
const toMessages = (text: string): Record<string, string> => (text === 'none' ? {} : { '*': text });

/** The environment says this of customers who don't reply. */
export const inactivityVariables = {
  INACTIVITY_AFTER: after.describe(
    'How much time a customer has to reply to an answer of the AI, such as `24h`. A customer who has not replied ' +
      'by then gets `INACTIVITY_MESSAGE`. With `INACTIVITY_CLOSE=true` the thread is closed too. `0s`: nothing ' +
      'happens. See [inactivity](inactivity.md).',
  ),
  INACTIVITY_MESSAGE: message.transform(toMessages).optional().meta({
    takes: 'text, `none`',
    without: "a sentence in the customer's language",
    description: 'The message that a customer who has not replied gets once. `none`: no message.',
  }),
  INACTIVITY_CLOSE: flag(false).describe(
    'Whether the thread is closed after `INACTIVITY_AFTER`. It opens again when the customer writes.',
  ),
};

/** One for all languages, or one each. */
const texts = textsByLanguage(
  message,
  toMessages,
  'must be the message to the customer, or none, or texts by language',
);

/** A portal of `PORTALS_FILE` says this of them. */
export const inactivityInFile = z
  .strictObject({
    after: after.describe('How much time a customer has to reply to an answer of the AI, such as 24h. 0s: no limit.'),
    message: texts
      .optional()
      .describe('The message that the customer gets then, or none. Or texts by language, * for all others.'),
    close: yamlFlag(false).describe('true: then the thread is closed, too.'),
  })
  .refine((said) => !isIdle(said), { error: 'does nothing: set close to true, or a message' });

type Inactivity = z.infer<typeof inactivityInFile>;

/** Nobody is told anything, and nothing is closed. */
const isIdle = (said: { after: number; message?: Record<string, string> | undefined; close: boolean }): boolean =>
  said.after > 0 && !said.close && said.message !== undefined && Object.keys(said.message).length === 0;

/** What the environment says, as a portal of `PORTALS_FILE` would. */
export const inactivityInEnvironment = (env: z.infer<z.ZodObject<typeof inactivityVariables>>): Inactivity => ({
  after: env.INACTIVITY_AFTER,
  message: env.INACTIVITY_MESSAGE,
  close: env.INACTIVITY_CLOSE,
});

/** What of these settings contradicts itself, a line each. */
export const inactivityProblems = (env: z.infer<z.ZodObject<typeof inactivityVariables>>): string[] =>
  isIdle(inactivityInEnvironment(env))
    ? ['INACTIVITY_AFTER does nothing with INACTIVITY_MESSAGE=none: set INACTIVITY_CLOSE=true, or a message']
    : [];

/** Makes of it what the workflows know; nothing where nobody looks. */
export const inactivitySettings = (said: Inactivity | undefined): { inactivity?: InactivitySettings } =>
  said === undefined || said.after === 0
    ? {}
    : {
        inactivity: {
          afterMs: said.after,
          messages: said.message ?? (said.close ? DEFAULT_FAREWELLS : DEFAULT_REMINDERS),
          close: said.close,
        },
      };
