import { randomBytes } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashFiles } from '../../src/lib/hash-files.ts';
import { openDatabase } from '../../src/sessions/open-session-store.ts';

const SESSIONS = fileURLToPath(new URL('../../src/sessions', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../../package.json', import.meta.url));

/** Of all that decides what an empty database looks like. */
const schemaHash = async (): Promise<string> => {
  const names = await readdir(SESSIONS, { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts')).sort();
  return await hashFiles([PACKAGES, ...sources.map((name) => join(SESSIONS, name))], process.version);
};

/**
 * Puts an empty embedded database into `dataDir`, where there is none: a copy of one that an earlier demo has made.
 * Making one takes seconds of computing (`onMaking` is called first). Where the cache can't be written, it does
 * nothing: the database is then made when it is opened.
 */
export const freshDatabase = async (dataDir: string, cacheDir: string, onMaking: () => void): Promise<void> => {
  if (existsSync(join(dataDir, 'sessions'))) return;
  const made = join(cacheDir, 'demo-databases', await schemaHash());
  try {
    if (!existsSync(made)) {
      onMaking();
      const folder = dirname(made);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Another demo finds it whole or not at all.
      const draft = `${made}.${randomBytes(6).toString('hex')}`;
      await (await openDatabase({ databaseUrl: undefined, dataDir: draft })).close();
      await rename(draft, made);
    }
    // Hundreds of small files: a promise for each costs more than the copying.
    cpSync(join(made, 'sessions'), join(dataDir, 'sessions'), { recursive: true });
  } catch {
    await rm(join(dataDir, 'sessions'), { recursive: true, force: true });
  }
};
