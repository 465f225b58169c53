import { expect } from '@jest/globals';
import type { Connection } from '@temporalio/client';
import { type LimitedQueue, limitRate, readRateLimit } from '../../src/temporal/rate-limit.ts';
import { eventually } from './eventually.ts';

type Service = Pick<Connection, 'workflowService'>;

/** Waits until the server says this rate. It passes a change on to the parts of a queue, which answer for it. */
export const rateIsRead = (connection: Service, queue: LimitedQueue, rate: number): Promise<void> =>
  eventually(async () => expect(await readRateLimit(connection, queue)).toBe(rate));

/** Limits a queue's rate as a worker does, and waits until the server says it. Gives what is left to do. */
export const limitRateEverywhere = async (
  connection: Service,
  queue: LimitedQueue,
  rate: number,
): Promise<string[]> => {
  const toDo = await limitRate(connection, queue, rate);
  await rateIsRead(connection, queue, rate);
  return toDo;
};
