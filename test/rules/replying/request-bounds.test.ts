import { describe, expect, it } from '@jest/globals';
import {
  LONGEST_QUESTIONS,
  LONGEST_TRANSCRIPT,
  leftOutInWords,
  withinBounds,
} from '../../../src/rules/replying/request-bounds.ts';

const lines = (texts: string[]) => texts.map((text) => ({ from: 'customer' as const, text, attachments: [] }));
const numbered = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => `${index} `.padEnd(length, 'x'));

describe('withinBounds', () => {
  it('leaves what people write as it is', () => {
    const questions = numbered(20, 500);
    const transcript = lines(numbered(20, 300));
    expect(withinBounds(questions, transcript)).toEqual({ questions, transcript });
    expect(withinBounds(['Hi', ''], [])).toEqual({ questions: ['Hi', ''], transcript: [] });
  });

  it('keeps the newest of a burst, in its order, and says how many are missing', () => {
    const burst = numbered(60, 8_000 - 2);
    expect(withinBounds(burst, [])).toEqual({
      questions: burst.slice(-4),
      transcript: [],
      leftOut: { questions: 56, lines: 0 },
    });
  });

  it('keeps the newest of what was said before, whatever the burst takes', () => {
    const said = lines(numbered(30, 4_000));
    const { transcript, leftOut } = withinBounds(numbered(60, 8_000), said);
    expect(transcript).toEqual(said.slice(-3));
    expect(leftOut?.lines).toBe(27);
  });

  it.each([
    ['a', 'plain text'],
    ['<', 'what takes more room in a prompt'],
    ['"', 'quotation marks'],
    ['\ud83d\ude00', 'pairs'],
    ['\ud800', 'half of a pair'],
    ['\u2028', 'separators'],
    ['\0', 'controls'],
  ])('cuts a newest message that alone is too long: %j (%s)', (character) => {
    const huge = character.repeat(100_000);
    const { questions, transcript } = withinBounds(['older', huge], lines(['older', huge]));
    const room = (text: string) =>
      JSON.stringify(text.replace(/ \[cut\]$/, '')).replace(/[<>&\u2028\u2029]/g, '123456').length;
    expect(questions).toEqual([expect.stringMatching(/ \[cut\]$/)]);
    expect(room(questions[0] ?? '')).toBeLessThanOrEqual(LONGEST_QUESTIONS);
    expect(room(questions[0] ?? '')).toBeGreaterThan(LONGEST_QUESTIONS * 0.99);
    expect(room(transcript[0]?.text ?? '')).toBeLessThanOrEqual(LONGEST_TRANSCRIPT);
  });
});

describe('leftOutInWords', () => {
  it('counts, and quotes nothing', () => {
    expect(leftOutInWords({ questions: 56, lines: 0 })).toBe(
      'too long for the AI, left out: 56 of the customer’s unanswered messages, the oldest',
    );
    expect(leftOutInWords({ questions: 0, lines: 0, older: true })).toBe(
      'the AI gets only the newest messages of a long thread',
    );
    expect(leftOutInWords({ questions: 1, lines: 2 })).toBe(
      'too long for the AI, left out: 1 of the customer’s unanswered messages, the oldest, and 2 of the ' +
        'earlier messages',
    );
  });
});
