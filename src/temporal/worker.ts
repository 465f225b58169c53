import {
  type ActivityInterceptorsFactory,
  type NativeConnection,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { hubspotTaskQueue } from '../runs/task-queues.ts';
import { dataConverterOf, type EncryptionPolicy } from './payload-codec.ts';
import type { PayloadKey } from './payload-keys.ts';
import { runTogether, type Workers } from './run-together.ts';
import type { WorkerVersion } from './worker-version.ts';
import { WORKFLOW_INTERCEPTORS, type WorkflowSource } from './workflow-bundle.ts';

export interface WorkersOptions {
  connection: NativeConnection;
  namespace: string;
  /** The workflows' own; HubSpot's activities run on {@link hubspotTaskQueue} of it. */
  taskQueue: string;
  workflows: WorkflowSource;
  /**
   * The first encrypts what Temporal stores; with none it stands in clear text. `workflows` must fit (`findWorkflows`).
   */
  payloadKeys: readonly PayloadKey[];
  encryption?: EncryptionPolicy;
  /** Plain objects of functions. `hubspot`: what calls HubSpot. `main`: everything else. */
  activities: { main: object; hubspot: object };
  /** Around every activity. */
  activityInterceptors?: ActivityInterceptorsFactory[];
  /** Both Workers are of this version, and a run stays with the version that it began on; `null` or absent: of none. */
  version?: WorkerVersion | null;
}

// Longer than the POST of a reply may take (20 s with its answer): a killed POST has an unknown fate. Process managers
// commonly kill after 30 s.
const SHUTDOWN = { shutdownGraceTime: '20s', shutdownForceTime: '25s' } as const;

// A heartbeat's answer says that the activity was cancelled. Left to itself, the SDK holds it back for up to 0.8 times
// the heartbeat timeout: an AI would think on for 16 s after a human took the thread.
const HEARTBEATS = { maxHeartbeatThrottleInterval: '3s', defaultHeartbeatThrottleInterval: '3s' } as const;

// Measured: a run in memory takes 1 MiB, and V8 lets garbage grow to twice as much before it looks: with a backlog of
// 50,000, 1.4 GiB are resident at most. The SDK would keep thousands of runs, by the size of the heap. These are the
// runs that are at work (100 activities, 50 calls of HubSpot); one that is not in memory is read again from its
// history, so a backlog costs time and not memory.
const MAX_CACHED_RUNS = 200;

/**
 * So many runs in a process read HubSpot beside the workflow at the same time: a backlog is to be answered run by run,
 * not read through first.
 */
export const MOST_READS_AT_ONCE = 8;

// Decisions are taken on one thread, so that those taken up together wait for each other: an urgent one waits for few.
// Enough that the thread has work while the server hears of the last ones, and those that read beside the workflow
// wait for HubSpot.
const MAX_DECISIONS = 10 + MOST_READS_AT_ONCE;

// A run and its activities belong together, so both queues are versioned: the activities of a version's runs go to that
// version's Workers on either queue, and an activity may change along with the workflow that calls it.
const versioned = (version: WorkerVersion): Pick<WorkerOptions, 'workerDeploymentOptions'> => ({
  workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' },
});

/**
 * Two Workers in one process. HubSpot's activities have a task queue of their own, since only there a server-side limit
 * per portal holds: an activity on its workflow's queue starts eagerly, past the queue and its limits.
 */
export const createWorkers = async ({
  connection,
  namespace,
  taskQueue,
  workflows,
  payloadKeys,
  encryption,
  activities,
  version,
  activityInterceptors = [],
}: WorkersOptions): Promise<Workers> => {
  const common = {
    connection,
    namespace,
    dataConverter: dataConverterOf(payloadKeys, encryption),
    ...SHUTDOWN,
    ...HEARTBEATS,
    ...(version ? versioned(version) : {}),
    interceptors: { activity: activityInterceptors },
  };
  const workers = [
    await Worker.create({
      ...common,
      ...workflows,
      // A bundle has them already.
      ...('workflowsPath' in workflows
        ? { interceptors: { activity: activityInterceptors, workflowModules: WORKFLOW_INTERCEPTORS } }
        : {}),
      taskQueue,
      activities: activities.main,
      // Mostly waiting for an AI, each with a conversation in memory.
      maxConcurrentActivityTaskExecutions: 100,
      maxConcurrentWorkflowTaskExecutions: MAX_DECISIONS,
      maxCachedWorkflows: MAX_CACHED_RUNS,
    }),
    await Worker.create({
      ...common,
      taskQueue: hubspotTaskQueue(taskQueue),
      activities: activities.hubspot,
      // HubSpot allows an app 19 calls a second in a portal: enough for several portals, little enough not to pile up.
      maxConcurrentActivityTaskExecutions: 50,
    }),
  ];

  return runTogether(workers);
};
