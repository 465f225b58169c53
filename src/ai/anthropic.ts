import { createAnthropic } from '@ai-sdk/anthropic';
import type { AiBackend, FileKind } from './backend.ts';
import type { PassageSearch } from './knowledge/passage-search.ts';
import { createModelBackend, fetchFrom } from './models/model-backend.ts';

export interface AnthropicOptions {
  /** With its version, such as `https://api.anthropic.com/v1`; without a slash at the end. */
  baseUrl: string;
  apiKey: string;
  model: string;
  search: PassageSearch | null;
  /** The articles' texts; nothing unless given. */
  published?: readonly string[];
  /** The model takes these of files; nothing unless given. */
  files?: readonly FileKind[];
  /** The most tokens that the model may write in one call; 4,096 unless given. */
  maxOutputTokens?: number;
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
    deadlineMs,
  });
