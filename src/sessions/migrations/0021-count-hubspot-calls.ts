import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which calls of HubSpot each portal's workers may make, and which worker looks for lost webhooks. */
export const countHubSpotCalls: Migration = {
  async up(db: Kysely<unknown>) {
    // It says something of the last second or two: what a crash of the server loses is of no worth by then.
    await sql`
      create unlogged table hubspot_calls (
        portal_id text primary key,
        leases text[] not null,
        untils bigint[] not null,
        granted integer not null,
        asked_at bigint not null,
        closed_until bigint not null default 0
      )`.execute(db);
    await db.schema
      .createTable('catch_up_turns')
      .addColumn('batch', 'integer', (column) => column.primaryKey())
      .addColumn('due_at', 'timestamptz', (column) => column.notNull())
      .execute();
  },
};
