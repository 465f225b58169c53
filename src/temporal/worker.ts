import { type NativeConnection, Worker } from '@temporalio/worker';
import { hubspotTaskQueue } from './task-queues.ts';
import type { WorkflowSource } from './workflow-bundle.ts';

export interface WorkersOptions {
  connection: NativeConnection;
  namespace: string;
  /** The workflows' own; HubSpot's activities run on {@link hubspotTaskQueue} of it. */
  taskQueue: string;
  workflows: WorkflowSource;
  /** Plain objects of functions. `hubspot`: what calls HubSpot. `main`: everything else. */
  activities: { main: object; hubspot: object };
}

/** The two Temporal Workers of one process. */
export interface Workers {
  /**
   * Polls until {@link Workers.shutdown}, then resolves. If one Worker fails, the other stops too and the failure is thrown.
   * To be called once.
   */
  run(): Promise<void>;
  /** Takes no new tasks and lets running activities end, for 25 s at most. Resolves when both Workers have stopped; never throws. */
  shutdown(): Promise<void>;
}

// Longer than the POST of a reply may take (20 s with its answer): a killed POST has an unknown fate. Process managers
// commonly kill after 30 s.
const SHUTDOWN = { shutdownGraceTime: '20s', shutdownForceTime: '25s' } as const;

/**
 * Two Workers in one process. HubSpot's activities have a task queue of their own, since only there a server-side limit
 * per portal holds: an activity on its workflow's queue starts eagerly, past the queue and its limits.
 */
export const createWorkers = async ({
  connection,
  namespace,
  taskQueue,
  workflows,
  activities,
}: WorkersOptions): Promise<Workers> => {
  const common = { connection, namespace, ...SHUTDOWN };
  const workers = [
    await Worker.create({
      ...common,
      ...workflows,
      taskQueue,
      activities: activities.main,
      // Mostly waiting for an AI, each with a conversation in memory.
      maxConcurrentActivityTaskExecutions: 100,
      maxConcurrentWorkflowTaskExecutions: 40,
    }),
    await Worker.create({
      ...common,
      taskQueue: hubspotTaskQueue(taskQueue),
      activities: activities.hubspot,
      // HubSpot allows an app 19 calls a second in a portal: enough for several portals, little enough not to pile up.
      maxConcurrentActivityTaskExecutions: 50,
    }),
  ];

  const stop = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  let running: Promise<unknown> = Promise.resolve();
  return {
    run: async () => {
      const runs = workers.map((worker) => worker.run().finally(stop));
      running = Promise.allSettled(runs);
      await running;
      await Promise.all(runs);
    },
    shutdown: async () => {
      stop();
      await running;
    },
  };
};
