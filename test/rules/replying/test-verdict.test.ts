import { describe, expect, it } from '@jest/globals';
import { type TestedAnswer, testVerdict, type UnknownAnswer } from '../../../src/rules/replying/test-verdict.ts';
import type { PortalSettings } from '../../../src/rules/settings.ts';
import { everywhere, settings } from '../../support/messages.ts';

const answer = (changes: object = {}) =>
  ({
    action: 'reply',
    text: 'Two days.',
    sources: [{ title: 'Shipping', path: 's.md' }],
    confidence: 0.6,
    aiSessionId: null,
    ...changes,
  }) as TestedAnswer;
const verdict = (given: TestedAnswer | UnknownAnswer, changes: Partial<PortalSettings> = {}) =>
  testVerdict(given, [], 'email', settings(changes));
const held = (as: 'handoff' | 'draft' | 'approve') => ({
  escalation: { as, reason: 'rule-words', why: 'says "refund"' },
});
const sure = (least: number, otherwise: 'handoff' | 'draft' | 'approve') => ({
  sureness: { minConfidence: { default: least }, needsSources: {}, otherwise },
});

describe('a tried question', () => {
  it.each([
    ['auto', 'send'],
    ['approve', 'approve'],
    ['draft', 'draft'],
    ['shadow', 'nothing'],
    ['off', 'nothing'],
  ] as const)('comes to what the level of its channel allows: %s is %s', (level, would) => {
    expect(verdict(answer(), everywhere(level))).toMatchObject({ outcome: 'tested', would, text: 'Two days.' });
  });

  it.each(['handoff', 'draft', 'approve'] as const)('is held back by a rule, which it names: %s', (as) => {
    const { would, rules } = verdict(answer(held(as)));
    expect({ would, rules }).toEqual({ would: as, rules: [`says "refund" (rule-words): ${as}`] });
  });

  it('is held back where it is not sure enough, as a customer’s would be', () => {
    const { would, rules } = verdict(answer(), sure(0.9, 'approve'));
    expect(would).toBe('approve');
    expect(rules).toHaveLength(1);
    expect(verdict(answer(), sure(0.5, 'approve')).would).toBe('send');
  });

  it('shows what a handoff would have said, and why it is one', () => {
    const handoff = {
      action: 'handoff',
      reason: 'says "refund"',
      aiSessionId: null,
      unsent: 'No.',
      ...held('handoff'),
    };
    const result = verdict(handoff as TestedAnswer);
    expect(result).toMatchObject({ would: 'handoff', reason: 'says "refund"', text: 'No.' });
    expect(result.rules).toHaveLength(1);
  });

  it('says what it took', () => {
    const spent = { inputTokens: 10, outputTokens: 2, cost: 5, threadCost: 99 };
    expect(verdict(answer({ spent })).spent).toEqual({ inputTokens: 10, outputTokens: 2, cost: 5 });
    expect(verdict(answer())).not.toHaveProperty('spent');
  });

  it('calls no tool, and says which the AI wanted', () => {
    const wants = { action: 'use-tools', calls: [{ name: 'orderStatus' }, {}] };
    expect(verdict(wants)).toMatchObject({ would: 'no-answer', tools: ['orderStatus', 'a tool'] });
  });
});
