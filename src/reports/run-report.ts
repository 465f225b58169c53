import { pino } from 'pino';
import { type COMMANDS, WRONG_CALL, whatItTakes } from '../command-line.ts';
import { type Config, ConfigError, loadReportConfig } from '../config.ts';
import { SessionStoreError } from '../sessions/errors.ts';
import { openSessionStore } from '../sessions/open-session-store.ts';
import type { SessionStore } from '../sessions/store.ts';

/** The command was called in a way that it doesn't know. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A whole number that stands behind an option. @throws {UsageError} */
export const countIn = (text: string, option: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 10_000) {
    throw new UsageError(`--${option} must be a whole number from 1 to 10000`);
  }
  return count;
};

/**
 * Runs a command that reads the session store and prints: exit code 0; 1, with one line, where settings or database are
 * in the way; 2 where it was called wrongly.
 */
export const runReport = async (
  name: keyof typeof COMMANDS,
  report: (open: () => Promise<SessionStore>, config: Config) => Promise<string>,
): Promise<void> => {
  let store: SessionStore | undefined;
  try {
    const config = loadReportConfig();
    const text = await report(async () => {
      // Its words are for whoever waits at the terminal; what is printed may be for a program.
      const logger = pino({ level: 'info', base: null }, pino.destination(2));
      store = await openSessionStore({ ...config, logger });
      return store;
    }, config);
    process.stdout.write(text);
  } catch (error) {
    const wrongCall = error instanceof UsageError;
    if (!wrongCall && !(error instanceof ConfigError) && !(error instanceof SessionStoreError)) throw error;
    const { message } = error as Error;
    process.stderr.write(wrongCall ? `${message}. ${whatItTakes(name)}\n` : `${message}\n`);
    process.exitCode = wrongCall ? WRONG_CALL : 1;
  } finally {
    await store?.close();
  }
};
