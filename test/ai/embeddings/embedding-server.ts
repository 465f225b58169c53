import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an embedding server was asked. */
export interface EmbeddingRequest {
  url: string | undefined;
  key: string | undefined;
  model: string;
  input: string[];
}

/** An embedding server on a port of this machine. */
export interface EmbeddingServer {
  baseUrl: string;
  requests: EmbeddingRequest[];
  /** Every text that it was asked for, in order. */
  texts(): string[];
  /** What it answers from now on; nothing: vectors. */
  answers: { status: number; body: string } | 'silence' | null;
  stop(): Promise<void>;
}

const DIMENSIONS = 8;

/**
 * One with OpenAI's `/v1/embeddings`. What a text means is which of the groups of words it has one of: two texts are
 * the nearer the more groups they share.
 */
export const startEmbeddingServer = async (groups: string[][]): Promise<EmbeddingServer> => {
  const meaning = (text: string): number[] => {
    const vector = Array.from({ length: DIMENSIONS }, () => 0.1);
    for (const [index, words] of groups.entries()) {
      if (words.some((word) => text.toLowerCase().includes(word))) vector[index] = 1;
    }
    return vector;
  };
  const state: EmbeddingServer = {
    baseUrl: '',
    requests: [],
    texts: () => state.requests.flatMap(({ input }) => input),
    answers: null,
    stop: async () => undefined,
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { model, input } = JSON.parse(body);
    state.requests.push({ url: request.url, key: request.headers.authorization, model, input });
    if (state.answers === 'silence') return;
    response.setHeader('content-type', 'application/json');
    if (state.answers) {
      response.statusCode = state.answers.status;
      response.end(state.answers.body);
      return;
    }
    const data = (input as string[]).map((text, index) => ({ object: 'embedding', index, embedding: meaning(text) }));
    response.end(JSON.stringify({ object: 'list', model, data, usage: { prompt_tokens: 1, total_tokens: 1 } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  state.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  state.stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return state;
};
