import { describe, expect, it } from '@jest/globals';
import { createTokenBuckets } from '../../src/api/token-buckets.ts';

describe('a token bucket', () => {
  it('gives its burst at once, then one after each pause, and never more than the burst', () => {
    let now = 1_000;
    const { take } = createTokenBuckets({ burst: 3, refillMs: 100 }, () => now);
    expect([1, 2, 3, 4].map(() => take('a'))).toEqual([0, 0, 0, 100]);
    now += 40;
    expect(take('a')).toBe(60);
    now += 60;
    expect([take('a'), take('a')]).toEqual([0, 100]);
    now += 1_000_000;
    expect([1, 2, 3, 4].map(() => take('a'))).toEqual([0, 0, 0, 100]);
  });

  it('is each key’s own', () => {
    const { take } = createTokenBuckets({ burst: 1, refillMs: 100 }, () => 0);
    expect([take('a'), take('a'), take('b'), take('b')]).toEqual([0, 100, 0, 100]);
  });

  it('takes back what shall not count', () => {
    const { take, giveBack } = createTokenBuckets({ burst: 1, refillMs: 100 }, () => 0);
    for (let time = 0; time < 10; time += 1) {
      expect(take('a')).toBe(0);
      giveBack('a');
    }
  });

  it('remembers a bounded number of keys: those used last', () => {
    const { take } = createTokenBuckets({ burst: 1, refillMs: 100, keys: 2 }, () => 0);
    take('a');
    take('b');
    take('c');
    expect([take('c'), take('b'), take('a')]).toEqual([100, 100, 0]);
  });
});
