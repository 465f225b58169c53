import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Kysely, PGliteDialect, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const FOLDER = join(import.meta.dirname, '../../src/sessions/migrations');

interface Column {
  readonly of: string;
  readonly name: string;
  /** Its type, and whether it may be null. */
  readonly form: string;
  /** An insert that doesn't know it fails. */
  readonly isDemanded: boolean;
}

/** What code that reads and writes the database relies on. */
interface Shape {
  readonly columns: readonly Column[];
  /** Constraints and unique indexes: each may refuse a row. */
  readonly demands: readonly { readonly of: string; readonly name: string }[];
}

const shapeOf = async (db: Kysely<unknown>): Promise<Shape> => {
  const columns = await sql<Column>`
    select table_name as "of", column_name as name, data_type || ' ' || udt_name || ' ' || is_nullable as form,
      is_nullable = 'NO' and column_default is null and is_identity = 'NO' as "isDemanded"
    from information_schema.columns where table_schema = 'public'`.execute(db);
  const demands = await sql<{ of: string; name: string }>`
    select conrelid::regclass::text as "of", conname as name from pg_constraint
      where connamespace = 'public'::regnamespace and contype <> 'n'
    union select indrelid::regclass::text, indexrelid::regclass::text from pg_index join pg_class on oid = indexrelid
      where indisunique and relnamespace = 'public'::regnamespace`.execute(db);
  return { columns: columns.rows, demands: demands.rows };
};

/** Says what the code of the version before relies on and no longer finds, or what now refuses its rows. */
const breaks = (before: Shape, after: Shape): string[] => {
  const tables = new Set(before.columns.map(({ of }) => of));
  const had = new Set(before.columns.map(({ of, name }) => `${of}.${name}`));
  const hadDemand = new Set(before.demands.map(({ of, name }) => `${of}.${name}`));
  return [
    ...before.columns
      .filter(
        (old) => !after.columns.some(({ of, name, form }) => of === old.of && name === old.name && form === old.form),
      )
      .map(({ of, name }) => `${of}.${name} is gone or has another form`),
    ...after.columns
      .filter(({ of, name, isDemanded }) => isDemanded && tables.has(of) && !had.has(`${of}.${name}`))
      .map(({ of, name }) => `${of}.${name} has neither a default nor null`),
    ...after.demands
      .filter(({ of, name }) => tables.has(of) && !hadDemand.has(`${of}.${name}`))
      .map(({ of, name }) => `${name} may refuse rows of ${of}`),
  ];
};

describe('migrations', () => {
  const db = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite: new PGlite() }) });
  afterAll(() => db.destroy());

  it('only add, so workers of the version before stay right while they run on', async () => {
    const files = (await readdir(FOLDER)).sort();
    expect(files.length).toBeGreaterThan(15);
    let before = await shapeOf(db);
    for (const file of files) {
      const [migration] = Object.values((await import(join(FOLDER, file))) as Record<string, Migration>);
      await migration?.up(db);
      const after = await shapeOf(db);
      expect({ [parse(file).name]: breaks(before, after) }).toEqual({ [parse(file).name]: [] });
      before = after;
    }
  });

  it.each([
    ['drops a table', 'drop table stops', 'stops.portal_id is gone or has another form'],
    ['drops a column', 'alter table ratings drop column score', 'ratings.score is gone or has another form'],
    ['renames a column', 'alter table turns rename outcome to result', 'turns.outcome is gone or has another form'],
    ['changes a type', 'alter table turns alter cause type integer using 0', 'turns.cause is gone or has another form'],
    ['demands a value', 'alter table turns alter cause set not null', 'turns.cause is gone or has another form'],
    ['adds what old rows lack', 'alter table stops add why text not null', 'stops.why has neither a default nor null'],
    ['adds a check', `alter table stops add constraint word check (stopped_by <> '')`, 'word may refuse rows of stops'],
    ['adds a unique index', 'create unique index once on stops (stopped_by)', 'once may refuse rows of stops'],
  ])('would be seen here if one %s', async (_what, statement, seen) => {
    const before = await shapeOf(db);
    await db
      .transaction()
      .execute(async (trx) => {
        await sql.raw(statement).execute(trx);
        expect(breaks(before, await shapeOf(trx))).toContain(seen);
        throw new Error('undone');
      })
      .catch((error: Error) => {
        if (error.message !== 'undone') throw error;
      });
  });
});
