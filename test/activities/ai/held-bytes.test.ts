import { expect, it } from '@jest/globals';
import { createHeldBytes } from '../../../src/activities/ai/held-bytes.ts';

const never = new AbortController().signal;
/** As long as anything takes that waits for nothing. */
const soon = () => new Promise((resolve) => setImmediate(resolve));

it('gives room in the order of asking, and never more than there is', async () => {
  const room = createHeldBytes(10);
  const order: string[] = [];
  const ask = (name: string, bytes: number) =>
    room.take(bytes, never).then((hold) => {
      order.push(name);
      return hold;
    });
  const [first, second] = [await ask('first', 6), ask('second', 6)];
  const third = ask('third', 1);
  await soon();
  expect([order, room.held]).toEqual([['first'], 6]);
  first.shrinkTo(3);
  await soon();
  expect([order, room.held]).toEqual([['first', 'second', 'third'], 10]);
  (await second).release();
  (await second).release();
  (await third).release();
  first.release();
  expect(room.held).toBe(0);
});

it('lets one that wants more than there is have all of it, alone', async () => {
  const room = createHeldBytes(10);
  const small = await room.take(1, never);
  const large = room.take(100, never);
  await soon();
  expect(room.held).toBe(1);
  small.release();
  (await large).shrinkTo(1_000);
  expect(room.held).toBe(10);
  (await large).release();
  expect(room.held).toBe(0);
});

it('is no longer waited for by one that is given up, and others go on', async () => {
  const room = createHeldBytes(10);
  const first = await room.take(8, never);
  const why = new Error('a human took over');
  const waiting = new AbortController();
  const second = room.take(10, waiting.signal);
  const third = room.take(2, never);
  waiting.abort(why);
  await expect(second).rejects.toBe(why);
  (await third).release();
  await expect(room.take(1, AbortSignal.abort(why))).rejects.toBe(why);
  first.release();
  expect(room.held).toBe(0);
});
