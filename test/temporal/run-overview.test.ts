import { expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { createRunOverview } from '../../src/temporal/run-overview.ts';

it('ends when its last call has, also where another has failed: the client tries again on a timer, which throws on a closed connection', async () => {
  let open = 0;
  const away = async () => {
    open += 1;
    const lasts = open;
    for (let turn = 0; turn < lasts; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    throw new Error('away');
  };
  const lists = () => ({ [Symbol.asyncIterator]: () => ({ next: away }) });
  const client = { workflow: { count: away, list: lists } } as unknown as Client;
  const overview = createRunOverview(client, 'threadkeeper');
  for (const work of [() => overview.skips(7), () => overview.lastEvent('1' as never)]) {
    await expect(work()).rejects.toThrow();
    expect(open).toBe(0);
  }
});
