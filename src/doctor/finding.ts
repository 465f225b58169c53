import { DeadlinePassed, withDeadline } from '../lib/deadline.ts';

/**
 * The state of what was checked: `ok`; `info`: nothing to say for or against, as where it wasn't checked; `warning`:
 * works, but not as it should; `problem`: doesn't work.
 */
export type Level = 'ok' | 'info' | 'warning' | 'problem';

/** A check found this out. Neither text holds a secret, or a word of a customer. */
export interface CheckResult {
  level: Level;
  /** One line. */
  message: string;
  /** The remedy, where the message doesn't say it already. */
  remedy?: string;
}

/** A result, and what it is about, such as `database`. */
export interface Finding extends CheckResult {
  check: string;
  /** What it means for customers, where it is a warning or a problem. */
  customers?: string;
}

export const ok = (message: string): CheckResult => ({ level: 'ok', message });
export const info = (message: string): CheckResult => ({ level: 'info', message });
export const warning = (message: string, remedy: string): CheckResult => ({ level: 'warning', message, remedy });
export const problem = (message: string, remedy: string): CheckResult => ({ level: 'problem', message, remedy });

/** Something to check. */
export interface Check {
  name: string;
  /** Errors count as a problem; their message is shown. May hang. */
  run(): Promise<CheckResult> | CheckResult;
  /** The remedy when no result came in time. */
  whenSilent: string;
}

/** Makes a finding of a check, whatever it does: at the latest after `deadlineMs` there is one. */
export const examine = async ({ name, run, whenSilent }: Check, deadlineMs: number): Promise<Finding> => {
  const result = await withDeadline((async () => run())(), deadlineMs).catch((error: unknown): CheckResult => {
    if (error instanceof DeadlinePassed) return problem(`No answer within ${deadlineMs / 1000} s.`, whenSilent);
    return { level: 'problem', message: error instanceof Error ? error.message : String(error) };
  });
  return { check: name, ...result };
};

/** The findings for what could not be looked at, since something else has to be fixed first. */
export const notChecked = (names: readonly string[], because: string): Finding[] =>
  names.map((check) => ({ check, ...info(`Not checked: ${because}.`) }));
