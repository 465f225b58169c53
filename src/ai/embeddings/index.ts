import type { Embedder } from './embedder.ts';
import type { EmbeddingConfig } from './embedding-config.ts';

/** The embedder that the settings choose. Only the chosen one's code is loaded. */
export const createEmbedder = async (config: EmbeddingConfig): Promise<Embedder> => {
  if (config.kind === 'local') {
    const { createLocalEmbedder } = await import('./local-embedder.ts');
    return createLocalEmbedder(config);
  }
  const { createServerEmbedder } = await import('./server-embedder.ts');
  return createServerEmbedder(config);
};
