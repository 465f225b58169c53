import { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { SessionStoreError } from './errors.ts';
import { migrate } from './migrate.ts';
import type { Database } from './schema.ts';
import { createSqlSessionStore } from './sql-session-store.ts';
import type { SessionStore } from './store.ts';

export interface SessionStoreOptions {
  /** `postgres://…`, or nothing for a database inside this process. */
  databaseUrl: string | undefined;
  /** Absolute path; the embedded database lives in its folder `sessions`. */
  dataDir: string;
  logger?: Pick<Logger, 'info' | 'warn' | 'error'>;
}

const once = (act: () => Promise<void>): (() => Promise<void>) => {
  let done: Promise<void> | undefined;
  return () => {
    done ??= act();
    return done;
  };
};

/** The database of sessions and installations, its tables up to date. */
export interface OpenDatabase {
  db: Kysely<Database>;
  /** May be called more than once. */
  close(): Promise<void>;
}

const openOnServer = async (databaseUrl: string, logger: SessionStoreOptions['logger']): Promise<OpenDatabase> => {
  const { serverDatabase, explainServerError } = await import('./server-database.ts');
  const { dialect, place } = serverDatabase(databaseUrl, logger);
  const db = new Kysely<Database>({ dialect });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw explainServerError(error, place);
  }
  return { db, close: once(() => db.destroy()) };
};

const openEmbedded = async (dataDir: string, logger: SessionStoreOptions['logger']): Promise<OpenDatabase> => {
  const { embeddedDatabase } = await import('./embedded-database.ts');
  const { dialect, plugin, close } = await embeddedDatabase(dataDir, logger);
  const db = new Kysely<Database>({ dialect, plugins: [plugin] });
  try {
    await migrate(db);
  } catch (error) {
    await close();
    throw new SessionStoreError(
      `The embedded database in ${dataDir} can't be brought up to date: ${(error as Error).message}`,
      { cause: error },
    );
  }
  return { db, close: once(close) };
};

/**
 * Opens the database, its tables up to date: on a PostgreSQL server, or inside this process where there is no
 * `databaseUrl`. It tries once; whoever starts the process again is the retry.
 * @throws {SessionStoreError} that says in one line why the database can't be used and what to do.
 */
export const openDatabase = async ({ databaseUrl, dataDir, logger }: SessionStoreOptions): Promise<OpenDatabase> =>
  databaseUrl === undefined ? await openEmbedded(dataDir, logger) : await openOnServer(databaseUrl, logger);

/** {@link openDatabase}, and on it the session store, which closes it. @throws {SessionStoreError} */
export const openSessionStore = async (options: SessionStoreOptions): Promise<SessionStore> => {
  const { db, close } = await openDatabase(options);
  return createSqlSessionStore(db, close);
};
