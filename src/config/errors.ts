import type { z } from 'zod';
import { nearestName } from '../lib/nearest-name.ts';
import type { Warning } from './warning.ts';

const lines = (texts: readonly string[]): string => texts.map((text) => `  ${text}\n`).join('');

/**
 * One or more settings are missing or wrong; the message names every one of them, a line each, and then the warnings.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: string[];

  /** What is missing may have been set under a name that is misspelt. */
  readonly warnings: readonly Warning[];

  constructor(problems: string[], warnings: readonly Warning[] = []) {
    const also = warnings.length === 0 ? '' : `Beside that:\n${lines(warnings.map(({ message }) => message))}`;
    super(
      `Threadkeeper can't start, ${problems.length === 1 ? 'a setting is' : 'settings are'} missing or ` +
        `wrong:\n${lines(problems)}${also}See .env.example and docs/configuration.md.`,
    );
    this.problems = problems;
    this.warnings = warnings;
  }
}

/** Gives what is wrong with settings, a line each: where, and what it must be. `prefix` goes before every line. */
export const problemsIn = (error: z.ZodError, ...prefix: string[]): string[] =>
  error.issues.map(({ path, message }) =>
    [...prefix, path.map(String).join('.'), message].filter((part) => part !== '').join(' '),
  );

/** For a parse of strict objects: of a field that there is not, says which one it is surely meant to be. */
export const unknownFieldAdvice: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'unrecognized_keys') return undefined;
  const fields = Object.keys((issue.inst as z.ZodObject | undefined)?.shape ?? {});
  const advice = issue.keys.map((unknown) => {
    const right = nearestName(unknown, fields);
    return right === undefined ? `"${unknown}"` : `"${unknown}" (did you mean ${right}?)`;
  });
  return `Unrecognized key${advice.length === 1 ? '' : 's'}: ${advice.join(', ')}`;
};
