import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { isGuessable } from '../../src/config/guessable.ts';

it.each([
  'aaaaaaaaaaaaaaaaaaaaaaaa',
  'aaaaaaaaaaaaaaaaaaaaaaab',
  'abababababababababababab',
  'aaaabbbbccccddddeeeeffff',
  'aabbccddeeffgghhiijjkkllmm',
  'a-b-c-d-e-f-g-h-i-j-k-l-m',
  'abcdefghijklmnopqrstuvwxyz',
  'zyxwvutsrqponmlkjihgfedcba',
  '123456789012345678901234',
  '0102030405060708091011121314',
  '111122223333444455556666',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p1q2w',
  '!@#$%^&*()!@#$%^&*()!@#$',
  'deadbeefdeadbeefdeadbeef',
  'foobarfoobarfoobarfoobar',
  'abc123abc123abc123abc123',
  'changemechangemechangeme',
  'changeme-changeme-changeme',
  'change-me-please-change-me',
  'ChangeMe1234567890123456',
  'passwordpassword12345678',
  'P4ssw0rdP4ssw0rdP4ssw0rd',
  'replace-me-with-a-secret-token',
  'insert-your-token-here!!',
  'my-super-secret-ops-token',
  'threadkeeper-threadkeeper',
])('%s is soon guessed', (token) => {
  expect(isGuessable(token)).toBe(true);
});

it.each([
  'the-token-of-operations-page',
  'correct-horse-battery-staple',
  'vK8#rT2!mQ9$wL5&xZ7*pN3@',
  // Drawn by machines: few letters once the digits are gone.
  'bcbcded4d9d90ea7bc7cfdcb',
])('%s is not', (token) => {
  expect(isGuessable(token)).toBe(false);
});

it('nothing is that a machine has drawn', () => {
  for (let draw = 0; draw < 2_000; draw += 1) {
    for (const token of [
      randomBytes(12).toString('hex'),
      randomBytes(24).toString('hex'),
      randomBytes(18).toString('base64'),
    ]) {
      expect([token, isGuessable(token)]).toEqual([token, false]);
    }
  }
});

it('a long one is read quickly', () => {
  const before = performance.now();
  for (const part of ['a', 'ab', 'x9-kW', 'qwerty']) isGuessable(part.repeat(8_000 / part.length));
  expect(performance.now() - before).toBeLessThan(10_000);
});
