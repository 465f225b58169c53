import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadConversations, type Expectation, readConversations } from '../../eval/conversation.ts';
import { faultsOf } from '../../eval/judge.ts';
import { play } from '../../eval/play.ts';
import { figures, report } from '../../eval/report.ts';
import type { AiAnswer, AiBackend } from '../../src/ai/backend.ts';
import { createAiBackend } from '../../src/ai/index.ts';
import { reply } from '../support/product.ts';
import { spawnNode } from '../support/spawned.ts';

const GOLDEN = readConversations(resolve('eval/demo.yaml'));

describe('the demo’s golden set, on the knowledge backend', () => {
  let ai: AiBackend;
  beforeAll(async () => {
    ai = await createAiBackend({ backend: 'knowledge', knowledgeDir: resolve('knowledge') });
  });

  it.each(GOLDEN.map((conversation) => [conversation.name, conversation] as const))('%s', async (_, conversation) => {
    const { turns } = await play(ai, conversation, 0);
    expect(turns.flatMap(({ faults }) => faults)).toEqual([]);
  });
});

describe('faultsOf', () => {
  const expected: Expectation = {
    action: 'reply',
    source: ['Returns'],
    says: ['30 days'],
    never: ['free'],
    language: 'de',
    longest: 20,
    confidence: 0.5,
  };
  const good: AiAnswer = {
    ...reply('Within 30  Days.'),
    sources: [{ title: 'Returns', path: 'returns.md' }],
    language: 'de-AT',
    confidence: 0.5,
  } as AiAnswer;

  it.each<[string, AiAnswer, string[]]>([
    ['as expected', good, []],
    [
      'a handoff',
      { action: 'handoff', reason: 'no idea', aiSessionId: null },
      ['expected a reply, got a handoff (no idea)'],
    ],
    ['other words', { ...good, text: 'It is free' } as AiAnswer, ['does not say "30 days"', 'says "free"']],
    ['a handoff in a language of its own', { ...good, language: 'den' }, ['tells den, not de']],
    [
      'too much',
      { ...good, text: `Within 30 days${'.'.repeat(10)}` } as AiAnswer,
      ['has 24 characters, not at most 20'],
    ],
    ['a guess', { ...good, confidence: 0.4 } as AiAnswer, ['is sure by 0.4, not at least 0.5']],
    ['no word on how sure it is', { ...good, confidence: null } as AiAnswer, ['does not tell how sure it is']],
    ['another source', { ...good, sources: [] } as AiAnswer, ['names no source, not Returns']],
  ])('%s', (_, answer, faults) => {
    expect(faultsOf(answer, expected)).toEqual(faults);
  });
});

const conversation = {
  name: 'two turns',
  channel: 'email',
  customData: {},
  turns: [
    { customer: ['One'], expect: { action: 'reply' as const, source: [], says: [], never: [] } },
    { customer: ['Two'], expect: { action: 'handoff' as const, source: [], says: [], never: [] } },
  ],
};

describe('a conversation', () => {
  it('tells the AI what was said before, and its own session', async () => {
    const asked: unknown[] = [];
    const ai: AiBackend = {
      name: 'noting',
      generate: async ({ questions, transcript, channel, aiSessionId }) => {
        asked.push({
          questions,
          transcript: transcript.map(({ from, text }) => `${from}: ${text}`),
          channel,
          aiSessionId,
        });
        return { ...reply('Yes'), aiSessionId: 's1' };
      },
    };
    const played = await play(ai, conversation, 0);
    expect(asked).toEqual([
      { questions: ['One'], transcript: [], channel: 'email', aiSessionId: null },
      { questions: ['Two'], transcript: ['customer: One', 'ai: Yes'], channel: 'email', aiSessionId: 's1' },
    ]);
    expect(figures('noting', [played])).toMatchObject({ answers: 2, asExpected: 1, replies: 2, failures: 0 });
    expect(report('noting', [played])).toContain('✗ two turns\n  "Two"\n    expected a handoff, got a reply');
  });

  it('counts an AI that fails as a fault of its turn', async () => {
    const ai: AiBackend = { name: 'broken', generate: () => Promise.reject(new Error('away')) };
    const played = await play(ai, conversation, 0);
    expect(played.turns.map(({ faults }) => faults)).toEqual([['the AI failed: away'], ['the AI failed: away']]);
    expect(figures('broken', [played])).toMatchObject({ failures: 2, asExpected: 0 });
  });
});

describe('what an answer takes', () => {
  const usage = { inputTokens: 1_000, outputTokens: 10 };
  const ai: AiBackend = { name: 'model', generate: async () => ({ ...reply('See https://elsewhere.example'), usage }) };
  const circumstances = { linkDomains: ['shop.example'], prices: { input: 3, output: 15 } };

  it('is counted turn by turn, and summed', async () => {
    const played = await play(ai, conversation, 0, circumstances);
    expect(figures('model', [played])).toMatchObject({ inputTokens: 2_000, outputTokens: 20, cost: 0.0063 });
    expect(report('model', [played])).toMatch(/two turns +1\/2 +\d+ +2,020 +0\.0063/);
    expect(report('model', [played])).toContain('0.0063, 0.00315 an answer');
  });

  it('is taken for a handoff where the product would not send it', async () => {
    const { turns } = await play(ai, conversation, 0, circumstances);
    expect(turns.map(({ answer }) => answer?.action)).toEqual(['handoff', 'handoff']);
    expect(turns[0]?.faults).toEqual([expect.stringContaining('REPLY_LINK_DOMAINS')]);
  });

  it('is not told where the AI doesn’t', async () => {
    const silent: AiBackend = { name: 'silent', generate: async () => reply('Yes') };
    const played = await play(silent, conversation, 0, circumstances);
    expect(figures('silent', [played])).toMatchObject({ inputTokens: null, cost: null });
    expect(report('silent', [played])).not.toMatch(/^(tokens|cost) /m);
  });
});

describe('npm run eval', () => {
  const run = async (...words: string[]) => {
    const command = spawnNode(['eval/run.ts', ...words], {});
    return { code: await command.ends(), output: command.output() };
  };

  it('ends with 0, 1 or 2: as expected, not so, nothing played', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-eval-run-'));
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(
      wrong,
      'never: [working days]\nconversations: [{ name: shipping, turns: [{ customer: How long does shipping ' +
        'take?, expect: { action: reply } }] }]',
    );
    const [good, bad, none] = await Promise.all([run(), run(wrong), run(join(folder, 'missing.yaml'))]);
    rmSync(folder, { recursive: true });
    expect(good).toEqual({ code: 0, output: expect.stringMatching(/✓ +abroad +1\/1/) });
    expect(bad).toEqual({ code: 1, output: expect.stringContaining('says "working days"') });
    expect(none).toEqual({ code: 2, output: expect.stringContaining("can't be played") });
  });
});

describe('a file that can’t be played', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-eval-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['conversations: [', /can't be played/],
    ['conversations: []', /conversations/],
    ['conversations: [{ name: a, turns: [{ customer: Hi, expect: { action: shout } }] }]', /turns\.0\.expect\.action/],
  ])('says where: %s', (yaml, message) => {
    const path = join(folder, 'bad.yaml');
    writeFileSync(path, yaml);
    expect(() => readConversations(path)).toThrow(BadConversations);
    expect(() => readConversations(path)).toThrow(message);
  });
});
