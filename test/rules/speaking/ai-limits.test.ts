import { describe, expect, it } from '@jest/globals';
import { callsReason, ceilingReason } from '../../../src/rules/speaking/ai-limits.ts';

describe('why the AI is not asked', () => {
  it('says which limit is reached, and until when it holds', () => {
    expect(ceilingReason(500_000)).toBe(
      "today's ceiling for the AI, 0.50, is spent: it is not asked again before midnight UTC",
    );
    expect(callsReason(30)).toMatch(/^the AI has been asked 30 times within an hour for this contact/);
  });
});
