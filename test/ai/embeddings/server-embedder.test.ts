import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cosine, EmbeddingsUnavailable } from '../../../src/ai/embeddings/embedder.ts';
import { createServerEmbedder } from '../../../src/ai/embeddings/server-embedder.ts';
import { type EmbeddingServer, startEmbeddingServer } from './embedding-server.ts';

const never = new AbortController().signal;

describe('vectors from an embedding server', () => {
  let server: EmbeddingServer;

  beforeAll(async () => {
    server = await startEmbeddingServer([
      ['boat', 'ship'],
      ['sell', 'offer'],
    ]);
  });
  beforeEach(() => {
    server.requests.length = 0;
    server.answers = null;
  });
  afterAll(async () => {
    await server.stop();
  });

  const embedder = (rest: { model?: string; apiKey?: string | null; baseUrl?: string } = {}) =>
    createServerEmbedder({ baseUrl: server.baseUrl, model: 'small', apiKey: null, ...rest });

  it('are of length 1, and nearer for what means the same', async () => {
    const [boat, ship, sell] = await embedder().embed(['a boat', 'the ship', 'sell'], 'question', never);
    if (!boat || !ship || !sell) throw new Error('too few vectors');
    expect(cosine(boat, boat)).toBeCloseTo(1);
    expect(cosine(boat, ship)).toBeGreaterThan(cosine(boat, sell) + 0.3);
    expect(server.requests).toEqual([
      { url: '/v1/embeddings', key: undefined, model: 'small', input: ['a boat', 'the ship', 'sell'] },
    ]);
  });

  it('are asked for with the key, sixteen texts at a time, each of 2,000 characters at most', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `${index} ${'a'.repeat(3_000)}`);
    expect(await embedder({ apiKey: 'k-1' }).embed(texts, 'passage', never)).toHaveLength(20);
    expect(server.requests.map(({ input }) => input.length)).toEqual([16, 4]);
    expect(server.requests[0]?.key).toBe('Bearer k-1');
    expect(server.texts().map(({ length }) => length)).toEqual(texts.map(() => 2_000));
  });

  it('are asked for as a model of the E5 family wants it', async () => {
    const e5 = embedder({ model: 'intfloat/multilingual-e5-small' });
    await e5.embed(['boat'], 'question', never);
    await e5.embed(['boat'], 'passage', never);
    expect(server.texts()).toEqual(['query: boat', 'passage: boat']);
  });

  it.each([
    [
      { status: 401, body: '{"error":{"message":"who is asking about my boat"}}' },
      /refuses the key .*EMBEDDING_API_KEY/,
    ],
    [{ status: 404, body: '{"error":{"message":"no"}}' }, /EMBEDDING_BASE_URL and EMBEDDING_MODEL/],
    [{ status: 500, body: 'my boat' }, /answers HTTP 500/],
    [{ status: 200, body: '<html>my boat</html>' }, /something else than vectors/],
    [{ status: 200, body: '{"data":[{"index":0,"embedding":[0,0,0]}]}' }, /gave no vector/],
    [{ status: 200, body: '{"data":[]}' }, /something else than vectors/],
  ])('are not to be had after %j, and the reason says nothing of what was asked', async (answers, reason) => {
    server.answers = answers;
    const failure = await embedder()
      .embed(['my boat'], 'question', never)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EmbeddingsUnavailable);
    expect((failure as Error).message).toMatch(reason);
    expect(JSON.stringify([failure, (failure as Error).message, String((failure as Error).cause)])).not.toContain(
      'my boat',
    );
    expect(server.requests).toHaveLength(1);
  });

  it('are not waited for longer than is said', async () => {
    server.answers = 'silence';
    await expect(embedder().embed(['my boat'], 'question', AbortSignal.timeout(50))).rejects.toThrow(
      'does not answer in time',
    );
  });

  it('are not to be had where nothing listens', async () => {
    await expect(embedder({ baseUrl: 'http://127.0.0.1:9/v1' }).embed(['my boat'], 'question', never)).rejects.toThrow(
      EmbeddingsUnavailable,
    );
  });
});
