import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { AiBackend, FileKind } from './backend.ts';
import type { ArticleSearch } from './models/articles.ts';
import { createModelBackend, fetchFrom } from './models/model-backend.ts';

export interface OpenAiCompatibleOptions {
  /** With its version, such as `https://api.openai.com/v1`; without a slash at the end. */
  baseUrl: string;
  /** `null` for servers that want none, such as Ollama. */
  apiKey: string | null;
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

const SERVICE = { name: 'The model server', keySetting: 'LLM_API_KEY', urlSetting: 'LLM_BASE_URL and LLM_MODEL' };

/**
 * OpenAI's newer models want the limit under another name, and refuse the one that everyone else knows. What they are
 * called says nothing of it to others: who refuses the one is asked with the other, from then on.
 */
const namingTheLimit = (ask: typeof fetch): typeof fetch => {
  let isNewer = false;
  const named = (init: RequestInit | undefined): RequestInit | undefined => {
    if (!isNewer || typeof init?.body !== 'string') return init;
    const { max_tokens, ...body } = JSON.parse(init.body);
    return { ...init, body: JSON.stringify({ ...body, max_completion_tokens: max_tokens }) };
  };
  return async (input, init) => {
    const answer = await ask(input, named(init));
    if (isNewer || answer.status !== 400) return answer;
    if (!(await answer.clone().text()).includes('max_completion_tokens')) return answer;
    isNewer = true;
    return await ask(input, named(init));
  };
};

/** Answers with a model behind OpenAI's chat completions, whoever serves it: see {@link createModelBackend}. */
export const createOpenAiCompatibleBackend = (options: OpenAiCompatibleOptions): AiBackend => {
  const { baseUrl, apiKey, model, search, published, files = [], maxOutputTokens, deadlineMs } = options;
  const { clarifyingQuestions } = options;
  const provider = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: baseUrl,
    ...(apiKey === null ? {} : { apiKey }),
    supportsStructuredOutputs: true,
    fetch: namingTheLimit(fetchFrom(SERVICE)),
  });
  return createModelBackend({
    name: 'openai-compatible',
    service: SERVICE,
    model: provider(model),
    search,
    published,
    apiKey,
    takes: files,
    maxOutputTokens,
    clarifyingQuestions,
    deadlineMs,
  });
};
