import { describe, expect, it } from '@jest/globals';
import { parseSyncTicketProperty } from '../../../src/workflows/shared/input.ts';

const change = { portalId: 62515, ticketId: '1846', propertyName: 'stage', propertyValue: 'new', occurredAt: 1 };

describe('parseSyncTicketProperty', () => {
  it.each<[string, object, object]>([
    ['ids as numbers or text', {}, { portalId: '62515', ticketId: '1846' }],
    ['a number as value', { propertyValue: 7 }, { propertyValue: '7' }],
    ['a cleared value', { propertyValue: null }, { propertyValue: '' }],
    ['the time as text', { occurredAt: '1700000000000' }, { occurredAt: 1_700_000_000_000 }],
  ])('takes %s', (_, changes, expected) => {
    expect(parseSyncTicketProperty({ ...change, ...changes })).toMatchObject(expected);
  });

  it.each<[string, object, RegExp]>([
    ['no value', { propertyValue: undefined }, /propertyValue/],
    ['a list as value', { propertyValue: ['new'] }, /propertyValue/],
    ['no time', { occurredAt: null }, /occurredAt/],
    ['a time that is none', { occurredAt: 'now' }, /occurredAt/],
    ['an id that has lost digits', { ticketId: 2 ** 53 }, /ticketId/],
    ['a name that is none', { propertyName: 'a b' }, /propertyName/],
  ])('refuses %s, and shows what fits', (_, changes, problem) => {
    const parse = () => parseSyncTicketProperty({ ...change, ...changes });
    expect(parse).toThrow(problem);
    expect(parse).toThrow(/Expected one JSON object such as \{"portalId"/);
  });
});
