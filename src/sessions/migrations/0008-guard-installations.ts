import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Keeps of each installation what the app may do, whether its tokens can be renewed, and when that was tried last after
 * HubSpot had refused; the installations that wait for somebody's word; and the visits of the desk that were
 * ended.
 */
export const guardInstallations: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('installations')
      .addColumn('scopes', 'text')
      .addColumn('trouble', 'text')
      .addColumn('refused_at', 'timestamptz')
      .execute();
    await db.schema
      .createTable('waiting_installations')
      .addColumn('portal_id', 'text', (column) => column.primaryKey())
      .addColumn('ai_actor_id', 'text', (column) => column.notNull())
      .addColumn('access_token', 'text', (column) => column.notNull())
      .addColumn('refresh_token', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
      .addColumn('scopes', 'text')
      .addColumn('asked_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    await db.schema
      .createTable('ended_visits')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('until', 'timestamptz', (column) => column.notNull())
      .execute();
  },
};
