import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The AI is stopped, in one portal or in all, until somebody lets it answer again. */
export const keepStops: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('stops')
      .addColumn('portal_id', 'text', (column) => column.primaryKey())
      .addColumn('stopped_by', 'text', (column) => column.notNull())
      .addColumn('stopped_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
  },
};
