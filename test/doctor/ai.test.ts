import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { aiCheck } from '../../src/doctor/ai.ts';
import { examine } from '../../src/doctor/finding.ts';
import { freePort } from '../support/free-port.ts';

const KEY = 'opencx-key';

describe('knowledge', () => {
  const look = (knowledgeDir: string) => examine(aiCheck({ backend: 'knowledge', knowledgeDir }, 24_000), 30_000);

  it('says how many articles there are', async () => {
    expect(await look('knowledge')).toMatchObject({
      check: 'ai',
      level: 'ok',
      message: expect.stringMatching(/\d+ articles/),
    });
  });

  it("finds a folder that isn't there, and one without articles", async () => {
    const empty = await mkdtemp(join(tmpdir(), 'threadkeeper-doctor-'));
    for (const folder of [empty, join(empty, 'missing')]) {
      expect(await look(folder)).toMatchObject({
        level: 'problem',
        message: expect.stringContaining('set KNOWLEDGE_DIR to a folder of articles'),
      });
    }
    await rm(empty, { recursive: true });
  });
});

describe('opencx', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((closed) => (server ? server.close(closed) : closed(null)));
    server = undefined;
  });

  const asked: string[] = [];
  const opencx = async (status: number): Promise<string> => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.headers.authorization}`);
      response.writeHead(status).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const look = (apiUrl: string) => examine(aiCheck({ backend: 'opencx', apiUrl, apiKey: KEY }, 24_000), 30_000);

  it('finds a key that is refused', async () => {
    const found = await look(await opencx(401));
    expect(found).toMatchObject({ level: 'problem', remedy: expect.stringContaining('OPENCX_API_KEY') });
    expect(JSON.stringify(found)).not.toContain(KEY);
  });

  it('finds an address where nothing listens', async () => {
    const found = await look(`http://127.0.0.1:${await freePort()}`);
    expect(found).toMatchObject({ level: 'problem', remedy: expect.stringContaining('OPENCX_API_URL') });
  });

  it('only reads, and says that the key was not checked', async () => {
    asked.length = 0;
    expect(await look(await opencx(404))).toMatchObject({
      level: 'info',
      message: expect.stringContaining('Not checked: whether it takes the key'),
    });
    expect(asked).toEqual([`GET Bearer ${KEY}`]);
  });
});

describe('a model', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((closed) => (server ? server.close(closed) : closed(null)));
    server = undefined;
  });

  const asked: string[] = [];
  const models = async (status: number, body: string): Promise<string> => {
    asked.length = 0;
    server = createServer((request, response) => {
      const { authorization, 'x-api-key': key } = request.headers;
      asked.push(`${request.method} ${request.url?.split('?')[0]} ${authorization ?? key ?? ''}`);
      response.writeHead(status).end(body);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  };
  const look = (
    baseUrl: string,
    backend: 'openai-compatible' | 'anthropic' = 'anthropic',
    knowledgeDir = 'knowledge',
  ) =>
    examine(
      aiCheck({ backend, baseUrl, apiKey: KEY, model: 'm-1', knowledgeDir, files: [], maxOutputTokens: 4_096 }, 24_000),
      30_000,
    );
  const LIST = JSON.stringify({ data: [{ id: 'm-1' }] });

  it('is found by asking for the list of models, with the key', async () => {
    expect(await look(await models(200, LIST))).toMatchObject({ level: 'ok', message: expect.stringContaining('m-1') });
    expect(asked).toEqual([`GET /v1/models ${KEY}`]);
  });

  it.each([
    [200, JSON.stringify({ data: [] }), 'warning', 'LLM_MODEL'],
    [401, '{}', 'problem', 'LLM_API_KEY'],
    [503, '', 'problem', 'LLM_BASE_URL'],
  ])('%d with %j is a finding', async (status, body, level, setting) => {
    const found = await look(await models(status, body), 'openai-compatible');
    expect(found).toMatchObject({ level, remedy: expect.stringContaining(setting) });
    expect(JSON.stringify(found)).not.toContain(KEY);
  });

  it('is not known where no list is given, and wants articles', async () => {
    const baseUrl = await models(404, '');
    expect(await look(baseUrl)).toMatchObject({ level: 'info' });
    expect(await look(baseUrl, 'anthropic', 'no-such-folder')).toMatchObject({
      level: 'warning',
      remedy: expect.stringContaining('KNOWLEDGE_DIR'),
    });
  });
});

describe('http', () => {
  it('finds an address where nothing listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}/answer`;
    expect(await examine(aiCheck({ backend: 'http', url, secret: KEY }, 24_000), 30_000)).toMatchObject({
      level: 'problem',
      remedy: expect.stringContaining('AI_HTTP_URL'),
    });
  });
});
