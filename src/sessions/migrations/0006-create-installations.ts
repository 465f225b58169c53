import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The portals that installed the app, their tokens sealed; and the states of OAuth that have come back once. */
export const createInstallations: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('installations')
      .addColumn('portal_id', 'text', (column) => column.primaryKey())
      .addColumn('ai_actor_id', 'text', (column) => column.notNull())
      .addColumn('access_token', 'text', (column) => column.notNull())
      .addColumn('refresh_token', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
      .addColumn('reconnect', 'text')
      .addColumn('installed_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    await db.schema
      .createTable('used_install_states')
      .addColumn('nonce', 'text', (column) => column.primaryKey())
      .addColumn('used_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
  },
};
