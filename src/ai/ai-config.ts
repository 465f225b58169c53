import type { FileKind } from './backend.ts';

/** The AI that answers, and the way to reach it. */
export type AiConfig =
  | {
      backend: 'knowledge';
      knowledgeDir: string;
      /** The AI asks so many clarifying questions in one conversation; absent: one. */
      clarifyingQuestions?: number;
    }
  | {
      backend: 'openai-compatible';
      baseUrl: string;
      apiKey: string | null;
      model: string;
      knowledgeDir: string;
      files: FileKind[];
      maxOutputTokens: number;
    }
  | {
      backend: 'anthropic';
      baseUrl: string;
      apiKey: string;
      model: string;
      knowledgeDir: string;
      files: FileKind[];
      maxOutputTokens: number;
    }
  | { backend: 'opencx'; apiUrl: string; apiKey: string }
  | { backend: 'http'; url: string; secret: string };
