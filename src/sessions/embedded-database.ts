import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type KyselyPlugin, PGliteDialect } from 'kysely';
import type { Logger } from 'pino';
import { lockFolder } from '../lib/folder-lock.ts';
import { SessionStoreError } from './errors.ts';

export interface EmbeddedDatabase {
  dialect: PGliteDialect;
  /** Refuses every query once the lock is lost. */
  plugin: KyselyPlugin;
  /** Closes the files and gives the lock back. */
  close(): Promise<void>;
}

const takeLock = async (folder: string, logger: Pick<Logger, 'info'> | undefined, onLost: () => void) => {
  const unlock = await lockFolder(folder, {
    onWait: () =>
      logger?.info(
        { folder },
        'another process has the embedded database, or was killed: waiting for its lock to expire',
      ),
    onLost,
  });
  if (unlock) return unlock;
  throw new SessionStoreError(
    `Another Threadkeeper process uses the embedded database in ${folder}, and only one can: stop it, or set ` +
      'DATABASE_URL to a PostgreSQL server that both share',
  );
};

const refuseWhen = (isLost: () => boolean, folder: string): KyselyPlugin => ({
  transformQuery({ node }) {
    if (isLost()) {
      throw new SessionStoreError(
        `Another process took over the embedded database in ${folder} while this one stood still: restart this ` +
          'one, or set DATABASE_URL',
      );
    }
    return node;
  },
  transformResult: async ({ result }) => result,
});

/**
 * A PostgreSQL inside this process, its files in `{dataDir}/sessions`. One process at a time: two would destroy the
 * files, so a lock beside them is held and renewed. After a kill the next start waits until the lock has lapsed.
 * @throws {SessionStoreError} when another process holds the lock, or the folder can't be written or opened.
 */
export const embeddedDatabase = async (
  dataDir: string,
  logger?: Pick<Logger, 'info' | 'error'>,
): Promise<EmbeddedDatabase> => {
  const folder = join(dataDir, 'sessions');
  let lost = false;
  let unlock: () => Promise<void>;
  try {
    unlock = await takeLock(folder, logger, () => {
      lost = true;
      logger?.error({ folder }, 'lost the lock of the embedded database: restart this process');
    });
  } catch (error) {
    if (error instanceof SessionStoreError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new SessionStoreError(
      `The embedded database needs a folder that it can write, and ${folder} is not one (${code}): set ` +
        'DATA_DIR, or DATABASE_URL',
      { cause: error },
    );
  }
  try {
    const pglite = await PGlite.create(folder);
    return {
      dialect: new PGliteDialect({ pglite }),
      plugin: refuseWhen(() => lost, folder),
      async close() {
        // The files belong to another process now; a clean shutdown would write to them.
        if (lost) return;
        await pglite.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw new SessionStoreError(
      `The embedded database in ${folder} can't be opened (${(error as Error).message}): move the folder away ` +
        'to start anew, or set DATABASE_URL',
      { cause: error },
    );
  }
};
