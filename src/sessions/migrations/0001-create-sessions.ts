import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Sessions, their synchronised ticket properties, and the turns taken. */
export const createSessions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('sessions')
      .addColumn('portal_id', 'text', (column) => column.notNull())
      .addColumn('thread_id', 'text', (column) => column.notNull())
      .addColumn('contact_id', 'text')
      .addColumn('ticket_id', 'text')
      .addColumn('channel_id', 'text')
      .addColumn('ai_session_id', 'text')
      .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('sessions_pkey', ['portal_id', 'thread_id'])
      .execute();
    await db.schema
      .createIndex('sessions_by_ticket')
      .on('sessions')
      .columns(['portal_id', 'ticket_id'])
      .where(sql.ref('ticket_id'), 'is not', null)
      .execute();

    await db.schema
      .createTable('session_properties')
      .addColumn('portal_id', 'text', (column) => column.notNull())
      .addColumn('thread_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('occurred_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('session_properties_pkey', ['portal_id', 'thread_id', 'name'])
      .addForeignKeyConstraint(
        'session_properties_session_fkey',
        ['portal_id', 'thread_id'],
        'sessions',
        ['portal_id', 'thread_id'],
        (constraint) => constraint.onDelete('cascade'),
      )
      .execute();

    // No foreign key: the proof that something was posted is kept even where its session is gone.
    await db.schema
      .createTable('turns')
      .addColumn('portal_id', 'text', (column) => column.notNull())
      .addColumn('thread_id', 'text', (column) => column.notNull())
      .addColumn('answered_message_id', 'text', (column) => column.notNull())
      .addColumn('answered_message_ids', sql`text[]`, (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('posted_message_id', 'text', (column) => column.notNull())
      .addColumn('taken_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('turns_pkey', ['portal_id', 'thread_id', 'answered_message_id'])
      .execute();
  },
};
