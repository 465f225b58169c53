import { describe, expect, it } from '@jest/globals';
import type { Worker } from '@temporalio/worker';
import { runTogether } from '../../src/temporal/run-together.ts';
import { deferred } from '../support/deferred.ts';

type State = 'INITIALIZED' | 'RUNNING' | 'STOPPED' | 'FAILED';

const fakeWorker = (polls = { hasOutstandingWorkflowPoll: true, hasOutstandingActivityPoll: true }) => {
  const end = deferred();
  let state: State = 'INITIALIZED';
  return {
    getState: () => state,
    getStatus: () => ({ ...polls, runState: state }) as ReturnType<Worker['getStatus']>,
    run: async () => {
      state = 'RUNNING';
      await end.promise;
    },
    shutdown: () => {
      state = 'STOPPED';
      end.resolve();
    },
    fail: (error: Error) => {
      state = 'FAILED';
      end.reject(error);
    },
  };
};

describe('runTogether', () => {
  it('stops every Worker at shutdown, and run ends', async () => {
    const [one, other] = [fakeWorker(), fakeWorker()];
    const workers = runTogether([one, other]);
    const run = workers.run();
    await workers.shutdown();
    await run;
    expect([one.getState(), other.getState()]).toEqual(['STOPPED', 'STOPPED']);
  });

  it('stops the others when one Worker fails, and throws its failure', async () => {
    const [one, other] = [fakeWorker(), fakeWorker()];
    const run = runTogether([one, other]).run();
    one.fail(new Error('no more polling'));
    await expect(run).rejects.toThrow('no more polling');
    expect(other.getState()).toBe('STOPPED');
  });

  it('can be shut down after a failure, and before it ran', async () => {
    const worker = fakeWorker();
    const workers = runTogether([worker]);
    await workers.shutdown();
    const run = workers.run();
    worker.fail(new Error('no more polling'));
    await workers.shutdown();
    await expect(run).rejects.toThrow('no more polling');
  });

  it('polls while each asks for activities, and one of them for workflow tasks', async () => {
    const main = fakeWorker();
    const hubspot = fakeWorker({ hasOutstandingWorkflowPoll: false, hasOutstandingActivityPoll: true });
    const workers = runTogether([main, hubspot]);
    expect(workers.isPolling()).toBe(false);
    const run = workers.run();
    expect(workers.isPolling()).toBe(true);
    await workers.shutdown();
    await run;
    expect(workers.isPolling()).toBe(false);
  });

  it('does not poll where nobody asks for workflow tasks', async () => {
    const workers = runTogether([fakeWorker({ hasOutstandingWorkflowPoll: false, hasOutstandingActivityPoll: true })]);
    const run = workers.run();
    expect(workers.isPolling()).toBe(false);
    await workers.shutdown();
    await run;
  });
});
