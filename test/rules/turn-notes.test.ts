import { describe, expect, it } from '@jest/globals';
import type { AiAnswer } from '../../src/ai/backend.ts';
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
    expect(turnNotes({ ...reply, language: 'de' }, 'replied', burst)).toEqual({
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
    const { question, ...notes } = turnNotes(answer, 'handed-off', burst);
    expect(notes).toMatchObject({ cause: cause ?? 'ai-decided', sources: [returns] });
    expect(question).toBe(kept ? 'Hello\nDo you ship to Mars?' : undefined);
  });

  it('keeps no words that somebody has answered, and none where there are none', () => {
    expect(turnNotes(reply, 'replied', burst)).not.toHaveProperty('question');
    expect(turnNotes({ ...reply, asksBack: true }, 'replied', burst)).toMatchObject({ asksBack: true });
    expect(turnNotes(handoff, 'handed-off', [fromCustomer({ text: ' ', subject: null })])).not.toHaveProperty(
      'question',
    );
  });

  it('keeps the beginning of a long question, and the subject where a mail has nothing else', () => {
    const long = turnNotes(handoff, 'handed-off', [fromCustomer({ text: 'word '.repeat(10_000) })]);
    expect(long.question).toHaveLength(500);
    const bare = turnNotes(handoff, 'handed-off', [fromCustomer({ text: '', subject: 'Ship to Mars?' })]);
    expect(bare.question).toBe('Ship to Mars?');
  });
});
