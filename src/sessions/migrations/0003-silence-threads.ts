import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Keeps why the AI is silent on a thread, since when, and until when, if that was said; and which run asked it before
 * the one that does.
 */
export const silenceThreads: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('sessions')
      .addColumn('silenced', 'text')
      .addColumn('silenced_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('silenced_until', 'bigint')
      .addColumn('asked_before', 'text')
      .execute();
  },
};
