import type { z } from 'zod';
import { listOf } from './list-of.ts';
import { nearestName } from './nearest-name.ts';
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

/** The place as its reader wrote it: what `default` stands for has no name there, and a variable has no fields. */
const placeInWords = (path: readonly PropertyKey[]): string => {
  const [first = '', ...rest] = path.map(String).filter((part, index) => index === 0 || part !== 'default');
  if (!/^[A-Z][A-Z\d_]*$/.test(first)) return [first, ...rest].join('.');
  return [first, ...rest.filter((part) => !/^\d+$/.test(part)).map((part) => `of ${part}`)].join(' ');
};

/** Gives what is wrong with settings, a line each: where, and what it must be. `prefix` goes before every line. */
export const problemsIn = (error: z.ZodError, ...prefix: string[]): string[] => [
  ...new Set(
    error.issues.map(({ path, message }) =>
      [...prefix, placeInWords(path), message].filter((part) => part !== '').join(' '),
    ),
  ),
];

/** What is too long or too short, in units that its writer knows. */
const measured = (number: unknown, origin: string): string =>
  origin === 'string' ? `have ${number} characters` : origin === 'array' ? `have ${number} entries` : `be ${number}`;

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields with values',
  record: 'names with values',
};

/** Says what a value must be, where its schema has no words of its own for that. */
export const plainAdvice: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'too_big':
      return `must ${measured(issue.maximum, issue.origin)} at most`;
    case 'too_small':
      return `must ${measured(issue.minimum, issue.origin)} at least`;
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${listOf(issue.values.map(String))}`;
    case 'invalid_union':
      return 'is not one of the forms that are possible here';
    case 'unrecognized_keys':
      return unknownFields(issue);
    default:
      return undefined;
  }
};

/** Of a field that there is not, says which one it is surely meant to be. */
const unknownFields = (issue: z.core.$ZodRawIssue<z.core.$ZodIssueUnrecognizedKeys>): string => {
  const fields = Object.keys((issue.inst as z.ZodObject | undefined)?.shape ?? {});
  const advice = issue.keys.map((unknown) => {
    const right = nearestName(unknown, fields);
    return right === undefined ? `"${unknown}"` : `"${unknown}" (did you mean ${right}?)`;
  });
  return `has no field ${advice.join(', ')}`;
};
