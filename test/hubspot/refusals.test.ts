import { describe, expect, it } from '@jest/globals';
import { existingIdIn, refusedProperties } from '../../src/hubspot/refusals.ts';

const LIST = '[{"isValid":false,"message":"Property \\"x\\" does not exist","name":"x"},{"name":"y"}]';

describe('the properties that HubSpot refuses', () => {
  it.each([
    ['in its message', { message: `Property values were not valid: ${LIST}` }, ['x', 'y']],
    ['in its message, and words after them', { message: `Property values were not valid: ${LIST} (2)` }, ['x', 'y']],
    ['in the context of an error', { errors: [{ context: { propertyName: ['z'] } }] }, ['z']],
    ['nowhere', { message: 'Property values were not valid: [' }, []],
    ['in what is no JSON', { message: 'Property values were not valid: [x]' }, []],
    ['in errors that are none', { errors: [null as never, {}] }, []],
  ])('are found %s', (_, body, names) => {
    expect(refusedProperties(body)).toEqual(names);
  });

  it('are looked for in 2 MB of hostile text at once', () => {
    const message = 'Property values were not valid: ['.repeat(60_000);
    const before = performance.now();
    expect(refusedProperties({ message })).toEqual([]);
    expect(existingIdIn({ message: 'Existing ID: '.repeat(150_000) })).toBeNull();
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
