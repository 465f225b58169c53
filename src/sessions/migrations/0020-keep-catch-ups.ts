import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How far each portal's threads have been looked through for messages that no webhook announced. */
export const keepCatchUps: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('catch_ups')
      .addColumn('portal_id', 'text', (column) => column.primaryKey())
      .addColumn('checked_until', 'timestamptz', (column) => column.notNull())
      .addColumn('looked_at', 'timestamptz')
      .addColumn('news_at', 'timestamptz')
      .execute();
  },
};
