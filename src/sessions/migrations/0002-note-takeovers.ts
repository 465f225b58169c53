import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Keeps who speaks on a thread since when, and the run that asks the AI, so that an agent who takes over can stop it.
 */
export const noteTakeovers: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('sessions')
      .addColumn('mode', 'text', (column) => column.notNull().defaultTo('ai'))
      .addColumn('mode_since', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('asking', 'text')
      .execute();
  },
};
