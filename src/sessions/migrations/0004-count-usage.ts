import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Keeps what each call of an AI took. */
export const countUsage: Migration = {
  async up(db: Kysely<unknown>) {
    // No foreign key: what was spent stays spent, even where its session is gone.
    await db.schema
      .createTable('ai_calls')
      .addColumn('call_id', 'text', (column) => column.primaryKey())
      .addColumn('portal_id', 'text', (column) => column.notNull())
      .addColumn('thread_id', 'text', (column) => column.notNull())
      .addColumn('day', 'date', (column) => column.notNull())
      .addColumn('input_tokens', 'bigint', (column) => column.notNull())
      .addColumn('output_tokens', 'bigint', (column) => column.notNull())
      .addColumn('cost', 'bigint')
      .execute();
    // What a portal has spent today is asked by every run under a budget: the index alone answers.
    await sql`create index ai_calls_by_day on ai_calls (portal_id, day) include (cost)`.execute(db);
    await db.schema.createIndex('ai_calls_by_thread').on('ai_calls').columns(['portal_id', 'thread_id']).execute();
  },
};
