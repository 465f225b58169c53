import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createLogBound } from '../../src/api/log-bound.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

it('lets so many of each kind through in a minute, says how many more there were, and begins anew', () => {
  const leftOut: [string, number][] = [];
  const mayLog = createLogBound(2, (kind, count) => leftOut.push([kind, count]));
  expect(['a', 'a', 'a', 'b', 'a'].map(mayLog)).toEqual([true, true, false, true, false]);
  jest.advanceTimersByTime(59_999);
  expect(leftOut).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(leftOut).toEqual([['a', 2]]);
  expect(['a', 'b'].map(mayLog)).toEqual([true, true]);
  jest.advanceTimersByTime(60_000);
  expect(leftOut).toEqual([['a', 2]]);
});
