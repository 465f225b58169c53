import { expect, it } from '@jest/globals';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { whyNotSure } from '../../src/ai/confidence.ts';

const SOURCE = { title: 'Returns', path: 'returns.md' };
const reply = (confidence: number | null, sources = [SOURCE], rest = {}): AiAnswer => ({
  action: 'reply',
  text: 'Yes.',
  sources,
  confidence,
  aiSessionId: null,
  ...rest,
});

it.each<[string, AiAnswer, string, string | null]>([
  ['as sure as needed', reply(0.7), 'live chat', null],
  ['less sure', reply(0.69), 'live chat', 'the AI is sure by 0.69, not by 0.7'],
  ['less sure than the channel needs', reply(0.8), 'email', 'the AI is sure by 0.8, not by 0.9'],
  ['of an AI that tells no confidence', reply(null), 'email', null],
  ['without a source', reply(1, []), 'email', 'the AI names no article that it answered from'],
  ['a courtesy', reply(null, []), 'email', null],
  ['a clarifying question', reply(0.1, [], { asksBack: true }), 'email', null],
  ['a handoff', { action: 'handoff', reason: 'no idea', aiSessionId: null }, 'email', null],
])('an answer %s', (_, answer, channel, why) => {
  const sureness = { minConfidence: { '*': 0.7, email: 0.9 }, needsSources: true };
  expect(whyNotSure(answer, channel, sureness)).toBe(why);
});

it('lets every answer go where nothing is set', () => {
  expect(whyNotSure(reply(0, []), 'email', { minConfidence: {}, needsSources: false })).toBeNull();
});
