import { expect, it } from '@jest/globals';
import { redactValues } from '../../src/hubspot/redact-values.ts';

it.each([
  ['Mailbox of "kim" is full', 'Mailbox of "…" is full'],
  ["can't find 'Kim' and 'O'Neil' here", 'can\'t find "…" and "…" here'],
  ["the customers' record isn't there", "the customers' record isn't there"],
  ['“Kim”, „Kim“, «Kim», ‘Kim’ and `Kim`', '"…", "…", "…", "…" and "…"'],
  ['Cannot read value "Kim of Exam', 'Cannot read value "…"'],
  ['<kim@example.com> or kim.e@example.org', '… or …'],
  ['no such number: +1 (555) 010-0100.', 'no such number: ….'],
  ['thread 5949425236 not found', 'thread 5949425236 not found'],
])('%s', (text, fit) => {
  expect(redactValues(text)).toBe(fit);
});

it('is cut, values first', () => {
  expect(redactValues(`${'x'.repeat(190)} "${'Kim '.repeat(100)}"`)).toBe(`${'x'.repeat(190)} "…"`);
});
