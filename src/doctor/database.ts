import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { check as isLocked } from 'proper-lockfile';
import { inWords } from '../reports/stops-report.ts';
import { type MigrationState, migrationState } from '../sessions/migrate.ts';
import type { Database } from '../sessions/schema.ts';
import { explainServerError, serverDatabase } from '../sessions/server-database.ts';
import { createStops, type Stop } from '../sessions/stops.ts';
import { type Check, type CheckResult, ok, problem, warning } from './finding.ts';

interface ServerState extends MigrationState {
  readOnly: boolean;
  mayCreateTables: boolean;
  stops: Stop[];
}

const lookAtServer = async (db: Kysely<Database>): Promise<ServerState> => {
  const { rows } = await sql<{ read_only: string; may_create: boolean | null }>`
    select current_setting('transaction_read_only') as read_only,
      has_schema_privilege(current_schema(), 'create') as may_create
  `.execute(db);
  const migrations = await migrationState(db);
  return {
    ...migrations,
    stops: migrations.pending.length + migrations.unknown.length > 0 ? [] : await createStops(db).list(),
    readOnly: rows[0]?.read_only === 'on',
    mayCreateTables: rows[0]?.may_create === true,
  };
};

const judgeServer = (
  { pending, unknown, readOnly, mayCreateTables, stops }: ServerState,
  place: string,
): CheckResult => {
  if (readOnly) return problem(`${place} is read-only.`, 'Point DATABASE_URL at the primary server.');
  if (unknown.length > 0) {
    return problem(
      `A newer version of Threadkeeper has changed the tables of ${place} (${unknown.join(', ')}).`,
      'Run that version, or point DATABASE_URL at another database.',
    );
  }
  if (stops.length > 0) {
    return warning(
      `An operator has stopped the AI in ${stops.map(({ scope }) => inWords(scope)).join(', ')}: it posts ` +
        'nothing to customers there.',
      'End the stop on /ops, or: npm run stop -- --end [--portal ID].',
    );
  }
  if (pending.length === 0) return ok(`${place} answers, its tables are up to date.`);
  if (!mayCreateTables) {
    return problem(
      `The tables of ${place} are not up to date, and its user may not create any.`,
      "As the database's owner: GRANT CREATE ON SCHEMA public TO the user in DATABASE_URL.",
    );
  }
  return warning(
    `${place} answers, its tables are not up to date (${pending.join(', ')}).`,
    'Start the worker (npm start, or npm run worker): it brings them up to date.',
  );
};

const checkServer = async (databaseUrl: string): Promise<CheckResult> => {
  const { dialect, place } = serverDatabase(databaseUrl);
  const db = new Kysely<Database>({ dialect });
  try {
    return judgeServer(await lookAtServer(db), place);
  } catch (error) {
    throw explainServerError(error, place);
  } finally {
    await db.destroy();
  }
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );

const nearestExisting = async (path: string): Promise<string> => {
  const parent = dirname(path);
  return parent === path || (await exists(path)) ? path : await nearestExisting(parent);
};

/** Changes nothing, and leaves the files to the process that has them: two would destroy them. */
const checkEmbedded = async (dataDir: string): Promise<CheckResult> => {
  const folder = join(dataDir, 'sessions');
  try {
    const nearest = await nearestExisting(folder);
    if (!(await stat(nearest)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    await access(nearest, constants.R_OK | constants.W_OK | constants.X_OK);
    if (nearest !== folder) return ok(`Embedded: ${folder} will be made at the first start.`);
    const used = (await isLocked(folder)) ? ', in use by a running Threadkeeper' : '';
    return ok(`Embedded: ${folder} can be written${used}.`);
  } catch (error) {
    return problem(
      `The embedded database can't write its folder ${folder} (${(error as NodeJS.ErrnoException).code}).`,
      'Set DATA_DIR to a folder that this user can write, or DATABASE_URL to a PostgreSQL server.',
    );
  }
};

/**
 * The session database: on a server reachable, writable and migrated; embedded, its folder writable. Changes nothing.
 */
export const databaseCheck = (databaseUrl: string | undefined, dataDir: string): Check => ({
  name: 'database',
  run: () => (databaseUrl === undefined ? checkEmbedded(dataDir) : checkServer(databaseUrl)),
  whenSilent:
    databaseUrl === undefined
      ? "Check the disk of DATA_DIR: it doesn't answer."
      : 'Check host and port in DATABASE_URL, and the firewall between.',
});
