import pg from 'pg';
import { suiteTemporal } from './suite-temporal.ts';
import { uniqueName } from './unique-name.ts';

/** What the run's ground sets for a product that it doesn't set itself: a database of its own, and the keys. */
export const suiteEnvironment = async (): Promise<Record<string, string>> => {
  const { databaseUrl, payloadKeys } = suiteTemporal();
  const keys = payloadKeys === '' ? {} : { PAYLOAD_KEYS: payloadKeys };
  if (databaseUrl === null) return keys;
  const name = uniqueName('product').replaceAll('-', '_');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(databaseUrl);
  url.pathname = name;
  return { ...keys, DATABASE_URL: url.href };
};
