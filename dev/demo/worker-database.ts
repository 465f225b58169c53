import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';
import type { Database } from '../../src/sessions/schema.ts';

/** A statement for the worker, in whose process the demo's database is. */
export interface Asked {
  ask: number;
  sql: string;
  parameters: readonly unknown[];
}

/** What came of it. */
export type Answered = { answer: number } & ({ rows: unknown[] } | { problem: string });

const isObject = (message: unknown): message is object => typeof message === 'object' && message !== null;
export const isAsked = (message: unknown): message is Asked => isObject(message) && 'ask' in message;
export const isAnswered = (message: unknown): message is Answered => isObject(message) && 'answer' in message;

/** Answers a statement by the worker's own database. Never throws. */
export const answerFrom = async (db: Kysely<Database>, { ask, sql, parameters }: Asked): Promise<Answered> => {
  try {
    const { rows } = await db.executeQuery(CompiledQuery.raw(sql, [...parameters]));
    return { answer: ask, rows };
  } catch (error) {
    return { answer: ask, problem: (error as Error).message };
  }
};

type Send = (sql: string, parameters: readonly unknown[]) => Promise<unknown[]>;

const refuse = async (): Promise<never> => {
  throw new Error("The demo's desk has single statements only");
};

const driverOver = (send: Send): Driver => {
  const connection: DatabaseConnection = {
    executeQuery: async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => ({
      rows: (await send(sql, parameters)) as Row[],
    }),
    // biome-ignore lint/correctness/useYield: it refuses before there is anything to give
    async *streamQuery() {
      await refuse();
    },
  };
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  };
};

/**
 * The demo's database for the API, whose process is another one than the worker's: each statement goes to the worker
 * (`send`), which may be killed. Then it fails, as a database does that is away.
 */
export const workerDatabase = (send: Send): OpenDatabase => {
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driverOver(send),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  const db = new Kysely<Database>({ dialect });
  return { db, close: () => db.destroy() };
};
