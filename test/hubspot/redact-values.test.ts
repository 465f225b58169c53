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

/** Texts that a pattern may look at again from each of their characters. */
const HOSTILE = {
  'one word': 'x',
  'at signs': '@',
  'single quotes': "'",
  'single quotes on lines of their own': "'\n",
  'single quotes before letters': " 'a",
  'opening quotes': '„“«`"',
  'the beginnings of phone numbers': '+1 ',
  'digits and spaces': '1 ',
  spaces: ' ',
  'words that are nearly addresses': 'a@ ',
};

it.each(Object.entries(HOSTILE))('reads 200 kB of %s at once', (_, part) => {
  const text = part.repeat(200_000 / part.length);
  const before = performance.now();
  for (const one of [text, `${text}\n`, `'${text}\n`, `+1${text}`])
    expect(redactValues(one).length).toBeLessThanOrEqual(200);
  expect(performance.now() - before).toBeLessThan(1_000);
});

it.each([
  ['an address', 'kim@example.com'],
  ['a phone number', '+1 (555) 010-0100'],
])('leaves out %s that the cut goes through, wherever it does', (_, value) => {
  // What is quoted becomes short, and brings the place of the cut into the line.
  for (let before = 1_970; before < 2_000; before += 1) {
    const line = redactValues(`"${'k'.repeat(before - 6)}" of ${value} is wrong`);
    expect(line).not.toMatch(/kim|555|\+1/);
  }
});
