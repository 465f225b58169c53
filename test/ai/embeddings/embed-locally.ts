import { createLocalEmbedder } from '../../../src/ai/embeddings/local-embedder.ts';

/** A process of its own: the runtime's native part refuses the arrays of a test's realm. Prints the vectors. */
const vectors = await createLocalEmbedder({ folder: null, xdgCacheHome: undefined }).embed(
  process.argv.slice(2),
  'question',
  AbortSignal.timeout(60_000),
);
process.stdout.write(JSON.stringify(vectors.map((vector) => [...vector])));
