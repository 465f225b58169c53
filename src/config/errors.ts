import type { z } from 'zod';

/** One or more settings are missing or wrong; the message names every one of them, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(
      `Threadkeeper can't start, ${problems.length === 1 ? 'a setting is' : 'settings are'} missing or wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}\nSee .env.example and docs/configuration.md.`,
    );
    this.problems = problems;
  }
}

/** What is wrong with settings, a line each: where, and what it must be. `prefix` goes before every line. */
export const problemsIn = (error: z.ZodError, ...prefix: string[]): string[] =>
  error.issues.map(({ path, message }) =>
    [...prefix, path.map(String).join('.'), message].filter((part) => part !== '').join(' '),
  );
