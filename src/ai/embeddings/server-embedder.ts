import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embedMany } from 'ai';
import { boundedFetch } from '../bounded-fetch.ts';
import { type Embedder, EmbeddingsUnavailable, normalised, prefixFor } from './embedder.ts';

/** Of a text, in characters: about what small models read. */
const LONGEST_TEXT = 2_000;
/** A request's texts: the answer of large vectors stays under the 2 MiB that are read. */
const MOST_TEXTS = 16;

export interface ServerEmbedderOptions {
  /** With its version, such as `https://api.openai.com/v1`; without a slash at the end. */
  baseUrl: string;
  model: string;
  /** `null` for servers that want none, such as Ollama. */
  apiKey: string | null;
}

const reasonOf = (error: unknown): string => {
  if (APICallError.isInstance(error) && error.statusCode !== undefined) {
    const { statusCode } = error;
    if (statusCode === 401 || statusCode === 403)
      return `refuses the key (HTTP ${statusCode}): check EMBEDDING_API_KEY`;
    if (statusCode === 404)
      return 'has no such model or address (HTTP 404): check EMBEDDING_BASE_URL and EMBEDDING_MODEL';
    return statusCode >= 400
      ? `answers HTTP ${statusCode}`
      : 'answers something else than vectors: check EMBEDDING_BASE_URL';
  }
  const { name } = error as Error;
  if (name === 'TimeoutError') return 'does not answer in time';
  if (name === 'AbortError') return 'was not waited for';
  // Any other error of the SDK's is about what came back.
  if (name.startsWith('AI_')) return 'answers something else than vectors: check EMBEDDING_BASE_URL';
  return 'does not answer: check EMBEDDING_BASE_URL';
};

/**
 * Vectors from a server that has OpenAI's `/v1/embeddings`: OpenAI, Ollama, vLLM, TEI. Sixteen texts a request, one
 * request after the other, each text cut to 2,000 characters. It asks once: who needs the vectors asks again.
 */
export const createServerEmbedder = ({ baseUrl, model, apiKey }: ServerEmbedderOptions): Embedder => {
  const provider = createOpenAICompatible({
    name: 'embeddings',
    baseURL: baseUrl,
    ...(apiKey === null ? {} : { apiKey }),
    fetch: boundedFetch,
  });
  return {
    model,
    async embed(texts, use, signal) {
      const vectors: Float32Array[] = [];
      for (let start = 0; start < texts.length; start += MOST_TEXTS) {
        const values = texts
          .slice(start, start + MOST_TEXTS)
          .map((text) => `${prefixFor(model, use)}${text.slice(0, LONGEST_TEXT)}`);
        let embeddings: number[][];
        try {
          ({ embeddings } = await embedMany({
            model: provider.embeddingModel(model),
            values,
            maxRetries: 0,
            abortSignal: signal,
          }));
        } catch (error) {
          // The SDK's own errors hold what was asked, so none of them goes on, nor becomes a cause.
          throw new EmbeddingsUnavailable(`The embedding server ${reasonOf(error)}`);
        }
        if (embeddings.length !== values.length) {
          throw new EmbeddingsUnavailable('The embedding server answers with fewer vectors than texts');
        }
        vectors.push(...embeddings.map(normalised));
      }
      if (vectors.some(({ length }) => length !== vectors[0]?.length)) {
        throw new EmbeddingsUnavailable('The embedding server answers with vectors of several lengths');
      }
      return vectors;
    },
  };
};
