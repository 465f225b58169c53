import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { AiBackend, FileKind } from './backend.ts';
import type { PassageSearch } from './knowledge/passage-search.ts';
import { createModelBackend, fetchFrom } from './models/model-backend.ts';

export interface OpenAiCompatibleOptions {
  /** With its version, such as `https://api.openai.com/v1`; without a slash at the end. */
  baseUrl: string;
  /** `null` for servers that want none, such as Ollama. */
  apiKey: string | null;
  model: string;
  search: PassageSearch | null;
  /** What the articles say; nothing unless given. */
  published?: readonly string[];
  /** What of files the model takes; nothing unless given. */
  files?: readonly FileKind[];
  deadlineMs?: number;
}

const SERVICE = { name: 'The model server', keySetting: 'LLM_API_KEY', urlSetting: 'LLM_BASE_URL and LLM_MODEL' };

/** Answers with a model behind OpenAI's chat completions, whoever serves it: see {@link createModelBackend}. */
export const createOpenAiCompatibleBackend = (options: OpenAiCompatibleOptions): AiBackend => {
  const { baseUrl, apiKey, model, search, published, files = [], deadlineMs } = options;
  const provider = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: baseUrl,
    ...(apiKey === null ? {} : { apiKey }),
    supportsStructuredOutputs: true,
    fetch: fetchFrom(SERVICE),
  });
  return createModelBackend({
    name: 'openai-compatible',
    service: SERVICE,
    model: provider(model),
    search,
    published,
    apiKey,
    takes: files,
    deadlineMs,
  });
};
