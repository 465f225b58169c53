import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { madeOnce } from './made-once.ts';

const MAKE = join(import.meta.dirname, 'make-embedded-database.ts');

/**
 * Makes `dataDir` as the first start with an embedded database leaves it: that takes seconds of computing, and a copy
 * none.
 */
export const withEmbeddedDatabase = async (dataDir: string): Promise<string> => {
  const made = await madeOnce('database', async (folder) => {
    await mkdir(folder);
    // Nothing is done often enough there to be worth compiling well.
    await promisify(execFile)(process.execPath, ['--liftoff-only', MAKE, folder]);
  });
  // Hundreds of small files: a promise for each costs more than the copying.
  cpSync(made, dataDir, { recursive: true });
  return dataDir;
};
