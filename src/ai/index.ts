import type { AiConfig } from '../config.ts';
import type { AiBackend } from './backend.ts';

/**
 * The AI that the settings choose, ready to answer. Only the chosen one's code is loaded.
 * @throws {KnowledgeError} when `KNOWLEDGE_DIR` holds nothing to search.
 */
export const createAiBackend = async (config: AiConfig): Promise<AiBackend> => {
  switch (config.backend) {
    case 'knowledge': {
      const { loadKnowledgeBackend } = await import('./knowledge.ts');
      return await loadKnowledgeBackend(config.knowledgeDir);
    }
    case 'opencx': {
      const { createOpenCxBackend } = await import('./opencx.ts');
      return createOpenCxBackend(config);
    }
  }
};
