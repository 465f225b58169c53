import { execFileSync } from 'node:child_process';

/** Whether a program is installed here: with these words, which say its version, it ends with 0. */
export const isInstalled = (program: string, ...words: string[]): boolean => {
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
