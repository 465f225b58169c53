import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Connection } from '@temporalio/client';
import { GRPC } from '../../src/temporal/grpc-status.ts';
import { limitRate, rateLimitCommand, readRateLimit } from '../../src/temporal/rate-limit.ts';
import { limitRateEverywhere, rateIsRead } from '../support/rate-limit.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

describe('limitRate', () => {
  const temporal = useTemporal();
  const { connection } = temporal.client;
  const queueOf = (taskQueue = uniqueName('rate')) => ({ namespace: temporal.settings.namespace, taskQueue });

  it('is kept with the queue, and changed or taken away by saying so', async () => {
    const queue = queueOf();
    expect(await readRateLimit(connection, queue)).toBe(0);
    for (const rate of [6, 6, 10, 0, 0]) {
      expect(await limitRateEverywhere(connection, queue, rate)).toEqual([]);
    }
  });

  it('may be set by several workers that start together', async () => {
    const queue = queueOf();
    const warnings = await Promise.all(Array.from({ length: 5 }, () => limitRate(connection, queue, 6)));
    expect(warnings.flat()).toEqual([]);
    await rateIsRead(connection, queue, 6);
  });

  it('is what its command sets', async () => {
    const queue = queueOf();
    for (const rate of [7, 0]) {
      const [, ...words] = rateLimitCommand(queue, rate).split(' ');
      await promisify(execFile)(suiteTemporal().cliPath, [...words, '--address', temporal.settings.address]);
      await rateIsRead(connection, queue, rate);
    }
  });

  it.each(['UNIMPLEMENTED', 'PERMISSION_DENIED'] as const)('gives the command to run after %s', async (status) => {
    const refuse = async () => {
      throw Object.assign(new Error(status), { code: GRPC[status], details: '', metadata: {} });
    };
    const workflowService = { describeTaskQueue: refuse, updateTaskQueueConfig: refuse };
    const refusing = { workflowService } as unknown as Pick<Connection, 'workflowService'>;
    const queue = { namespace: 'shop', taskQueue: 'threadkeeper' };
    expect(await limitRate(refusing, queue, 6)).toEqual([
      expect.stringMatching(
        /: temporal task-queue config set --namespace shop --task-queue threadkeeper-hubspot --task-queue-type activity --fairness-key-rps-limit-default 6$/,
      ),
    ]);
  });
});
