import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Of each turn what a report on outcomes asks for; when an agent wrote next. All of it may be missing: earlier versions
 * have noted nothing.
 */
export const noteOutcomes: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('turns')
      .addColumn('channel', 'text')
      .addColumn('language', 'text')
      .addColumn('asked_at', 'bigint')
      .addColumn('newest_at', 'bigint')
      .addColumn('cause', 'text')
      .addColumn('sources', 'jsonb')
      .addColumn('confidence', 'double precision')
      .addColumn('asks_back', 'boolean')
      .addColumn('question', 'text')
      .addColumn('agent_wrote_at', 'bigint')
      .execute();
    await db.schema.createIndex('turns_by_time').on('turns').column('taken_at').execute();
    await db.schema
      .createIndex('turns_with_question')
      .on('turns')
      .column('taken_at')
      .where(sql.ref('question'), 'is not', null)
      .execute();
    await db.schema.alterTable('sessions').addColumn('agent_wrote_at', 'bigint').execute();
  },
};
