import ms from 'ms';
import { z } from 'zod';
import { DURATION, durationAdvice, durationInMs, isWithin } from './duration.ts';

declare module 'zod' {
  /** `docs/configuration.md` says this of a setting beside its `description`, in Markdown too. */
  interface GlobalMeta {
    /** The values that may stand there, where the schema doesn't say it by itself. */
    takes?: string;
    /** The value that counts where nothing is set, where the schema has no default that says it. */
    without?: string;
  }
}

/** The key under which a field's `meta` has the JSON Schema of what may stand for the whole of it. */
export const INSTEAD = 'instead';

/** Text that has to be there. `what` says what it is, where it isn't. */
export const required = (what: string) =>
  z
    .string({ error: `is missing: ${what}` })
    .trim()
    .min(1, `is empty: ${what}`);

/** Text that says something, where it may be left out. */
export const text = (what: string) =>
  z
    .string({ error: `must be ${what}` })
    .trim()
    .min(1, `is empty: ${what}`);

/** `true` or `false` as text, as the environment has them. */
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default(fallback ? 'true' : 'false')
    .transform((text) => text === 'true');

/** Reads a flag from YAML, which has it without quotes. */
export const yamlFlag = (fallback: boolean) => z.boolean({ error: 'must be true or false' }).default(fallback);

/** YAML gives a number where the environment gives text. */
export const numberAsText = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value);

/** For editors: of the numbers that YAML gives without quotes, a duration can be no other. */
const ONLY_ZERO = { minimum: 0, maximum: 0 };

/** A {@link DURATION}: 0, or from `least` to `most`. Read in ms. */
export const duration = (fallback: ms.StringValue, most: ms.StringValue = '1h', least: ms.StringValue = '0s') => {
  const bounds = { leastMs: ms(least), mostMs: ms(most) };
  const error = `must be a duration between 0s and ${most}, such as ${fallback}`;
  return z
    .preprocess(
      numberAsText,
      z
        .string({ error })
        .regex(DURATION, { error: ({ input }) => durationAdvice(String(input), bounds, error) })
        .default(fallback)
        .transform(durationInMs)
        .refine((milliseconds) => milliseconds === 0 || milliseconds >= bounds.leastMs, {
          error: `must be 0s, or at least ${least}`,
          abort: true,
        })
        .refine((milliseconds) => isWithin(milliseconds, bounds), error),
    )
    .meta({
      takes:
        bounds.leastMs > 0 ? `\`0s\`, or a duration from \`${least}\` to \`${most}\`` : `duration, at most \`${most}\``,
      ...ONLY_ZERO,
    });
};

/** A whole number within bounds, both of them allowed. */
export const wholeNumber = (fallback: number, least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .preprocess(
      numberAsText,
      z
        .string({ error })
        .regex(/^\d{1,9}$/, error)
        .default(String(fallback))
        .transform(Number)
        .refine((number) => number >= least && number <= most, error),
    )
    .meta({ takes: `${least} to ${most}` });
};

/** An amount of money, in the currency of whoever writes it down. */
export const amount = (isRight: (number: number) => boolean, which: string) => {
  const error = `must be an amount ${which}, such as 2.50`;
  return z
    .preprocess(
      numberAsText,
      z
        .string({ error })
        .regex(/^\d{1,6}(\.\d{1,6})?$/, error)
        .transform(Number)
        .refine(isRight, error),
    )
    .meta({ takes: 'amount' });
};

const parsed = (url: string): URL => new URL(url);

/** A user or password, as text too: `https://@host` has an empty one. */
const hasUserInfo = (url: string): boolean =>
  /^https?:\/\/[^/?#\\]*@/.test(url) || parsed(url).username !== '' || parsed(url).password !== '';

/**
 * A URL of the web, as it was written: the webhooks' signature is over it letter by letter, so `http:example.com` may
 * not pass for it. Without user and password: they would go to logs, and `fetch` repeats them when it refuses them.
 */
export const httpUrl = z
  .string()
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), {
    error: 'must be a URL that starts with http:// or https://',
    abort: true,
  })
  .refine((url) => !hasUserInfo(url), {
    error:
      'must have no user or password before its host, because logs would show them. Leave out all from after // to ' +
      'the @. A key has a setting of its own',
    abort: true,
  })
  .meta({ takes: 'URL' });

/** One that paths are put behind: after a query they would be part of it. Without slashes at its end. */
export const baseUrl = httpUrl
  .refine((url) => !/[?#]/.test(url), {
    error: 'must end before its ? or #, because paths are added to it. A key has a setting of its own',
    abort: true,
  })
  .transform((url) => url.replace(/\/+$/, ''));

/** The parts of `a, b`; empty ones don't count. */
export const commaSeparated = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
