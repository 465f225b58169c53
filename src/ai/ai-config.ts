import type { FileKind } from './backend.ts';
import type { EmbeddingConfig } from './embeddings/embedding-config.ts';

/** The AI that answers, and the way to reach it. */
export type AiConfig =
  | {
      backend: 'knowledge';
      knowledgeDir: string;
      /** How many clarifying questions it asks in one matter; absent: one. */
      clarifyingQuestions?: number;
      /** Where it has from what words mean; absent: words alone. */
      embeddings?: EmbeddingConfig;
    }
  | {
      backend: 'openai-compatible';
      baseUrl: string;
      apiKey: string | null;
      model: string;
      knowledgeDir: string;
      files: FileKind[];
      maxOutputTokens: number;
      clarifyingQuestions?: number;
    }
  | {
      backend: 'anthropic';
      baseUrl: string;
      apiKey: string;
      model: string;
      knowledgeDir: string;
      files: FileKind[];
      maxOutputTokens: number;
      clarifyingQuestions?: number;
    }
  | { backend: 'opencx'; apiUrl: string; apiKey: string }
  | { backend: 'http'; url: string; secret: string; clarifyingQuestions?: number };
