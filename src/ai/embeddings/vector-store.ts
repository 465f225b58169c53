/** A vector by the hash of its text. */
export interface StoredVector {
  hash: string;
  vector: Float32Array;
}

/**
 * Vectors of articles by model and content hash, shared by all workers. A hash is computed by whoever claims it; a
 * claim lapses, so a worker that dies leaves nothing for ever undone. A vector is there whole or not at all.
 */
export interface VectorStore {
  /** Those that are there. They are kept for 30 days from when they were last read. */
  read(model: string, hashes: readonly string[]): Promise<StoredVector[]>;
  /** Which of them the caller is to compute: the others are there, or being computed. */
  claim(model: string, hashes: readonly string[]): Promise<string[]>;
  write(model: string, vectors: readonly StoredVector[]): Promise<void>;
  /** Gives claims back that came to nothing. */
  release(model: string, hashes: readonly string[]): Promise<void>;
}

/** For one process, as long as it lives. */
export const createMemoryVectorStore = (): VectorStore => {
  const stored = new Map<string, Float32Array | null>();
  const keyOf = (model: string, hash: string): string => `${model} ${hash}`;
  return {
    async read(model, hashes) {
      return hashes.flatMap((hash) => {
        const vector = stored.get(keyOf(model, hash));
        return vector ? [{ hash, vector }] : [];
      });
    },
    async claim(model, hashes) {
      const free = hashes.filter((hash) => !stored.has(keyOf(model, hash)));
      for (const hash of free) stored.set(keyOf(model, hash), null);
      return free;
    },
    async write(model, vectors) {
      for (const { hash, vector } of vectors) stored.set(keyOf(model, hash), vector);
    },
    async release(model, hashes) {
      for (const hash of hashes) if (!stored.get(keyOf(model, hash))) stored.delete(keyOf(model, hash));
    },
  };
};
