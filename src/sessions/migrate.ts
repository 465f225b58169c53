import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { createSessions } from './migrations/0001-create-sessions.ts';
import type { Database } from './schema.ts';

/** Every migration by its name, in the order of the names. One that has been released is never changed again. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-create-sessions': createSessions,
};

/**
 * Brings the database to this version's schema, all or nothing. Safe when several processes start at once: the first
 * takes an advisory lock, the others wait and find nothing left to do.
 * @throws the driver's error, or Kysely's where the database knows a migration that this version doesn't.
 */
export const migrate = async (db: Kysely<Database>): Promise<void> => {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
};
