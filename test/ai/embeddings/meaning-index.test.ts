import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createMeaningIndex, type MeaningIndexOptions } from '../../../src/ai/embeddings/meaning-index.ts';
import { createServerEmbedder } from '../../../src/ai/embeddings/server-embedder.ts';
import { createMemoryVectorStore, type VectorStore } from '../../../src/ai/embeddings/vector-store.ts';
import { openMeanings } from '../../../src/ai/index.ts';
import { createCandidateSearch } from '../../../src/ai/knowledge/passage-search.ts';
import { splitArticle } from '../../../src/ai/knowledge/passages.ts';
import { loadKnowledgeBackend } from '../../../src/ai/knowledge.ts';
import { asking, noting } from '../request.ts';
import { type EmbeddingServer, startEmbeddingServer } from './embedding-server.ts';

const ARTICLES = `# Harbour

## Sell a vessel

Bring its papers.

## Moor overnight

Pay at the kiosk.

## Fuel

Diesel from six to nine.

## Showers

They are behind the kiosk.

## Lost keys

The warden has them.`;

const never = new AbortController().signal;

describe('what passages and questions mean', () => {
  const passages = splitArticle(ARTICLES, 'harbour.md');
  const selling = passages.find(({ title }) => title === 'Sell a vessel');
  let server: EmbeddingServer;
  let closing = new AbortController();

  beforeAll(async () => {
    server = await startEmbeddingServer([
      ['sell', 'find a buyer', 'get rid'],
      ['vessel', 'yacht'],
      ['moor', 'stay the night'],
      ['fuel', 'diesel'],
      ['shower', 'wash'],
      ['keys'],
    ]);
  });
  afterEach(() => {
    closing.abort();
    closing = new AbortController();
    server.answers = null;
    server.requests.length = 0;
  });
  afterAll(async () => {
    await server.stop();
  });

  const open = (rest: Partial<MeaningIndexOptions> = {}) =>
    createMeaningIndex(passages, {
      embedder: createServerEmbedder({ baseUrl: server.baseUrl, model: 'small', apiKey: null }),
      vectors: createMemoryVectorStore(),
      signal: closing.signal,
      retryMs: 20,
      ...rest,
    });

  it('finds the passage that shares no word with the question', async () => {
    const index = open();
    await index.ready;
    const question = 'How do I find a buyer for my yacht?';
    const meanings = (await index.meaningsOf([question], never))?.get(question) ?? null;
    const search = createCandidateSearch(passages);
    expect(search(question)).toEqual([]);
    const [first] = search(question, 5, meanings);
    expect(first?.passage).toBe(selling);
    expect(first?.confidence).toBeGreaterThan(0.5);
  });

  it('asks for each text once, though another worker looks for the same, or the process starts again', async () => {
    const vectors = createMemoryVectorStore();
    const both = [open({ vectors }), open({ vectors })];
    await Promise.all(both.map(({ ready }) => ready));
    await open({ vectors }).ready;
    const texts = server.texts().filter((text) => text !== '?');
    expect(texts).toHaveLength(new Set(texts).size);
    expect(texts).toHaveLength(2 * passages.length);
    expect(await both[1]?.meaningsOf(['fuel'], never)).not.toBeNull();
  });

  it('knows nothing while the server is down, says so once, and catches up', async () => {
    server.answers = { status: 500, body: '' };
    const lines: string[] = [];
    const index = open({ warn: (line) => lines.push(line) });
    expect(await index.meaningsOf(['fuel'], never)).toBeNull();
    while (server.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(lines).toEqual([
      'The embedding server answers HTTP 500. Questions are answered by their words alone meanwhile',
    ]);
    server.answers = null;
    await index.ready;
    expect(await index.meaningsOf(['fuel'], never)).not.toBeNull();
  });

  it('goes without for a question where the server fails, and does not ask it again at once', async () => {
    const lines: string[] = [];
    const index = open({ warn: (line) => lines.push(line) });
    await index.ready;
    server.answers = { status: 503, body: 'fuel' };
    expect(await index.meaningsOf(['fuel'], never)).toBeNull();
    const asked = server.requests.length;
    expect(await index.meaningsOf(['fuel'], never)).toBeNull();
    expect(server.requests).toHaveLength(asked);
    expect(lines).toHaveLength(1);
  });

  it('gives back what it had claimed when it failed', async () => {
    const claims: string[][] = [];
    const released: string[][] = [];
    const kept = createMemoryVectorStore();
    const vectors: VectorStore = {
      ...kept,
      async claim(model, hashes) {
        const claimed = await kept.claim(model, hashes);
        claims.push(claimed);
        if (claims.length === 1) server.answers = { status: 500, body: '' };
        return claimed;
      },
      async release(model, hashes) {
        released.push([...hashes]);
        server.answers = null;
        await kept.release(model, hashes);
      },
    };
    await open({ vectors }).ready;
    expect(released[0]?.sort()).toEqual(claims[0]?.sort());
    expect(claims[1]).toEqual(claims[0]);
  });

  it('goes without where the database fails', async () => {
    const vectors: VectorStore = {
      ...createMemoryVectorStore(),
      read: async () => {
        throw new Error('connection refused');
      },
    };
    const lines: string[] = [];
    const index = open({ vectors, warn: (line) => lines.push(line), retryMs: 60_000 });
    while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await index.meaningsOf(['fuel'], never)).toBeNull();
    expect(lines[0]).toContain("Vectors can't be read or kept: connection refused");
  });

  it('takes no more than sixteen sentences of a message to the server', async () => {
    const index = open();
    await index.ready;
    server.requests.length = 0;
    const many = Array.from({ length: 40 }, (_, number) => `fuel ${number}`);
    const known = await index.meaningsOf(many, never);
    expect(known?.size).toBe(16);
    expect(server.texts()).toHaveLength(16);
  });
});

describe('the knowledge backend with an embedding server', () => {
  let server: EmbeddingServer;
  let folder: string;

  beforeAll(async () => {
    server = await startEmbeddingServer([
      ['sell', 'find a buyer'],
      ['vessel', 'yacht'],
      ['moor'],
      ['fuel'],
      ['shower'],
      ['keys'],
    ]);
    folder = await mkdtemp(join(tmpdir(), 'harbour-'));
    await writeFile(join(folder, 'harbour.md'), ARTICLES);
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const answering = async (vectors: VectorStore) => {
    const lines: string[] = [];
    const embeddings = { kind: 'server', baseUrl: server.baseUrl, model: 'small', apiKey: null } as const;
    const ai = await loadKnowledgeBackend(folder, {
      async meaningsOf(passages) {
        const index = await openMeanings(embeddings, passages, { vectors, warn: (line) => lines.push(line) });
        await index.tried;
        return index;
      },
    });
    return { lines, ask: (question: string) => ai.generate(asking(question), noting()) };
  };

  it('answers what shares no word with the article, and hands it off while the server is down', async () => {
    const { ask, lines } = await answering(createMemoryVectorStore());
    const question = 'How do I find a buyer for my yacht?';
    expect(await ask(question)).toMatchObject({ action: 'reply', sources: [{ title: 'Sell a vessel' }] });
    server.answers = { status: 500, body: '' };
    expect(await ask(question)).toMatchObject({ action: 'handoff' });
    expect(await ask('Where do I moor overnight?')).toMatchObject({ sources: [{ title: 'Moor overnight' }] });
    expect(lines).toHaveLength(1);
    server.answers = null;
  });

  it('sends a question to the server only where it is searched for', async () => {
    const { ask } = await answering(createMemoryVectorStore());
    server.requests.length = 0;
    await ask('Thanks a lot!');
    await ask('I want to talk to a person');
    expect(server.requests).toEqual([]);
  });
});
