import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMemoryVectorStore, type VectorStore } from '../../src/ai/embeddings/vector-store.ts';
import { type OpenDatabase, openDatabase } from '../../src/sessions/open-session-store.ts';
import { createSqlVectorStore } from '../../src/sessions/sql-vector-store.ts';
import { withEmbeddedDatabase } from '../support/embedded-database.ts';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const vector = (...values: number[]): Float32Array => Float32Array.from(values);

const describeVectorStore = (name: string, open: (now?: () => number) => VectorStore) => {
  describe(`vectors kept ${name}`, () => {
    let model = 0;
    const nextModel = (): string => {
      model += 1;
      return `model-${name}-${model}`;
    };

    it('are read as they were written, of one model only', async () => {
      const store = open();
      const [one, other] = [nextModel(), nextModel()];
      await store.claim(one, ['a', 'b']);
      await store.write(one, [{ hash: 'a', vector: vector(0.25, -1, 1e-7) }]);
      expect(await store.read(one, ['a', 'b', 'c'])).toEqual([{ hash: 'a', vector: vector(0.25, -1, 1e-7) }]);
      expect(await store.read(other, ['a'])).toEqual([]);
      expect(await store.read(one, [])).toEqual([]);
    });

    it('are computed by who claims them first', async () => {
      const store = open();
      const name = nextModel();
      const claims = await Promise.all([store.claim(name, ['a', 'b']), store.claim(name, ['b', 'a', 'c'])]);
      expect(claims.flat().sort()).toEqual(['a', 'b', 'c']);
      expect(await store.claim(name, ['a', 'b', 'c'])).toEqual([]);
    });

    it('can be claimed again once given back, but not once they are there', async () => {
      const store = open();
      const name = nextModel();
      await store.claim(name, ['a', 'b']);
      await store.write(name, [{ hash: 'a', vector: vector(1) }]);
      await store.release(name, ['a', 'b']);
      expect(await store.claim(name, ['a', 'b'])).toEqual(['b']);
      expect(await store.read(name, ['a'])).toHaveLength(1);
    });
  });
};

const describeDatabase = (name: string, database: () => OpenDatabase) => {
  describeVectorStore(name, (now) => createSqlVectorStore(database().db, now));

  describe(`vectors kept ${name}, as time goes by`, () => {
    it('are computed by another once who claimed them has died', async () => {
      let at = Date.now();
      const store = createSqlVectorStore(database().db, () => at);
      await store.claim('lapsing', ['a']);
      at += MINUTE_MS;
      expect(await store.claim('lapsing', ['a'])).toEqual([]);
      at += 2 * MINUTE_MS;
      expect(await store.claim('lapsing', ['a'])).toEqual(['a']);
    });

    it('are forgotten 30 days after they were last read', async () => {
      let at = Date.now();
      const store = createSqlVectorStore(database().db, () => at);
      await store.write('ageing', [
        { hash: 'used', vector: vector(1) },
        { hash: 'unused', vector: vector(1) },
      ]);
      at += 20 * DAY_MS;
      expect(await store.read('ageing', ['used'])).toHaveLength(1);
      at += 20 * DAY_MS;
      await store.read('ageing', ['another']);
      expect((await store.read('ageing', ['used', 'unused'])).map(({ hash }) => hash)).toEqual(['used']);
    });
  });
};

describeVectorStore('in memory', () => createMemoryVectorStore());

describe('in the embedded database', () => {
  let database: OpenDatabase;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await withEmbeddedDatabase(await mkdtemp(join(tmpdir(), 'vectors-')));
    database = await openDatabase({ databaseUrl: undefined, dataDir });
  });
  afterAll(async () => {
    await database.close();
    await rm(dataDir, { recursive: true });
  });
  describeDatabase('in the embedded database', () => database);
});

(hasPostgres ? describe : describe.skip)('on a PostgreSQL server', () => {
  let server: TestPostgres;
  let database: OpenDatabase;
  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase({ databaseUrl: await server.createDatabase('vectors'), dataDir: '/nowhere' });
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });
  describeDatabase('on a PostgreSQL server', () => database);
});
