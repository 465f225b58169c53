import { describe, expect, it } from '@jest/globals';
import { runTogether } from '../../src/temporal/run-together.ts';
import { deferred } from '../support/deferred.ts';

type State = 'INITIALIZED' | 'RUNNING' | 'STOPPED' | 'FAILED';

const fakeWorker = () => {
  const end = deferred();
  let state: State = 'INITIALIZED';
  return {
    getState: () => state,
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
});
