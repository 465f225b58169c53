import { describe, expect, it } from '@jest/globals';
import { AUTONOMY_LEVELS, type Autonomy } from '../../../src/rules/speaking/autonomy.ts';
import { levelWithin } from '../../../src/rules/speaking/budget.ts';

describe('levelWithin', () => {
  it.each<[string, number, number | undefined, Autonomy]>([
    ['no budget', 1_000_000, undefined, 'auto'],
    ['nothing spent', 0, 500_000, 'auto'],
    ['some of it left', 499_999, 500_000, 'auto'],
    ['all of it spent', 500_000, 500_000, 'draft'],
    ['more than it spent', 700_000, 500_000, 'draft'],
  ])('with %s', (_, spent, budget, level) => {
    expect(levelWithin('auto', spent, budget).level).toBe(level);
  });

  it('says why, once it lowers the level', () => {
    expect(levelWithin('auto', 500_000, 500_000).why).toBe("today's budget for the AI, 0.50, is spent");
    expect(levelWithin('auto', 0, 500_000).why).toBeNull();
  });

  it('lowers nothing that has a person in between, or is silent anyway', () => {
    const others = AUTONOMY_LEVELS.filter((level) => level !== 'auto');
    expect(others.map((level) => levelWithin(level, 9, 1))).toEqual(others.map((level) => ({ level, why: null })));
  });
});
