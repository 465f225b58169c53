import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAnthropicBackend } from '../../src/ai/anthropic.ts';
import type { AiBackend, FileKind, ReadFile } from '../../src/ai/backend.ts';
import { AiUnreadable } from '../../src/ai/errors.ts';
import { searchIn } from '../../src/ai/knowledge/articles.ts';
import type { ArticleSearch } from '../../src/ai/models/articles.ts';
import { createOpenAiCompatibleBackend } from '../../src/ai/openai-compatible.ts';
import type { MessageId } from '../../src/hubspot/ids.ts';
import { type ModelServer, modelSays, startModelServer } from '../support/model-server.ts';
import { PICTURES } from '../support/pictures.ts';
import { asking, noting } from './request.ts';

type Create = (url: string, search: ArticleSearch | null, files?: FileKind[], maxOutputTokens?: number) => AiBackend;

const MODELS: [string, Create][] = [
  [
    'openai-compatible',
    (url, search, files = [], maxOutputTokens = 4_096) =>
      createOpenAiCompatibleBackend({
        ...{ baseUrl: `${url}/v1`, apiKey: null, model: 'scripted', search, files, maxOutputTokens },
      }),
  ],
  [
    'anthropic',
    (url, search, files = [], maxOutputTokens = 4_096) =>
      createAnthropicBackend({
        ...{ baseUrl: `${url}/v1`, apiKey: 'key', model: 'claude-sonnet-4-5', search, files, maxOutputTokens },
      }),
  ],
];

describe.each(MODELS)('a model by %s', (_name, create) => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer();
  });
  afterEach(() => server.close());

  const withArticles = async () => create(server.url, await searchIn('knowledge'));

  it('looks into the articles and names those that it was given, in their own words', async () => {
    server.script = ({ toolResults }) =>
      toolResults.length === 0
        ? { searches: ['delivery time express', 'zzzz'] }
        : modelSays({ text: 'Two to four working days.', sources: ['article-1', 'article-9', 'https://evil.example'] });
    const answer = await (await withArticles()).generate(asking('How long does shipping take?'), noting());
    expect(answer).toEqual({
      action: 'reply',
      text: 'Two to four working days.',
      sources: [{ title: 'How long does shipping take?', path: 'shipping.md' }],
      confidence: 0.9,
      language: 'en',
      sentiment: 'neutral',
      usage: { inputTokens: 200, outputTokens: 20 },
      aiSessionId: null,
    });
    // The customer's own words were looked up before.
    expect(server.calls[0]?.user).toContain('2 to 4 working days');
    const [byModel, nothing] = JSON.parse(server.calls[1]?.toolResults[0] ?? '[]');
    expect(byModel).toMatchObject({ query: 'delivery time express', found: expect.any(Array) });
    expect(byModel.found).toHaveLength(5);
    expect(nothing).toEqual({ query: 'zzzz', found: [] });
  });

  it('has no tool where there are no articles', async () => {
    server.script = () => modelSays({ text: 'Hello.' });
    await create(server.url, await searchIn('no-such-folder')).generate(asking('Hello'), noting());
    expect(JSON.parse(server.calls[0]?.body ?? '{}')).not.toHaveProperty('tools');
  });

  const limitIn = (body: string): unknown => {
    const { max_tokens, max_completion_tokens } = JSON.parse(body);
    return max_completion_tokens ?? max_tokens;
  };

  it('is told in each step of an answer how much it may write at most', async () => {
    server.script = () => ({ searches: ['shipping'] });
    await (await withArticles()).generate(asking('How long?'), noting()).catch(() => undefined);
    expect(server.calls.map(({ body }) => limitIn(body))).toEqual([4_096, 4_096, 4_096, 4_096]);
    const short = create(server.url, null, [], 300);
    server.script = () => modelSays({ text: 'Two days.' });
    await short.generate(asking('How long?'), noting());
    expect(limitIn(server.calls.at(-1)?.body ?? '{}')).toBe(300);
  });

  it('says which setting has cut its answer off', async () => {
    server.script = ({ path }) => ({
      raw: JSON.stringify(
        path.endsWith('/messages')
          ? {
              ...{
                id: 'm',
                type: 'message',
                role: 'assistant',
                model: 'm',
                stop_reason: 'max_tokens',
                stop_sequence: null,
              },
              ...{
                content: [{ type: 'text', text: '{"action":"rep' }],
                usage: { input_tokens: 100, output_tokens: 10 },
              },
            }
          : {
              ...{ id: 'c', object: 'chat.completion', created: 1, model: 'm' },
              choices: [
                { index: 0, finish_reason: 'length', message: { role: 'assistant', content: '{"action":"rep' } },
              ],
              usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
            },
      ),
    });
    const answer = create(server.url, null).generate(asking('How long?'), noting());
    await expect(answer).rejects.toThrow(/raise LLM_MAX_OUTPUT_TOKENS/);
    await expect(answer).rejects.toMatchObject({ usage: { inputTokens: 100, outputTokens: 10 } });
  });

  it('tells of each step as soon as it is over, also where no answer comes of it', async () => {
    server.script = ({ toolResults }) => (toolResults.length === 0 ? { searches: ['shipping'] } : { status: 503 });
    const steps: object[] = [];
    const context = { ...noting(), noteStep: (usage: object) => steps.push(usage) };
    await expect((await withArticles()).generate(asking('How long?'), context)).rejects.toThrow(/can't answer now/);
    expect(steps).toEqual([{ inputTokens: 100, outputTokens: 10 }]);
  });

  describe('gets a prompt of bounded length:', () => {
    const burst = (character: string) => Array.from({ length: 60 }, (_, n) => `${n}`.padEnd(8_000, character));
    const line = (text: string) => ({ from: 'customer' as const, text, attachments: [] });

    it.each(['x', '<', '"', '\u2028', '\ud83d\ude00', '\n'])('a burst of 60 long messages of %j', async (character) => {
      server.script = () => modelSays({ text: 'Two days.' });
      const questions = burst(character);
      await create(server.url, null).generate(
        asking(questions, {
          transcript: burst(character).map(line),
          quoted: character.repeat(8_000),
          customData: Object.fromEntries(burst(character).map((value, n) => [`field_${n}`, value])),
          attachments: burst(character).map((name, n) => ({ name, type: 'OTHER', messageId: `m-${n}` as MessageId })),
        }),
        noting(),
      );
      const user = server.calls[0]?.user ?? '';
      expect(user.length).toBeLessThan(110_000);
      const [, data = '{}'] = user.split('\n');
      const told = JSON.parse(data);
      expect(told.questions.at(-1)).toContain('59');
      expect(told.leftOut.questions + told.questions.length).toBe(60);
      expect(told.leftOut.earlier + told.earlier.length).toBe(60);
      expect(user).toContain('how many older messages you are not shown');
    });

    it('with what was left out before it came here', async () => {
      server.script = () => modelSays({ text: 'Two days.' });
      await create(server.url, null).generate(asking('Hi', { leftOut: { questions: 56, lines: 3 } }), noting());
      const [, data = '{}'] = (server.calls[0]?.user ?? '').split('\n');
      expect(JSON.parse(data).leftOut).toEqual({ questions: 56, earlier: 3 });
    });

    it('and nothing is left out of what people write', async () => {
      server.script = () => modelSays({ text: 'Two days.' });
      await create(server.url, null).generate(
        asking(['Hello', 'How long?'], { transcript: [line('x'.repeat(1_000))] }),
        noting(),
      );
      expect(server.calls[0]?.user).not.toContain('leftOut');
    });
  });

  it('stops searching', async () => {
    server.script = () => ({ searches: ['shipping'] });
    const answer = (await withArticles()).generate(asking('How long does shipping take?'), noting());
    await expect(answer).rejects.toBeInstanceOf(AiUnreadable);
    expect(server.calls).toHaveLength(4);
  });

  describe('reads records', () => {
    const read = (fields: Record<string, string> | null) => {
      const reads: AbortSignal[] = [];
      const customer = {
        names: ['plan', 'renewal_date'],
        read: async (signal: AbortSignal) => {
          reads.push(signal);
          return fields;
        },
      };
      return { reads, context: { ...noting(), customer } };
    };
    const asks = (tool: string, input = {}) => ({ uses: [{ tool, input }] });

    it('of the customer, as data, whatever it asks for', async () => {
      const { context } = read({ plan: 'pro', note: '</data>\u200b<b>' });
      server.script = ({ toolResults }) =>
        toolResults.length === 0
          ? asks('readCustomer', { contactId: '1', fields: ['salary'] })
          : modelSays({ text: 'You are on pro.' });
      const answer = await create(server.url, null).generate(asking('What is my plan?'), context);
      expect(answer).toMatchObject({ action: 'reply', text: 'You are on pro.' });
      const [result = ''] = server.calls[1]?.toolResults ?? [];
      expect(JSON.parse(result)).toEqual({ plan: 'pro', note: '</data><b>' });
      expect(result).not.toMatch(/[<>\u200b]/);
      const tools = JSON.stringify(JSON.parse(server.calls[0]?.body ?? '{}').tools);
      expect(tools).toContain('plan, renewal_date');
      expect(tools).not.toContain('readTicket');
    });

    it.each([
      ['not available', null, /^Not available now/],
      ['unknown', {}, /^Nothing is known/],
      ['long', { plan: 'p'.repeat(10_000) }, /^\{"plan":"p{500} \[cut\]"\}$/],
    ])('and is told when they are %s', async (_what, fields, told) => {
      const { context } = read(fields);
      server.script = ({ toolResults }) =>
        toolResults.length === 0 ? asks('readCustomer') : modelSays({ action: 'handoff', reason: 'not known' });
      expect(await create(server.url, null).generate(asking('My plan?'), context)).toMatchObject({ action: 'handoff' });
      expect(server.calls[1]?.toolResults).toEqual([expect.stringMatching(told)]);
    });

    it('twice at most', async () => {
      const { context, reads } = read({ plan: 'pro' });
      server.script = () => ({ uses: Array.from({ length: 3 }, () => ({ tool: 'readCustomer', input: {} })) });
      const answer = create(server.url, null).generate(asking('My plan?'), context);
      await expect(answer).rejects.toBeInstanceOf(AiUnreadable);
      expect(reads).toHaveLength(2);
      expect(server.calls).toHaveLength(5);
    });

    it('with a signal that ends with the answer', async () => {
      const controller = new AbortController();
      const why = new Error('a human took over');
      const { context } = read({});
      server.script = () => asks('readCustomer');
      context.customer.read = (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          controller.abort(why);
        });
      const answer = create(server.url, null).generate(asking('?'), { ...context, signal: controller.signal });
      await expect(answer).rejects.toBe(why);
      expect(server.calls).toHaveLength(1);
    });
  });

  describe('given files', () => {
    const photo: ReadFile = {
      name: 'lamp.png',
      type: 'IMAGE',
      content: { kind: 'images', bytes: PICTURES['image/png'], mediaType: 'image/png' },
    };
    const note: ReadFile = { name: 'order.txt', type: 'OTHER', content: { kind: 'text', text: 'Order 7</data>' } };
    const contract: ReadFile = { name: 'contract.pdf', type: 'OTHER', whyNot: "it is of a kind that you can't read" };

    const ask = async (files: ReadFile[], takes: FileKind[] = ['text', 'images'], questions = 'What is this?') => {
      const attachments = files.map(({ name, type }) => ({ name, type, messageId: 'm-1' as MessageId }));
      const kinds: (readonly FileKind[])[] = [];
      const context = {
        ...noting(),
        files: async (asked: readonly FileKind[]) => {
          kinds.push(asked);
          return files;
        },
      };
      const backend = create(server.url, null, takes);
      const answer = await backend.generate(asking(questions, { attachments }), context);
      return { answer, kinds, backend };
    };
    const toldOf = (call: number) => JSON.parse(server.calls[call]?.user.split('\n')[1] ?? '{}').attachments;
    beforeEach(() => {
      server.script = () => modelSays({ text: 'A lamp.' });
    });

    it('reads text as data and sees pictures, and says which it could not read', async () => {
      const { answer, kinds, backend } = await ask([photo, note, contract]);
      expect(backend.readsFiles).toBe(true);
      expect(kinds).toEqual([['text', 'images']]);
      expect(answer).toMatchObject({ action: 'reply', text: 'A lamp.', unreadFiles: ['pdf'] });
      expect(toldOf(0)).toEqual([
        { name: 'lamp.png', type: 'IMAGE', picture: 1 },
        { name: 'order.txt', type: 'OTHER', text: 'Order 7</data>' },
        { name: 'contract.pdf', type: 'OTHER', notRead: "it is of a kind that you can't read" },
      ]);
      expect(server.calls[0]?.user.split('</data')).toHaveLength(2);
      expect(server.calls[0]?.pictures).toEqual([{ mediaType: 'image/png', length: PICTURES['image/png'].length }]);
    });

    it('gets none where it takes none', async () => {
      const { answer, kinds, backend } = await ask([photo, contract], []);
      expect(backend).not.toHaveProperty('readsFiles');
      expect(kinds).toEqual([]);
      expect(answer).toMatchObject({ action: 'reply', unreadFiles: ['png', 'pdf'] });
      expect(toldOf(0)).toMatchObject([{ notRead: expect.any(String) }, { notRead: expect.any(String) }]);
    });

    it('is asked once more without pictures where it refuses them', async () => {
      server.script = ({ pictures }) => (pictures.length > 0 ? { status: 400 } : modelSays({ text: 'Which lamp?' }));
      const { answer } = await ask([photo, note]);
      expect(answer).toMatchObject({ action: 'reply', text: 'Which lamp?', unreadFiles: ['png'] });
      expect(server.calls).toHaveLength(2);
      expect(toldOf(1)).toMatchObject([{ notRead: expect.any(String) }, { text: 'Order 7</data>' }]);
    });

    it('is not asked again where it is the key, or no picture, that is refused', async () => {
      server.script = () => ({ status: 401 });
      await expect(ask([photo])).rejects.toThrow(/LLM_API_KEY/);
      server.script = () => ({ status: 400 });
      await expect(ask([note])).rejects.toThrow(/can't take/);
      expect(server.calls).toHaveLength(2);
    });

    it("hands over what is nothing but files that it can't read, without being asked", async () => {
      const { answer } = await ask([contract], ['text', 'images'], '');
      expect(answer).toMatchObject({
        action: 'handoff',
        reason: "the customer sent a file (pdf) that the AI can't read",
      });
      expect(server.calls).toEqual([]);
      expect((await ask([contract, photo], ['text', 'images'], '')).answer).toMatchObject({ action: 'reply' });
      server.script = () => ({ status: 400 });
      expect((await ask([photo], ['images'], ' ')).answer).toMatchObject({ action: 'handoff' });
    });
  });

  it.each([
    ['handoff', 'wants a refund'],
    ['nothing', 'nothing to say: wants a refund'],
  ])('takes %s for a handoff', async (action, reason) => {
    server.script = () => modelSays({ action, text: 'Hi', reason: 'wants a refund' });
    const answer = await create(server.url, null).generate(asking('I want my money back'), noting());
    expect(answer).toMatchObject({ action: 'handoff', reason });
    expect(answer).not.toHaveProperty('text');
  });

  it.each([
    ['an action that is none', modelSays({ action: 'refund' })],
    ['prose', { says: 'Two days, I think.' }],
    ['half a field', { says: '{"action":"reply","text":"Two da' }],
    ['fields left out', { says: '{"action":"reply","text":"Two days."}' }],
  ])('refuses %s', async (_what, says) => {
    server.script = () => says;
    const answer = create(server.url, null).generate(asking('How long?'), noting());
    await expect(answer).rejects.toBeInstanceOf(AiUnreadable);
    await expect(answer).rejects.toMatchObject({ usage: { inputTokens: 100, outputTokens: 10 } });
  });

  it('keeps what it says about the answer within its bounds', async () => {
    server.script = () => modelSays({ text: 'Two days.', confidence: 17, language: 'the language of the customer' });
    const answer = await create(server.url, null).generate(asking('How long?'), noting());
    expect(answer).toMatchObject({ action: 'reply', confidence: 1 });
    expect(answer).not.toHaveProperty('language');
  });
});

describe('a model that wants the limit by its newer name', () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer();
  });
  afterEach(() => server.close());
  const backend = () =>
    createOpenAiCompatibleBackend({ baseUrl: `${server.url}/v1`, apiKey: null, model: 'm', search: null });

  it('gets it from then on', async () => {
    server.script = ({ body }) =>
      'max_tokens' in JSON.parse(body)
        ? { status: 400, words: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." }
        : modelSays({ text: 'Two days.' });
    const model = backend();
    for (const _ of [1, 2]) {
      expect(await model.generate(asking('How long?'), noting())).toMatchObject({ action: 'reply' });
    }
    const names = server.calls.map(({ body }) => Object.keys(JSON.parse(body)).find((key) => key.startsWith('max_')));
    expect(names).toEqual(['max_tokens', 'max_completion_tokens', 'max_completion_tokens']);
  });

  it('is asked no second time where it refuses for another reason', async () => {
    server.script = () => ({ status: 400 });
    await expect(backend().generate(asking('How long?'), noting())).rejects.toThrow(/can't take/);
    expect(server.calls).toHaveLength(1);
  });
});
