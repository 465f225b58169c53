import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Articles of sources, by the hash of their content; which of them are a source's version, and which one counts. */
export const keepKnowledge: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('knowledge_contents')
      .addColumn('hash', 'text', (column) => column.primaryKey())
      .addColumn('content', 'text', (column) => column.notNull())
      .addColumn('kept_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    await db.schema
      .createTable('knowledge_articles')
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('place', 'integer', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('knowledge_articles_pk', ['source', 'version', 'place'])
      .execute();
    await db.schema.createIndex('knowledge_articles_by_hash').on('knowledge_articles').column('hash').execute();
    await db.schema
      .createTable('knowledge_sources')
      .addColumn('source', 'text', (column) => column.primaryKey())
      .addColumn('settings', 'text')
      .addColumn('version', 'text')
      .addColumn('articles', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('left_out', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('left_out_example', 'text')
      .addColumn('read_at', 'timestamptz')
      .addColumn('tried_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('problem', 'text')
      .execute();
  },
};
