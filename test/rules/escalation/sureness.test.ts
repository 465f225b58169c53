import { expect, it } from '@jest/globals';
import type { AiAnswer } from '../../../src/ai/backend.ts';
import { type Sureness, whyNotSure } from '../../../src/rules/escalation/sureness.ts';

const SOURCE = { title: 'Returns', path: 'returns.md' };
const reply = (confidence: number | null, sources = [SOURCE], rest = {}): AiAnswer => ({
  action: 'reply',
  text: 'Yes.',
  sources,
  confidence,
  aiSessionId: null,
  ...rest,
});

const SURENESS: Sureness = {
  minConfidence: { default: 0.7, email: 0.9, forms: 0 },
  needsSources: { default: true, forms: false },
  otherwise: 'draft',
};
const UNSOURCED = 'the AI names no article that it answered from';

it.each<[string, AiAnswer, string, string | null]>([
  ['as sure as needed', reply(0.7), 'live chat', null],
  ['less sure', reply(0.699), 'live chat', "the AI's confidence in its answer is 0.69, and live chat needs 0.7"],
  [
    'less sure than the channel needs',
    reply(0.8),
    'email',
    "the AI's confidence in its answer is 0.8, and email needs 0.9",
  ],
  ['as unsure as can be, where that is enough', reply(0), 'forms', null],
  ['whose confidence is no number', reply(Number.NaN), 'live chat', expect.stringContaining('NaN') as never],
  ['of an AI that tells no confidence', reply(null), 'email', null],
  ['without a source', reply(1, []), 'email', UNSOURCED],
  ['without a source and without a confidence', reply(null, []), 'email', UNSOURCED],
  ['without a source, where it needs none', reply(1, []), 'forms', null],
  ['whose sources were left out for their length', reply(1, [], { claims: 'what-its-sources-say' }), 'email', null],
  ['that is a courtesy', reply(0.1, [], { claims: 'nothing' }), 'email', null],
  ['that is a clarifying question', reply(0.1, [], { asksBack: true }), 'email', null],
  ['that is a handoff', { action: 'handoff', reason: 'no idea', aiSessionId: null }, 'email', null],
])('an answer %s', (_, answer, channel, why) => {
  const escalation = whyNotSure(answer, channel, SURENESS);
  expect(escalation?.why ?? null).toEqual(why);
  if (escalation) {
    expect(escalation).toMatchObject({ as: 'draft', reason: why === UNSOURCED ? 'no-source' : 'low-confidence' });
  }
});

it('lets every answer go where nothing is set', () => {
  const nothing: Sureness = { minConfidence: {}, needsSources: {}, otherwise: 'handoff' };
  expect(whyNotSure(reply(0, []), 'email', nothing)).toBeNull();
});

it('takes no channel for a property of every object', () => {
  expect(whyNotSure(reply(0.5), 'toString', { ...SURENESS, minConfidence: {} })).toBeNull();
});
