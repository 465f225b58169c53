import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { suiteTemporal } from './suite-temporal.ts';

// Four minutes: a slow machine takes that long for the build.
const PATIENCE = { retries: 1_200, factor: 1, minTimeout: 200, maxTimeout: 200 };

/** A folder that all test files of a run share: the first one that asks has it made, the others wait for it. */
export const madeOnce = async (name: string, make: (folder: string) => Promise<unknown>): Promise<string> => {
  const made = join(suiteTemporal().folder, name);
  // A busy machine keeps its owner from renewing the lock for longer than the usual ten seconds.
  const unlock = await lock(made, { realpath: false, stale: 300_000, retries: PATIENCE });
  try {
    if (!existsSync(made)) {
      const unfinished = `${made}-${process.pid}`;
      await make(unfinished);
      await rename(unfinished, made);
    }
    return made;
  } finally {
    await unlock();
  }
};
