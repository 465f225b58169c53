import { expect } from '@jest/globals';
import type { Connection } from '@temporalio/client';
import { type LimitedQueue, limitRate, readRateLimit } from '../../src/temporal/rate-limit.ts';
import { eventually } from './eventually.ts';

type Service = Pick<Connection, 'workflowService'>;

/** Waits until the server says this rate: it passes a change on to the parts of a queue that answer for it, in its time. */
export const rateIsRead = (connection: Service, queue: LimitedQueue, rate: number): Promise<void> =>
  eventually(async () => expect(await readRateLimit(connection, queue)).toBe(rate));

/** Limits a queue's rate as a worker does, and gives what is left to do once the server says the new rate everywhere. */
export const limitRateEverywhere = async (
  connection: Service,
  queue: LimitedQueue,
  rate: number,
): Promise<string[]> => {
  const toDo = await limitRate(connection, queue, rate);
  await rateIsRead(connection, queue, rate);
  return toDo;
};
