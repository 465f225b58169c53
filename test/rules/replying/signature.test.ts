import { describe, expect, it } from '@jest/globals';
import { signatureFor } from '../../../src/rules/replying/signature.ts';

describe('signatureFor', () => {
  const signatures = {
    'help.example.com': 'exact',
    '*.example.com': 'any part',
    '*.eu.example.com': 'the longer wildcard',
    '*': 'the rest',
  };

  it.each([
    ['kim@help.example.com', 'exact'],
    ['kim@HELP.example.com', 'exact'],
    ['kim@sales.example.com', 'any part'],
    ['kim@a.b.example.com', 'any part'],
    ['kim@a.eu.example.com', 'the longer wildcard'],
    ['kim@eu.example.com', 'any part'],
    ['kim@example.com', 'the rest'],
    ['kim@notexample.com', 'the rest'],
    ['kim@constructor', 'the rest'],
    [null, 'the rest'],
  ])('of %j is %j', (address, expected) => {
    expect(signatureFor(address, signatures)).toBe(expected);
  });

  it('gives none where nothing fits', () => {
    expect(signatureFor('kim@example.org', { 'example.com': 'not this' })).toBeNull();
    expect(signatureFor(null, {})).toBeNull();
  });
});
