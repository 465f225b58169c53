import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Keeps what the AI would have said, and what a person said instead. */
export const keepShadowDrafts: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('shadow_drafts')
      .addColumn('portal_id', 'text', (column) => column.notNull())
      .addColumn('thread_id', 'text', (column) => column.notNull())
      .addColumn('answered_message_id', 'text', (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('words', 'text', (column) => column.notNull())
      .addColumn('human_message_ids', sql`text[]`, (column) => column.notNull().defaultTo(sql`'{}'`))
      .addColumn('human_words', 'text', (column) => column.notNull().defaultTo(''))
      .addColumn('drafted_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('shadow_drafts_pkey', ['portal_id', 'thread_id', 'answered_message_id'])
      .execute();
    await db.schema.createIndex('shadow_drafts_by_age').on('shadow_drafts').column('drafted_at').execute();
  },
};
