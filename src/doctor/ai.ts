import { loadPassages } from '../ai/knowledge/passages.ts';
import type { AiConfig } from '../config.ts';
import { type Check, info, ok, problem, type Verdict } from './finding.ts';

const checkKnowledge = async (folder: string): Promise<Verdict> => {
  const articles = new Set((await loadPassages(folder)).map(({ path }) => path));
  return ok(`Knowledge: ${articles.size} ${articles.size === 1 ? 'article' : 'articles'} in ${folder}.`);
};

/** Whether OpenCX's key works shows only when a session is opened with it, and that would stay there. */
const checkOpenCx = async (apiUrl: string, apiKey: string, timeoutMs: number): Promise<Verdict> => {
  let status: number;
  try {
    const response = await fetch(`${apiUrl}/chat/sessions`, {
      headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    await response.body?.cancel();
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: string } };
    const why = name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : (cause?.code ?? 'network error');
    return problem(`OpenCX can't be reached (${why}).`, 'Check OPENCX_API_URL and the network on the way out.');
  }
  if (status === 401 || status === 403) {
    return problem(`OpenCX refuses the key (${status}).`, 'Copy the API key anew from OpenCX into OPENCX_API_KEY.');
  }
  if (status >= 500) {
    return problem(`OpenCX can't answer now (${status}).`, 'Check OPENCX_API_URL; else run doctor again in a while.');
  }
  return info('OpenCX answers. Not checked: whether it takes the key, since asking would open a session there.');
};

/** Whether the chosen AI can answer, as far as that can be said without asking it anything. */
export const aiCheck = (ai: AiConfig, timeoutMs: number): Check => ({
  name: 'ai',
  run: () =>
    ai.backend === 'knowledge' ? checkKnowledge(ai.knowledgeDir) : checkOpenCx(ai.apiUrl, ai.apiKey, timeoutMs),
  whenSilent:
    ai.backend === 'knowledge'
      ? 'Check KNOWLEDGE_DIR: it is too large, or on a disk that does not answer.'
      : 'Check OPENCX_API_URL and the network on the way out.',
});
