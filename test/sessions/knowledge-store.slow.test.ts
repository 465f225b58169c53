import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kysely, PGliteDialect, sql } from 'kysely';
import type { KnowledgeStore } from '../../src/sessions/knowledge.ts';
import { migrate } from '../../src/sessions/migrate.ts';
import { openDatabase } from '../../src/sessions/open-session-store.ts';
import type { Database } from '../../src/sessions/schema.ts';
import { createSqlKnowledgeStore } from '../../src/sessions/sql-knowledge-store.ts';
import { hasPostgres } from '../support/postgres.ts';
import { createSuiteDatabase } from '../support/suite-environment.ts';

interface Opened {
  db: Kysely<Database>;
  close(): Promise<void>;
}

const describeKnowledgeStore = (where: string, open: () => Promise<Opened>): void =>
  describe(where, () => {
    let opened: Opened;
    let store: KnowledgeStore;
    beforeAll(async () => {
      opened = await open();
      store = createSqlKnowledgeStore(opened.db);
    });
    afterAll(() => opened.close());

    const become = async (source: string, contents: string[], more = {}) =>
      await store.switchTo({
        source,
        settings: 's1',
        hashes: await store.keep(contents),
        leftOut: 0,
        leftOutExample: null,
        ...more,
      });
    const served = async (...sources: string[]): Promise<string[]> =>
      (await store.served(sources)).contents.map(({ content }) => content);
    const kept = async (): Promise<string[]> =>
      (await opened.db.selectFrom('knowledge_contents').select('content').orderBy('content').execute()).map(
        ({ content }) => content,
      );

    it('serves the newest version of each source in its order, and says whether it is another one', async () => {
      expect(await store.served(['a', 'none'])).toEqual({ versions: new Map(), contents: [] });
      expect(await become('a', ['one', 'two', 'one'])).toEqual({ changed: true });
      expect(await become('b', ['two', 'three'])).toEqual({ changed: true });
      expect(await served('a', 'b', 'none')).toEqual(['one', 'two', 'one', 'two', 'three']);
      const before = await store.versions(['a', 'b']);
      expect(await become('a', ['one', 'two', 'one'])).toEqual({ changed: false });
      expect(await store.versions(['a', 'b'])).toEqual(before);
      expect(await become('a', ['two', 'four'])).toEqual({ changed: true });
      expect((await store.versions(['a', 'b'])).get('a')).not.toBe(before.get('a'));
      expect(await served('a')).toEqual(['two', 'four']);
      expect(await served()).toEqual([]);
    });

    it('says how sources are, and keeps what is served of one that can’t be read', async () => {
      await become('c', ['x'], { leftOut: 2, leftOutExample: 'b.pdf: it holds no text' });
      await store.noteProblem('c', 'The folder is away');
      await store.noteProblem('d', 'The site is away');
      const [one, other] = await store.states(['c', 'd']);
      expect(one).toMatchObject({
        source: 'c',
        articles: 1,
        leftOut: 2,
        leftOutExample: 'b.pdf: it holds no text',
        problem: 'The folder is away',
        settings: 's1',
        readAt: expect.any(Date),
      });
      expect(other).toMatchObject({ source: 'd', version: null, readAt: null, problem: 'The site is away' });
      expect(await served('c', 'd')).toEqual(['x']);
      await become('c', ['x']);
      expect(await store.states(['c'])).toMatchObject([{ problem: null, leftOut: 0 }]);
      expect((await store.states(null)).map(({ source }) => source)).toEqual(['a', 'b', 'c', 'd']);
    });

    it('deletes what no version has used for a day, and sources that nobody has read for a month', async () => {
      await store.keep(['begun and never served']);
      await become('e', ['old', 'both']);
      await become('f', ['gone soon']);
      await opened.db.updateTable('knowledge_contents').set({ kept_at: sql`now() - interval '2 days'` }).execute();
      await opened.db
        .updateTable('knowledge_sources')
        .set({ tried_at: sql`now() - interval '31 days'` })
        .where('source', '=', 'f')
        .execute();
      await become('e', ['new', 'both']);
      const left = await kept();
      expect(left).toEqual(expect.arrayContaining(['new', 'both', 'four']));
      for (const gone of ['old', 'begun and never served', 'gone soon']) expect(left).not.toContain(gone);
      expect(await store.states(['f'])).toEqual([]);
    });

    it('takes texts that a database can’t hold as they are, and many at once', async () => {
      const many = Array.from({ length: 6_000 }, (_, number) => `\0${number}`);
      await become('g', many);
      expect(await served('g')).toEqual(many.map((text) => text.slice(1)));
    });

    it('gives a version whole, never half of one and half of another', async () => {
      const versions = ['even', 'odd'].map((name) => Array.from({ length: 50 }, (_, number) => `${name} ${number}`));
      await become('h', versions[0] as string[]);
      let done = false;
      const switching = (async () => {
        for (let round = 0; round < 10; round += 1) await become('h', versions[round % 2] as string[]);
        done = true;
      })();
      while (!done) expect(versions).toContainEqual(await served('h'));
      await switching;
    });
  });

describeKnowledgeStore('knowledge in an embedded database', async () => {
  const pglite = new PGlite();
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) });
  await migrate(db);
  return { db, close: () => db.destroy() };
});

(hasPostgres ? describe : describe.skip)('with a PostgreSQL server', () => {
  const newDatabase = async (): Promise<string> => (await createSuiteDatabase()) as string;

  describeKnowledgeStore('knowledge on a server', async () =>
    openDatabase({ databaseUrl: await newDatabase(), dataDir: '/nowhere' }),
  );

  it('is whole after a process was killed while it switched', async () => {
    const databaseUrl = await newDatabase();
    const script = join(import.meta.dirname, 'hold-knowledge.ts');
    const child = spawn(process.execPath, [script, databaseUrl], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { db, close } = await openDatabase({ databaseUrl, dataDir: '/nowhere' });
    const { contents } = await createSqlKnowledgeStore(db).served(['help']);
    await close();
    const name = contents[0]?.content.split(' ')[0];
    expect(contents.map(({ content }) => content)).toEqual(Array.from({ length: 200 }, (_, at) => `${name} ${at}`));
  });
});
