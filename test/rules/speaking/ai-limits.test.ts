import { describe, expect, it } from '@jest/globals';
import { handoffBody } from '../../../src/rules/replying/post-body.ts';
import { callsReason, ceilingReason, limitComment } from '../../../src/rules/speaking/ai-limits.ts';
import { comment, conversation, fromCustomer } from '../../support/messages.ts';

const HOUR = 3_600;
const asked = fromCustomer({ at: 2 * HOUR });
const told = (reason: string, at: number, changes = {}) =>
  comment({ at, id: 'told', by: 'I-24' as never, text: handoffBody(reason).text, aiMarker: true, ...changes });

describe('why the AI is not asked', () => {
  it('says which limit is reached, and until when it holds', () => {
    expect(ceilingReason(500_000)).toBe(
      "today's ceiling for the AI, 0.50, is spent: it is not asked again before midnight UTC",
    );
    expect(callsReason(30)).toMatch(/^the AI has been asked 30 times within an hour for this contact/);
  });
});

describe('limitComment', () => {
  it.each([
    ['ceiling', ceilingReason(500_000)],
    ['calls', callsReason(7)],
  ] as const)('finds the comment of %s within the hour, whatever the number in it', (limit, reason) => {
    const other = limit === 'ceiling' ? 'calls' : 'ceiling';
    const found = (which: 'ceiling' | 'calls', at: number, changes = {}) =>
      limitComment(which, conversation([told(reason, at, changes), asked]), asked);
    expect(found(limit, 2 * HOUR - 1)).toBe('told');
    expect(found(limit, 2 * HOUR + 1)).toBe('told');
    expect(found(limit, HOUR)).toBeNull();
    expect(found(other, 2 * HOUR - 1)).toBeNull();
    expect(found(limit, 2 * HOUR - 1, { aiMarker: false })).toBeNull();
    expect(found(limit, 2 * HOUR - 1, { kind: 'message' })).toBeNull();
  });
});
