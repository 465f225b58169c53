import { describe, expect, it } from '@jest/globals';
import { REFUSALS } from '../../../src/api/webhook/refusals.ts';
import { SIGNATURE_REFUSALS } from '../../../src/hubspot/signature.ts';

describe('the refusals', () => {
  it('have a code for every way in which a signature can fail', () => {
    const codes = Object.keys(REFUSALS).filter((code) => code.startsWith('signature-'));
    expect(codes.sort()).toEqual(SIGNATURE_REFUSALS.map((reason) => `signature-${reason}`).sort());
  });

  it.each(Object.entries(REFUSALS))('%s says in one line what to do', (_code, { message }) => {
    expect(message).toMatch(/^[A-Z][^\n]{20,}\.$/);
  });
});
