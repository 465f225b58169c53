import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadConversations, readConversations } from '../../eval/conversation.ts';
import { faultsOf } from '../../eval/judge.ts';
import { play } from '../../eval/play.ts';
import { figures, table } from '../../eval/report.ts';
import type { AiAnswer, AiBackend } from '../../src/ai/backend.ts';
import { createAiBackend } from '../../src/ai/index.ts';
import { reply } from '../support/product.ts';

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
  const expected = { action: 'reply' as const, source: ['Returns'], says: ['30 days'], never: ['free'] };
  const good: AiAnswer = {
    ...reply('Within 30  Days.'),
    sources: [{ title: 'Returns', path: 'returns.md' }],
  } as AiAnswer;

  it.each<[string, AiAnswer, string[]]>([
    ['as expected', good, []],
    [
      'a handoff',
      { action: 'handoff', reason: 'no idea', aiSessionId: null },
      ['expected a reply, got a handoff (no idea)'],
    ],
    ['other words', { ...good, text: 'It is free' } as AiAnswer, ['does not say "30 days"', 'says "free"']],
    ['another source', { ...good, sources: [] } as AiAnswer, ['names no source, not Returns']],
  ])('%s', (_, answer, faults) => {
    expect(faultsOf(answer, expected)).toEqual(faults);
  });
});

describe('a conversation', () => {
  const conversation = {
    name: 'two turns',
    channel: 'email',
    customData: {},
    turns: [
      { customer: ['One'], expect: { action: 'reply' as const, source: [], says: [], never: [] } },
      { customer: ['Two'], expect: { action: 'handoff' as const, source: [], says: [], never: [] } },
    ],
  };

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
    expect(table('noting', [played])).toContain('✗ two turns\n  "Two"\n    expected a handoff, got a reply');
  });

  it('counts an AI that fails as a fault of its turn', async () => {
    const ai: AiBackend = { name: 'broken', generate: () => Promise.reject(new Error('away')) };
    const played = await play(ai, conversation, 0);
    expect(played.turns.map(({ faults }) => faults)).toEqual([['the AI failed: away'], ['the AI failed: away']]);
    expect(figures('broken', [played])).toMatchObject({ failures: 2, asExpected: 0 });
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
