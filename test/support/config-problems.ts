import { ConfigError, loadConfig } from '../../src/config.ts';

/** What is wrong with an environment, a line each; none where it can be used. Throws what is no {@link ConfigError}. */
export const problemsOf = (environment: Record<string, string | undefined>): string[] => {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};
