import type { Embedder } from './embedder.ts';
import type { EmbeddingConfig } from './embedding-config.ts';

/** The embedder that the settings choose. Only the chosen one's code is loaded. */
export const createEmbedder = async (config: EmbeddingConfig): Promise<Embedder> => {
  const { createServerEmbedder } = await import('./server-embedder.ts');
  return createServerEmbedder(config);
};
