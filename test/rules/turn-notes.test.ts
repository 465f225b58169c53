import { describe, expect, it } from '@jest/globals';
import type { AiAnswer } from '../../src/ai/backend.ts';
import type { Escalation } from '../../src/rules/escalation/escalation.ts';
import { turnNotes } from '../../src/rules/turn-notes.ts';
import { fromCustomer } from '../support/messages.ts';

const returns = { title: 'Return an item', path: 'returns.md' };
const burst = [
  fromCustomer({ createdAt: '2026-01-31T10:00:00.000Z', text: 'Hello' }),
  fromCustomer({ createdAt: '2026-01-31T10:00:05.000Z', text: 'Do you ship to Mars?', channelId: '1002' }),
];
const reply: AiAnswer = { action: 'reply', text: 'Yes', sources: [returns], confidence: 0.8, aiSessionId: null };
const handoff: AiAnswer = { action: 'handoff', reason: 'r', aiSessionId: null };

describe('turnNotes', () => {
  it('says since when the customer waits, where, and what a reply was taken from', () => {
    expect(turnNotes({ ...reply, language: 'de' }, { outcome: 'replied' }, burst)).toEqual({
      channel: 'email',
      askedAt: Date.UTC(2026, 0, 31, 10),
      newestAt: Date.UTC(2026, 0, 31, 10, 0, 5),
      language: 'de',
      sources: [returns],
      confidence: 0.8,
    });
  });

  it.each([
    ['no-answer', true],
    ['unclear', true],
    [undefined, true],
    ['asks-for-person', false],
    ['files', false],
    ['not-sendable', false],
    ['limit', false],
    ['ai-failed', false],
  ] as const)('keeps the words of a handoff because of %s: %s', (cause, kept) => {
    const answer: AiAnswer = { ...handoff, nearest: returns, ...(cause === undefined ? {} : { cause }) };
    const { question, ...notes } = turnNotes(answer, { outcome: 'handed-off' }, burst);
    expect(notes).toMatchObject({ cause: cause ?? 'ai-decided', sources: [returns] });
    expect(question).toBe(kept ? 'Hello\nDo you ship to Mars?' : undefined);
  });

  it.each([
    ['rule-words', 'rule', undefined],
    ['low-confidence', 'unsure', 'Hello\nDo you ship to Mars?'],
  ] as const)('says of an answer that was held back (%s) why', (reason, cause, question) => {
    const escalation: Escalation = { as: 'handoff', reason, why: 'w' };
    const notes = turnNotes(reply, { outcome: 'handed-off', escalation }, burst);
    expect([notes.cause, notes.question, notes.sources]).toEqual([cause, question, [returns]]);
    expect(turnNotes(reply, { outcome: 'drafted', escalation }, burst)).not.toHaveProperty('question');
  });

  it('keeps no words that somebody has answered, and none where there are none', () => {
    expect(turnNotes(reply, { outcome: 'replied' }, burst)).not.toHaveProperty('question');
    expect(turnNotes({ ...reply, asksBack: true }, { outcome: 'replied' }, burst)).toMatchObject({ asksBack: true });
    expect(
      turnNotes(handoff, { outcome: 'handed-off' }, [fromCustomer({ text: ' ', subject: null })]),
    ).not.toHaveProperty('question');
  });

  it('keeps the beginning of a long question, and the subject where a mail has nothing else', () => {
    const long = turnNotes(handoff, { outcome: 'handed-off' }, [fromCustomer({ text: 'word '.repeat(10_000) })]);
    expect(long.question).toHaveLength(500);
    const bare = turnNotes(handoff, { outcome: 'handed-off' }, [fromCustomer({ text: '', subject: 'Ship to Mars?' })]);
    expect(bare.question).toBe('Ship to Mars?');
  });
});
