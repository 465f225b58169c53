import { describe, expect, it } from '@jest/globals';
import { cached } from '../../src/lib/cached.ts';
import { deferred } from '../support/deferred.ts';

describe('remembered', () => {
  it('reads again once the time is over', async () => {
    let now = 0;
    let reads = 0;
    const read = cached(
      async () => ++reads,
      1_000,
      () => now,
    );
    expect(await read()).toBe(1);
    now = 999;
    expect(await read()).toBe(1);
    now = 1_000;
    expect(await read()).toBe(2);
  });

  it('reads once for all who ask meanwhile', async () => {
    let reads = 0;
    const answer = deferred<string>();
    const read = cached(() => {
      reads += 1;
      return answer.promise;
    }, 1_000);
    const both = Promise.all([read(), read()]);
    answer.resolve('read');
    expect(await both).toEqual(['read', 'read']);
    expect(reads).toBe(1);
  });

  it('forgets a failure', async () => {
    let reads = 0;
    const read = cached(async () => {
      reads += 1;
      if (reads === 1) throw new Error('away');
      return reads;
    }, 1_000);
    await expect(read()).rejects.toThrow('away');
    expect(await read()).toBe(2);
  });
});
