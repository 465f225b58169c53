import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type OpenDatabase, openDatabase } from '../../src/sessions/open-session-store.ts';
import { withEmbeddedDatabase } from './embedded-database.ts';
import { suiteTemporal } from './suite-temporal.ts';
import { uniqueName } from './unique-name.ts';

/** An empty database on the run's PostgreSQL, as a URL; `null` where the run has none. */
export const createSuiteDatabase = async (): Promise<string | null> => {
  const { databaseUrl } = suiteTemporal();
  if (databaseUrl === null) return null;
  const name = uniqueName('product').replaceAll('-', '_');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(databaseUrl);
  url.pathname = name;
  return url.href;
};

/**
 * What the run's ground sets for a product that it doesn't set itself: the keys, and a database of its own, on the
 * run's PostgreSQL or, where there is none, embedded in `dataDir`, an empty folder.
 */
export const suiteEnvironment = async (dataDir: string): Promise<Record<string, string>> => {
  const { payloadKeys } = suiteTemporal();
  const ground = { DATA_DIR: dataDir, ...(payloadKeys === '' ? {} : { PAYLOAD_KEYS: payloadKeys }) };
  const databaseUrl = await createSuiteDatabase();
  if (databaseUrl !== null) return { ...ground, DATABASE_URL: databaseUrl };
  await withEmbeddedDatabase(dataDir);
  return ground;
};

/** Opens such a database, for tests of what is kept in one. Its end removes what it has put on the disk. */
export const openSuiteDatabase = async (): Promise<OpenDatabase> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-database-'));
  const { DATABASE_URL: databaseUrl } = await suiteEnvironment(dataDir);
  const { db, close } = await openDatabase({ databaseUrl, dataDir });
  return {
    db,
    close: async () => {
      await close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
