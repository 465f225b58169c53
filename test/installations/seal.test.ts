import { describe, expect, it } from '@jest/globals';
import { createSeal, SealBroken } from '../../src/installations/seal.ts';
import { tokenKeys } from '../support/oauth.ts';

const seal = createSeal(tokenKeys('new', 'old'));

describe('a sealed text', () => {
  it('can be opened again, and shows nothing of itself', () => {
    const sealed = seal.seal('a secret token', 'token:1');
    expect(sealed).toMatch(/^new:[\w-]+$/);
    expect(Buffer.from(sealed.split(':')[1] ?? '', 'base64url').toString('latin1')).not.toContain('secret');
    expect(seal.open(sealed, 'token:1')).toBe('a secret token');
  });

  it('is another one each time', () => {
    expect(seal.seal('the same', 'token:1')).not.toBe(seal.seal('the same', 'token:1'));
  });

  it('can be opened with an older key', () => {
    const [, old] = tokenKeys('new', 'old');
    expect(seal.open(createSeal([old]).seal('from before', 'token:1'), 'token:1')).toBe('from before');
  });

  it.each([
    ['for something else', (sealed: string) => [sealed, 'token:2']],
    [
      'that was changed',
      (sealed: string) => [`${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`, 'token:1'],
    ],
    ['of a key that is not there', (sealed: string) => [sealed.replace('new:', 'other:'), 'token:1']],
    ['that is too short', () => ['new:AAAA', 'token:1']],
    ['that is none', () => ['', 'token:1']],
  ] as [string, (sealed: string) => [string, string]][])('%s is refused', (_, change) => {
    expect(() => seal.open(...change(seal.seal('text', 'token:1')))).toThrow(SealBroken);
  });
});
