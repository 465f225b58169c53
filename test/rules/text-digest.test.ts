import { expect, it } from '@jest/globals';
import { textDigest } from '../../src/rules/text-digest.ts';

it('is the same for the same text, and 16 digits of any', () => {
  // The published FNV-1a values of these.
  expect(textDigest('')).toBe('cbf29ce484222325');
  expect(textDigest('a')).toBe('af63dc4c8601ec8c');
  expect(textDigest('foobar')).toBe('85944171f73967e8');
  expect(textDigest('漢😀')).toMatch(/^[0-9a-f]{16}$/);
  expect(textDigest('order 10236')).not.toBe(textDigest('order 10237'));
});
