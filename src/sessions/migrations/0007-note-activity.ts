import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * When a thread was active last, for sessions that are kept for a time only, and the way from a contact to its threads.
 */
export const noteActivity: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('sessions')
      .addColumn('active_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    await db.schema.createIndex('sessions_by_activity').on('sessions').column('active_at').execute();
    await db.schema
      .createIndex('sessions_by_contact')
      .on('sessions')
      .columns(['portal_id', 'contact_id'])
      .where(sql.ref('contact_id'), 'is not', null)
      .execute();
  },
};
