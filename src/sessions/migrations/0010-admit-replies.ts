import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Keeps what the AI is about to answer, or has answered, by whom it goes to: over all threads of a portal. */
export const admitReplies: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('admitted_replies')
      .addColumn('place', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
      .addColumn('portal_id', 'text', (column) => column.notNull())
      .addColumn('thread_id', 'text', (column) => column.notNull())
      .addColumn('message_id', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('words', 'text')
      .addColumn('gist', 'text')
      .addColumn('mailbox', 'text')
      .addColumn('written_at', 'bigint', (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull())
      .addColumn('verdict', 'text', (column) => column.notNull())
      .addColumn('settled', 'boolean', (column) => column.notNull().defaultTo(sql`false`))
      .addPrimaryKeyConstraint('admitted_replies_pk', ['portal_id', 'thread_id', 'message_id'])
      .execute();
    await db.schema
      .createIndex('admitted_replies_by_address')
      .on('admitted_replies')
      .columns(['portal_id', 'address', 'asked_at'])
      .execute();
  },
};
