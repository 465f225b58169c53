import { describe, expect, it } from '@jest/globals';
import { runFilter, searchIn, searchQuery, timesOf, wordsSought } from '../../src/api/ops/filter.ts';

const search = (query: string) => searchIn(new URLSearchParams(query));
const now = new Date('2026-02-03T10:00:00Z');

describe('a search of conversations', () => {
  it('keeps what can be looked for, and leaves out the rest', () => {
    expect(search('')).toEqual({ period: 'week', page: 1 });
    const all =
      'period=month&q=vase&portal=62515&channel=email&outcome=handed-off&reason=too-old&speaker=paused' +
      '&corrected=1&page=2';
    expect(searchQuery(search(all))).toBe(all);
    const wrong = 'period=x&portal=1"&channel=pigeon&outcome=" OR ""="&reason=none&speaker=toString&page=-1';
    expect(search(wrong)).toEqual({ period: 'week', page: 1 });
  });

  it.each([
    ['today', '2026-02-03T00:00:00.000Z', undefined],
    ['yesterday', '2026-02-02T00:00:00.000Z', '2026-02-03T00:00:00.000Z'],
    ['week', '2026-01-28T00:00:00.000Z', undefined],
    ['month', '2026-01-05T00:00:00.000Z', undefined],
  ] as const)('is of UTC days: %s', (period, since, until) => {
    const times = timesOf(period, now);
    expect([times.since.toISOString(), times.until?.toISOString()]).toEqual([since, until]);
  });

  it('takes digits for a thread or a ticket, whenever it was, and all else for words', () => {
    expect(runFilter(search('q=8319220105'), now)).toEqual({ number: '8319220105' });
    expect(wordsSought(search('q=8319220105'))).toBeNull();
    expect(wordsSought(search('q=order+10234'))).toBe('order 10234');
    expect(runFilter(search('q=vase'), now)).not.toHaveProperty('number');
  });
});
