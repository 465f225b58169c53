import { loadPassages } from '../ai/knowledge/passages.ts';
import type { LeftOut } from '../ai/knowledge/sources/article.ts';
import type { AiConfig, Config } from '../config.ts';
import { type Check, type CheckResult, info, ok, problem, warning } from './finding.ts';

/** Every AI that some portal may ask, each once. */
export const aisOf = ({ ai, aiFallbacks, portals }: Pick<Config, 'ai' | 'aiFallbacks' | 'portals'>): AiConfig[] => {
  const asked = [ai, ...aiFallbacks, ...portals.flatMap((portal) => portal.ai ?? [])];
  return [...new Map(asked.map((one) => [one.backend, one])).values()];
};

const checkKnowledge = async (folder: string): Promise<CheckResult> => {
  const leftOut: LeftOut[] = [];
  const articles = new Set((await loadPassages(folder, (file) => leftOut.push(file))).map(({ path }) => path));
  const found = `${articles.size} ${articles.size === 1 ? 'article' : 'articles'} in ${folder}`;
  const [first] = leftOut;
  if (!first) return ok(`Knowledge: ${found}.`);
  const files = leftOut.length === 1 ? 'a file is' : `${leftOut.length} files are`;
  return warning(
    `Knowledge: ${found}, ${files} left out, such as ${first.path} (${first.reason}).`,
    'Save such a file again, as markdown or HTML if nothing else helps, or remove it from the folder.',
  );
};

/** An AI behind HTTP, and how to ask it for nothing. */
interface Service {
  name: string;
  url: string;
  headers: Record<string, string>;
  urlSetting: string;
  /** The remedy for a key that is refused. */
  keyRemedy: string;
}

/** Gives what it answers to a GET that changes nothing; or what is wrong. */
const probe = async (service: Service, timeoutMs: number): Promise<{ status: number; text: string } | CheckResult> => {
  const { name, url, headers, urlSetting, keyRemedy } = service;
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      headers: { ...headers, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    const { name: kind, cause } = error as { name?: string; cause?: { code?: string } };
    const why = kind === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : (cause?.code ?? 'network error');
    return problem(`${name} can't be reached (${why}).`, `Check ${urlSetting} and the network on the way out.`);
  }
  if (status === 401 || status === 403) return problem(`${name} refuses the key (${status}).`, keyRemedy);
  if (status >= 500) {
    return problem(`${name} can't answer now (${status}).`, `Check ${urlSetting}, or run doctor again in a while.`);
  }
  return { status, text };
};

/** Says whether OpenCX's key works shows only when a session is opened with it, and that would stay there. */
const checkOpenCx = async (apiUrl: string, apiKey: string, timeoutMs: number): Promise<CheckResult> => {
  const answer = await probe(
    {
      name: 'OpenCX',
      url: `${apiUrl}/chat/sessions`,
      headers: { authorization: `Bearer ${apiKey}` },
      urlSetting: 'OPENCX_API_URL',
      keyRemedy: 'Copy the API key anew from OpenCX into OPENCX_API_KEY.',
    },
    timeoutMs,
  );
  if ('level' in answer) return answer;
  return info('OpenCX answers. Not checked: whether it takes the key, since asking would open a session there.');
};

const checkHttp = async (url: string, timeoutMs: number): Promise<CheckResult> => {
  const keyRemedy = 'See whether something in front of it wants credentials.';
  const service = { name: 'The AI at AI_HTTP_URL', url, headers: {}, urlSetting: 'AI_HTTP_URL', keyRemedy };
  const answer = await probe(service, timeoutMs);
  if ('level' in answer) return answer;
  return info(
    'The AI at AI_HTTP_URL answers. Not checked: whether it takes AI_HTTP_SECRET, since that takes a question.',
  );
};

/** The ids in a list of models, as OpenAI and Anthropic both give it; `null` where it is none. */
const modelsIn = (text: string): string[] | null => {
  try {
    const { data } = JSON.parse(text) as { data?: { id?: unknown }[] };
    return Array.isArray(data) ? data.map(({ id }) => String(id)) : null;
  } catch {
    return null;
  }
};

type ModelConfig = Extract<AiConfig, { model: string }>;

/** Lists the models, which costs nothing, and looks for the articles. */
const checkModel = async (ai: ModelConfig, timeoutMs: number, hasSources: boolean): Promise<CheckResult> => {
  const name = ai.backend === 'anthropic' ? 'Anthropic' : 'The model server';
  const headers: Record<string, string> =
    ai.backend === 'anthropic'
      ? { 'x-api-key': ai.apiKey, 'anthropic-version': '2023-06-01' }
      : { ...(ai.apiKey === null ? {} : { authorization: `Bearer ${ai.apiKey}` }) };
  const keyRemedy = 'Copy the API key anew into LLM_API_KEY.';
  const service = { name, url: `${ai.baseUrl}/models?limit=1000`, headers, urlSetting: 'LLM_BASE_URL', keyRemedy };
  const answer = await probe(service, timeoutMs);
  if ('level' in answer) return answer;
  const hasArticles = await loadPassages(ai.knowledgeDir).then(
    () => true,
    () => false,
  );
  if (!hasArticles && !hasSources) {
    return warning(
      `${name} answers, but ${ai.knowledgeDir} holds no article for it to look into.`,
      'Set KNOWLEDGE_DIR to a folder of articles: without one it hands nearly everything over.',
    );
  }
  const models = answer.status === 200 ? modelsIn(answer.text) : null;
  if (models === null) return info(`${name} answers. Not checked: the key and the model, as it lists no models.`);
  return models.includes(ai.model)
    ? ok(`${name} takes the key and has ${ai.model}.`)
    : warning(`${name} doesn't list ${ai.model}.`, 'Check LLM_MODEL. Some servers accept names that they do not list.');
};

const WHERE: Record<AiConfig['backend'], string> = {
  knowledge: 'KNOWLEDGE_DIR: it is too large, or on a disk that does not answer',
  'openai-compatible': 'LLM_BASE_URL and the network on the way out',
  anthropic: 'LLM_BASE_URL and the network on the way out',
  opencx: 'OPENCX_API_URL and the network on the way out',
  http: 'AI_HTTP_URL and the network on the way out',
};

const look = async (ai: AiConfig, timeoutMs: number, hasSources: boolean): Promise<CheckResult> => {
  switch (ai.backend) {
    case 'knowledge':
      if (hasSources) return ok('Knowledge: the articles of KNOWLEDGE_SOURCES.');
      return await checkKnowledge(ai.knowledgeDir);
    case 'openai-compatible':
    case 'anthropic':
      return await checkModel(ai, timeoutMs, hasSources);
    case 'opencx':
      return await checkOpenCx(ai.apiUrl, ai.apiKey, timeoutMs);
    case 'http':
      return await checkHttp(ai.url, timeoutMs);
  }
};

/**
 * Says whether an AI can answer, as far as that can be said without asking it anything. `hasSources`: its articles are
 * those of `KNOWLEDGE_SOURCES`, which have checks of their own.
 */
export const aiCheck = (ai: AiConfig, timeoutMs: number, hasSources = false): Check => ({
  name: 'ai',
  run: () => look(ai, timeoutMs, hasSources),
  whenSilent: `Check ${WHERE[ai.backend]}.`,
});
