import { describe, expect, it } from '@jest/globals';
import {
  AUTONOMY_LEVELS,
  type Autonomy,
  assisted,
  autonomyOn,
  speaksToCustomers,
} from '../../../src/rules/speaking/autonomy.ts';

describe('autonomyOn', () => {
  const channels = { email: 'approve', 'channel 424242': 'off' } as const;
  it.each<[string, string | null, Autonomy]>([
    ['email', '1002', 'approve'],
    ['a custom channel', '424242', 'off'],
    ['a channel that has no level of its own', '1000', 'auto'],
    ['a channel that nobody knows', null, 'auto'],
  ])('%s', (_, channelId, level) => {
    expect(autonomyOn({ autonomy: { default: 'auto', channels } }, channelId)).toBe(level);
  });
});

it('Assist Mode leaves no level at which customers are answered', () => {
  const lowered = AUTONOMY_LEVELS.map((level) => assisted({ default: level, channels: { email: level } }));
  expect(lowered.map((autonomy) => autonomy.default)).toEqual(['off', 'shadow', 'draft', 'draft', 'draft']);
  expect(lowered.map(({ channels }) => channels.email)).toEqual(['off', 'shadow', 'draft', 'draft', 'draft']);
  expect(lowered.some((autonomy) => speaksToCustomers(autonomy.default))).toBe(false);
});
