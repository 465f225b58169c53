import { PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import { SessionStoreError } from './errors.ts';

/** A connection attempt and a query may take this long, in ms. Temporal tries again; nothing may wait for ever. */
const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 10_000;
/** A connection that a firewall has silently cut is given up after so long, at the latest. */
const CONNECTION_LIFETIME_S = 300;

/** A PostgreSQL server's connections, before anyone has asked whether they work. */
export interface ServerDatabase {
  dialect: PostgresDialect;
  /** `database at host:port`, for people. */
  place: string;
}

/**
 * Connections to the PostgreSQL server of `DATABASE_URL`, made when first used. A lost connection is logged, never
 * thrown: the pool makes another.
 * @throws {SessionStoreError} where `databaseUrl` is no URL.
 */
export const serverDatabase = (databaseUrl: string, logger?: Pick<Logger, 'warn'>): ServerDatabase => {
  let target: pg.Client;
  try {
    target = new pg.Client({ connectionString: databaseUrl });
  } catch {
    // The error holds the URL, and the URL the password.
    throw new SessionStoreError('DATABASE_URL is not a URL: write it as postgres://user:password@host:5432/database');
  }
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'threadkeeper',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    maxLifetimeSeconds: CONNECTION_LIFETIME_S,
    keepAlive: true,
  });
  // The pool speaks for idle connections only: one in use that is cut between two queries would end the process.
  pool.on('connect', (client) => {
    client.on('error', (error) => logger?.warn({ err: error }, 'lost a connection to the session database'));
  });
  // Said already, by the connection itself; without a listener it would be thrown.
  pool.on('error', () => undefined);
  return { dialect: new PostgresDialect({ pool }), place: `${target.database} at ${target.host}:${target.port}` };
};

const ADVICE: Record<string, string> = {
  ENOTFOUND: 'no such host: check DATABASE_URL',
  EAI_AGAIN: 'the host name can not be looked up now: check DATABASE_URL and the network',
  ECONNREFUSED: 'nothing listens there: start PostgreSQL, or check host and port in DATABASE_URL',
  ECONNRESET: 'the connection was cut: check that DATABASE_URL points at a PostgreSQL server',
  ETIMEDOUT: 'no answer: check host, port and firewall',
  EHOSTUNREACH: 'the host can not be reached: check host and network',
  '28P01': 'user or password is wrong: check DATABASE_URL',
  '28000': "the server refuses this user: check DATABASE_URL and the server's pg_hba.conf",
  '3D000': 'the server has no such database: create it, or check DATABASE_URL',
  '42501': 'the user may not create tables: grant it CREATE on the schema',
  '25006': 'the server is read-only: point DATABASE_URL at the primary',
  '53300': 'the server has no connection left: raise max_connections or use a pooler',
};

/** Says why a server can't be used, in one line that says what to do. */
export const explainServerError = (error: unknown, place: string): SessionStoreError => {
  const { code, message } = error as { code?: string; message?: string };
  // Kysely's word for a migration that stands in the database and not in this code.
  const fromNewer = message?.startsWith('corrupted migrations')
    ? 'a newer version of Threadkeeper has changed its tables: run that version'
    : undefined;
  const asItSays = `${(message || code || 'unknown error').split('\n')[0]}: check DATABASE_URL and the server`;
  const reason = fromNewer ?? (code && ADVICE[code]) ?? asItSays;
  return new SessionStoreError(`The session database (${place}) can't be used: ${reason}`, { cause: error });
};
