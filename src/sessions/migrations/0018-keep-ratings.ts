import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which customers were asked how good the help was, and what they said: a number, and none of their words. */
export const keepRatings: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('ratings')
      .addColumn('portal_id', 'text', (column) => column.notNull())
      .addColumn('thread_id', 'text', (column) => column.notNull())
      .addColumn('answered_message_id', 'text', (column) => column.notNull())
      .addColumn('workflow_id', 'text', (column) => column.notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('asked_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('score', 'smallint', (column) => column.check(sql`score between 1 and 5`))
      .addColumn('rated_at', 'timestamptz')
      .addPrimaryKeyConstraint('ratings_pk', ['portal_id', 'thread_id', 'answered_message_id'])
      .execute();
    await db.schema.createIndex('ratings_by_time').on('ratings').column('asked_at').execute();
  },
};
