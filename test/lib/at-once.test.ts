import { expect, it } from '@jest/globals';
import { atOnce, atOnceSignal } from '../../src/lib/at-once.ts';
import { cached } from '../../src/lib/cached.ts';

it('gives what the work gives, which knows that it may not wait', async () => {
  const { signal } = new AbortController();
  expect(atOnceSignal()).toBeUndefined();
  expect(await atOnce(async () => atOnceSignal()?.aborted, signal)).toBe(false);
  expect(atOnceSignal()).toBeUndefined();
});

it('ends once it is aborted, and has all that goes on stop', async () => {
  const ends = new AbortController();
  let seen: AbortSignal | undefined;
  const work = atOnce(() => {
    seen = atOnceSignal();
    return new Promise(() => undefined);
  }, ends.signal);
  ends.abort(new Error('over'));
  await expect(work).rejects.toThrow('over');
  expect(seen?.aborted).toBe(true);
});

it.each([
  ['fails', () => Promise.reject(new Error('one half'))],
  ['is done', () => Promise.resolve()],
])('has a part that is left over stop once the rest %s', async (_, end) => {
  let seen: AbortSignal | undefined;
  const half = async (): Promise<never> => {
    seen = atOnceSignal();
    return await new Promise(() => undefined);
  };
  await atOnce(async () => {
    void half();
    await end();
  }, new AbortController().signal).catch(() => undefined);
  expect(seen?.aborted).toBe(true);
});

it('does not take along what is read for all', async () => {
  let seen: AbortSignal | undefined;
  const shared = cached(async () => {
    seen = atOnceSignal();
  }, 1_000);
  await atOnce(shared, new AbortController().signal);
  expect(seen).toBeUndefined();
});
