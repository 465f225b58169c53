import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What articles mean, as vectors by model and content hash: computed once for all workers. */
export const keepVectors: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('vectors')
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('content_hash', 'text', (column) => column.notNull())
      .addColumn('vector', 'bytea')
      .addColumn('claimed_at', 'bigint', (column) => column.notNull())
      .addColumn('read_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('vectors_pk', ['model', 'content_hash'])
      .execute();
  },
};
