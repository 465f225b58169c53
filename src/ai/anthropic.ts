import { createAnthropic } from '@ai-sdk/anthropic';
import type { AiBackend, FileKind } from './backend.ts';
import type { ArticleSearch } from './models/articles.ts';
import { createModelBackend, fetchFrom } from './models/model-backend.ts';

export interface AnthropicOptions {
  /** With its version, such as `https://api.anthropic.com/v1`; without a slash at the end. */
  baseUrl: string;
  apiKey: string;
  model: string;
  search: ArticleSearch | null;
  /** What the articles say; nothing unless given. */
  published?: readonly string[];
  /** The model takes these of files; nothing unless given. */
  files?: readonly FileKind[];
  /** The most tokens that the model may write in one call; 4,096 unless given. */
  maxOutputTokens?: number;
  /** How many clarifying questions it may ask in one matter; 1 unless given. */
  clarifyingQuestions?: number;
  deadlineMs?: number;
}

const SERVICE = { name: 'Anthropic', keySetting: 'LLM_API_KEY', urlSetting: 'LLM_BASE_URL and LLM_MODEL' };

/** Answers with a model behind Anthropic's Messages API: see {@link createModelBackend}. */
export const createAnthropicBackend = ({
  baseUrl,
  apiKey,
  model,
  search,
  published,
  files = [],
  maxOutputTokens,
  clarifyingQuestions,
  deadlineMs,
}: AnthropicOptions): AiBackend =>
  createModelBackend({
    name: 'anthropic',
    service: SERVICE,
    model: createAnthropic({ baseURL: baseUrl, apiKey, fetch: fetchFrom(SERVICE) })(model),
    search,
    published,
    apiKey,
    takes: files,
    maxOutputTokens,
    clarifyingQuestions,
    deadlineMs,
  });
