import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What our own runs have just done on threads, until HubSpot's event about it has come. */
export const keepOwnChanges: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('own_changes')
      .addColumn('portal_id', 'text', (column) => column.notNull())
      .addColumn('thread_id', 'text', (column) => column.notNull())
      .addColumn('change', 'text', (column) => column.notNull())
      .addColumn('known_to', 'text')
      .addColumn('made_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('own_changes_pkey', ['portal_id', 'thread_id', 'change'])
      .execute();
    await db.schema.createIndex('own_changes_made_at').on('own_changes').column('made_at').execute();
  },
};
