import type { Worker } from '@temporalio/worker';

/** The Temporal Workers of one process, which live and end together. */
export interface Workers {
  /**
   * Polls until {@link Workers.shutdown}, then resolves. If one Worker fails, the others stop too and its failure is
   * thrown. To be called once.
   */
  run(): Promise<void>;
  /** Takes no new tasks, lets running activities end, and resolves when every Worker has stopped. Never throws. */
  shutdown(): Promise<void>;
  /**
   * Says whether all of them ask the server for tasks at this moment. False for an instant while a task is handed over.
   */
  isPolling(): boolean;
}

/** Half a process would look alive and leave one of its task queues unserved: so Workers run together or not at all. */
export const runTogether = (workers: Pick<Worker, 'run' | 'shutdown' | 'getState' | 'getStatus'>[]): Workers => {
  const stop = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  let ended: Promise<unknown> = Promise.resolve();
  return {
    run: async () => {
      const runs = workers.map((worker) => worker.run().finally(stop));
      ended = Promise.allSettled(runs);
      await ended;
      await Promise.all(runs);
    },
    shutdown: async () => {
      stop();
      await ended;
    },
    isPolling: () => {
      const statuses = workers.map((worker) => worker.getStatus());
      return (
        statuses.every(
          ({ runState, hasOutstandingActivityPoll }) => runState === 'RUNNING' && hasOutstandingActivityPoll,
        ) && statuses.some(({ hasOutstandingWorkflowPoll }) => hasOutstandingWorkflowPoll)
      );
    },
  };
};
