import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The calls of an AI that were let through: how many for whom, and what those at work may cost yet. */
export const admitAiCalls: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('ai_admissions')
      .addColumn('call_id', 'text', (column) => column.primaryKey())
      .addColumn('portal_id', 'text', (column) => column.notNull())
      .addColumn('askers', sql`text[]`, (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull())
      .addColumn('day', 'date', (column) => column.notNull())
      .addColumn('held', 'bigint', (column) => column.notNull())
      .addColumn('if_lost', 'bigint', (column) => column.notNull())
      .addColumn('settled', 'boolean', (column) => column.notNull().defaultTo(false))
      .execute();
    await db.schema
      .createIndex('ai_admissions_by_time')
      .on('ai_admissions')
      .columns(['portal_id', 'asked_at'])
      .execute();
  },
};
