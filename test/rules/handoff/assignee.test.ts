import { describe, expect, it } from '@jest/globals';
import type { ActorId } from '../../../src/hubspot/ids.ts';
import { assigneeFor } from '../../../src/rules/handoff/assignee.ts';
import type { AssignRule } from '../../../src/rules/handoff/handoff-settings.ts';

const to = (id: string): ActorId => id as ActorId;
const RULES: AssignRule[] = [
  { when: null, to: to('A-1') },
  { when: { by: 'channel', is: 'email' }, to: to('A-3') },
  { when: { by: 'language', is: 'de' }, to: to('A-2') },
  { when: { by: 'sentiment', is: 'negative' }, to: to('A-4') },
];

describe('who gets a thread', () => {
  it.each([
    ['nothing else fits', { channel: 'live chat' }, 'A-1'],
    ['its channel is named', { channel: 'email' }, 'A-3'],
    ['its language is named, before its channel', { channel: 'email', language: 'de' }, 'A-2'],
    ['its language is of another region', { channel: 'live chat', language: 'de-AT' }, 'A-2'],
    ['the customer is angry, before all', { channel: 'email', language: 'de', sentiment: 'negative' } as const, 'A-4'],
    ['the customer is not', { channel: 'live chat', language: 'fr', sentiment: 'neutral' } as const, 'A-1'],
  ])('where %s', (_, about, expected) => {
    expect(assigneeFor(RULES, about)).toBe(expected);
  });

  it('assigns nobody without a rule for all', () => {
    expect(assigneeFor(RULES.slice(1), { channel: 'live chat' })).toBeNull();
    expect(assigneeFor([], { channel: 'email' })).toBeNull();
  });
});
