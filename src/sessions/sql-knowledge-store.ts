import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { KnowledgeStore } from './knowledge.ts';
import type { Database } from './schema.ts';
import { storable } from './storable.ts';

/** So many contents go in one statement, and so many characters: it has to end well within a query's time. */
const BATCH = 100;
const BATCH_CHARACTERS = 2_000_000;
/** A statement about places takes three parameters each. */
const PLACES = 5_000;
/** A refresh is done within this time, so that what no version uses by then is nobody's. */
const UNUSED_DAYS = 1;
/** A source that nobody reads any more was taken out of the settings. */
const FORGOTTEN_DAYS = 30;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const inBatches = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

const inStatements = (rows: { hash: string; content: string }[]): { hash: string; content: string }[][] => {
  const batches: (typeof rows)[] = [];
  let characters = 0;
  for (const row of rows) {
    const last = batches.at(-1);
    characters += row.content.length;
    if (last && last.length < BATCH && characters <= BATCH_CHARACTERS) last.push(row);
    else {
      batches.push([row]);
      characters = row.content.length;
    }
  }
  return batches;
};

/** The {@link KnowledgeStore} in SQL. */
export const createSqlKnowledgeStore = (db: Kysely<Database>): KnowledgeStore => ({
  async keep(contents) {
    const rows = contents.map((content) => ({ hash: hashOf(storable(content)), content: storable(content) }));
    // Always in the same order: two that keep the same contents wait for each other, and not both at once.
    const distinct = [...new Map(rows.map((row) => [row.hash, row])).values()].sort((a, b) =>
      a.hash < b.hash ? -1 : 1,
    );
    for (const batch of inStatements(distinct)) {
      await db
        .insertInto('knowledge_contents')
        .values(batch)
        .onConflict((conflict) => conflict.column('hash').doUpdateSet({ kept_at: sql`now()` }))
        .execute();
    }
    return rows.map(({ hash }) => hash);
  },

  async switchTo({ source, settings, hashes, leftOut, leftOutExample }) {
    const version = hashOf(hashes.join('\n'));
    return await db.transaction().execute(async (transaction) => {
      const state = {
        settings,
        version,
        articles: hashes.length,
        left_out: leftOut,
        left_out_example: leftOutExample === null ? null : storable(leftOutExample),
        read_at: sql<Date>`now()`,
        tried_at: sql<Date>`now()`,
        problem: null,
      };
      // Two that switch the same source go one after the other.
      await transaction
        .insertInto('knowledge_sources')
        .values({ source })
        .onConflict((conflict) => conflict.column('source').doUpdateSet({ tried_at: sql`now()` }))
        .execute();
      const before = await transaction
        .selectFrom('knowledge_sources')
        .select('version')
        .where('source', '=', source)
        .executeTakeFirst();
      const changed = before?.version !== version;
      if (changed) {
        await transaction.deleteFrom('knowledge_articles').where('source', '=', source).execute();
        const places = hashes.map((hash, place) => ({ source, version, place, hash }));
        for (const batch of inBatches(places, PLACES)) {
          await transaction.insertInto('knowledge_articles').values(batch).execute();
        }
      }
      await transaction.updateTable('knowledge_sources').set(state).where('source', '=', source).execute();
      const forgotten = transaction
        .selectFrom('knowledge_sources')
        .select('source')
        .where('tried_at', '<', sql<Date>`now() - make_interval(days => ${FORGOTTEN_DAYS})`);
      await transaction.deleteFrom('knowledge_articles').where('source', 'in', forgotten).execute();
      await transaction.deleteFrom('knowledge_sources').where('source', 'in', forgotten).execute();
      await transaction
        .deleteFrom('knowledge_contents')
        .where('kept_at', '<', sql<Date>`now() - make_interval(days => ${UNUSED_DAYS})`)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('knowledge_articles')
                .select('source')
                .whereRef('knowledge_articles.hash', '=', 'knowledge_contents.hash'),
            ),
          ),
        )
        .execute();
      return { changed };
    });
  },

  async noteProblem(source, problem) {
    await db
      .insertInto('knowledge_sources')
      .values({ source, problem: storable(problem) })
      .onConflict((conflict) =>
        conflict.column('source').doUpdateSet({ problem: storable(problem), tried_at: sql`now()` }),
      )
      .execute();
  },

  async served(sources) {
    if (sources.length === 0) return { versions: new Map(), contents: [] };
    // One statement sees one state of the database: no version is half of one and half of another.
    const rows = await db
      .selectFrom('knowledge_sources as served')
      .leftJoin('knowledge_articles as article', (join) =>
        join.onRef('article.source', '=', 'served.source').onRef('article.version', '=', 'served.version'),
      )
      .leftJoin('knowledge_contents as kept', 'kept.hash', 'article.hash')
      .select(['served.source', 'served.version', 'kept.content'])
      .where('served.source', 'in', sources)
      .where('served.version', 'is not', null)
      .orderBy('served.source')
      .orderBy('article.place')
      .execute();
    return {
      versions: new Map(rows.flatMap(({ source, version }) => (version === null ? [] : [[source, version]]))),
      contents: rows.flatMap(({ source, content }) => (content === null ? [] : [{ source, content }])),
    };
  },

  async versions(sources) {
    if (sources.length === 0) return new Map();
    const rows = await db
      .selectFrom('knowledge_sources')
      .select(['source', 'version'])
      .where('source', 'in', sources)
      .execute();
    return new Map(rows.flatMap(({ source, version }) => (version === null ? [] : [[source, version]])));
  },

  async states(sources) {
    if (sources?.length === 0) return [];
    return await db
      .selectFrom('knowledge_sources')
      .select([
        'source',
        'version',
        'articles',
        'left_out as leftOut',
        'left_out_example as leftOutExample',
        'read_at as readAt',
        'tried_at as triedAt',
        'problem',
        'settings',
      ])
      .$if(sources !== null, (query) => query.where('source', 'in', sources ?? []))
      .orderBy('source')
      .execute();
  },
});
