import { type Kysely, sql } from 'kysely';
import type { StoredVector, VectorStore } from '../ai/embeddings/vector-store.ts';
import type { Database } from './schema.ts';

/** A batch takes seconds; who has a claim for longer has died. */
const CLAIM_MS = 2 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const KEPT_MS = 30 * DAY_MS;
/** How often it is noted that a vector was read. */
const NOTED_MS = DAY_MS;

/** Four bytes a number, the lowest first, whatever the machine's own order. */
const bytesOf = (vector: Float32Array): Buffer => {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes;
};

const vectorIn = (stored: Uint8Array): Float32Array => {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
};

/** The {@link VectorStore} in SQL. `now` in ms since the epoch. */
export const createSqlVectorStore = (db: Kysely<Database>, now: () => number = Date.now): VectorStore => ({
  async read(model, hashes) {
    if (hashes.length === 0) return [];
    const at = now();
    const { rows } = await sql<{ content_hash: string; vector: Uint8Array }>`
      select content_hash, vector from vectors
      where model = ${model} and content_hash = any(${hashes}::text[]) and vector is not null
    `.execute(db);
    await sql`
      update vectors set read_at = ${at}::bigint
      where model = ${model} and content_hash = any(${hashes}::text[]) and read_at < ${at - NOTED_MS}::bigint
    `.execute(db);
    await sql`delete from vectors where read_at < ${at - KEPT_MS}::bigint`.execute(db);
    return rows.map(({ content_hash: hash, vector }): StoredVector => ({ hash, vector: vectorIn(vector) }));
  },

  async claim(model, hashes) {
    if (hashes.length === 0) return [];
    const at = now();
    // In one order for all, so that two who claim at once don't wait for each other.
    const { rows } = await sql<{ content_hash: string }>`
      insert into vectors (model, content_hash, claimed_at, read_at)
      select ${model}::text, hash, ${at}::bigint, ${at}::bigint from unnest(${[...hashes].sort()}::text[]) as hash
      on conflict (model, content_hash) do update set claimed_at = excluded.claimed_at
      where vectors.vector is null and vectors.claimed_at < ${at - CLAIM_MS}::bigint
      returning content_hash
    `.execute(db);
    return rows.map((row) => row.content_hash);
  },

  async write(model, vectors) {
    if (vectors.length === 0) return;
    const at = now();
    await sql`
      insert into vectors (model, content_hash, vector, claimed_at, read_at)
      values ${sql.join(
        vectors.map(
          ({ hash, vector }) =>
            sql`(${model}::text, ${hash}::text, ${bytesOf(vector)}::bytea, ${at}::bigint, ${at}::bigint)`,
        ),
      )}
      on conflict (model, content_hash) do update set vector = excluded.vector
    `.execute(db);
  },

  async release(model, hashes) {
    await sql`
      delete from vectors where model = ${model} and content_hash = any(${hashes}::text[]) and vector is null
    `.execute(db);
  },
});
