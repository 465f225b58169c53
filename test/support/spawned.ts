import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DeadlinePassed, withDeadline } from '../../src/lib/deadline.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A process of the product, as a user starts it. */
export interface Spawned {
  pid: number;
  /** Everything that it has written so far. */
  output(): string;
  /** Resolves when its output matches. @throws {Error} with its output when it ends before, or takes too long. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal and goes on. */
  send(signal: NodeJS.Signals): void;
  /**
   * Sends a signal and gives the exit code; without a signal, waits for the end, however long.
   * @throws {Error} with its output when it takes too long to follow the signal, it or a process of its own
   */
  ends(signal?: NodeJS.Signals): Promise<number | null>;
  /** Gives the exit code once it is done by itself. @throws {Error} with its output when that takes too long */
  finishes(): Promise<number | null>;
}

/** Shorter than the time that jest gives a test, so that what was waited for is named. */
const PATIENCE_MS = 200_000;

/** Starts `node …` in the repository with an environment of its own: only what is needed to run at all comes along. */
export const spawnNode = (words: string[], environment: Record<string, string>): Spawned => {
  // biome-ignore lint/style/noProcessEnv: where programs, caches and the home directory are
  const { PATH = '', HOME = '', TEMPORAL_CLI_PATH, NODE_COMPILE_CACHE } = process.env;
  const known = { TEMPORAL_CLI_PATH, NODE_COMPILE_CACHE };
  // An embedded database lives for seconds here: nothing of it is done often enough to be worth compiling well.
  const child: ChildProcess = spawn(process.execPath, ['--liftoff-only', ...words], {
    cwd: ROOT,
    // What is undefined is not passed on.
    env: { PATH, HOME, ...known, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const inTime = async <Result>(work: Promise<Result>, what: string): Promise<Result> => {
    try {
      return await withDeadline(work, PATIENCE_MS);
    } catch (error) {
      if (!(error instanceof DeadlinePassed)) throw error;
      throw new Error(`${words.join(' ')} ${what} within ${PATIENCE_MS} ms:\n${output}`, { cause: error });
    }
  };
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output);
        if (!match) return;
        listeners.delete(look);
        resolve(match);
      };
      listeners.add(look);
      ended.then(() => reject(new Error(`It ended without saying ${pattern}:\n${output}`)), reject);
      look();
    });
  return {
    pid: child.pid ?? Number.NaN,
    output: () => output,
    says: (pattern) => inTime(says(pattern), `has not said ${pattern}`),
    send: (signal) => {
      child.kill(signal);
    },
    ends: async (signal) => {
      if (!signal) return await ended;
      child.kill(signal);
      return await inTime(ended, `has not ended after ${signal}`);
    },
    finishes: () => inTime(ended, 'has not ended'),
  };
};
