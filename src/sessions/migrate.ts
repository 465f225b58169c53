import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration';
import { createSessions } from './migrations/0001-create-sessions.ts';
import { noteTakeovers } from './migrations/0002-note-takeovers.ts';
import { silenceThreads } from './migrations/0003-silence-threads.ts';
import { countUsage } from './migrations/0004-count-usage.ts';
import { keepShadowDrafts } from './migrations/0005-keep-shadow-drafts.ts';
import { createInstallations } from './migrations/0006-create-installations.ts';
import { noteActivity } from './migrations/0007-note-activity.ts';
import { guardInstallations } from './migrations/0008-guard-installations.ts';
import { admitAiCalls } from './migrations/0009-admit-ai-calls.ts';
import { admitReplies } from './migrations/0010-admit-replies.ts';
import { keepVectors } from './migrations/0011-keep-vectors.ts';
import { keepKnowledge } from './migrations/0012-keep-knowledge.ts';
import { noteOutcomes } from './migrations/0014-note-outcomes.ts';
import { keepStops } from './migrations/0017-keep-stops.ts';
import { keepRatings } from './migrations/0018-keep-ratings.ts';
import { keepCatchUps } from './migrations/0020-keep-catch-ups.ts';
import { countHubSpotCalls } from './migrations/0021-count-hubspot-calls.ts';
import { keepOwnChanges } from './migrations/0022-keep-own-changes.ts';
import type { Database } from './schema.ts';

/** Every migration by its name, in the order of the names. One that has been released is never changed again. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-create-sessions': createSessions,
  '0002-note-takeovers': noteTakeovers,
  '0003-silence-threads': silenceThreads,
  '0004-count-usage': countUsage,
  '0005-keep-shadow-drafts': keepShadowDrafts,
  '0006-create-installations': createInstallations,
  '0007-note-activity': noteActivity,
  '0008-guard-installations': guardInstallations,
  '0009-admit-ai-calls': admitAiCalls,
  '0010-admit-replies': admitReplies,
  '0011-keep-vectors': keepVectors,
  '0012-keep-knowledge': keepKnowledge,
  '0014-note-outcomes': noteOutcomes,
  '0017-keep-stops': keepStops,
  '0018-keep-ratings': keepRatings,
  '0020-keep-catch-ups': keepCatchUps,
  '0021-count-hubspot-calls': countHubSpotCalls,
  '0022-keep-own-changes': keepOwnChanges,
};

const migratorOf = (db: Kysely<Database>): Migrator =>
  new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });

/** The migrations that stand between a database and this version's schema, by their names. */
export interface MigrationState {
  /** {@link migrate} would run these. */
  pending: string[];
  /** A newer version has run these: {@link migrate} would refuse. */
  unknown: string[];
}

/** Looks how far the database is, changing nothing. @throws the driver's error */
export const migrationState = async (db: Kysely<Database>): Promise<MigrationState> => {
  const known = await migratorOf(db).getMigrations();
  const pending = known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
  if (pending.length === known.length) return { pending, unknown: [] };
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  return { pending, unknown: rows.map(({ name }) => name).filter((name) => !Object.hasOwn(MIGRATIONS, name)) };
};

/**
 * Brings the database to this version's schema, all or nothing. Safe when several processes start at once: the first
 * takes an advisory lock, the others wait and find nothing left to do.
 * @throws the driver's error, or Kysely's where the database knows a migration that this version doesn't.
 */
export const migrate = async (db: Kysely<Database>): Promise<void> => {
  const { error } = await migratorOf(db).migrateToLatest();
  if (error) throw error;
};
