import type { Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { BoundedCalls } from '../temporal/bounded-calls.ts';
import { hubspotTaskQueue } from '../temporal/task-queues.ts';
import { type Check, ok, warning } from './finding.ts';

/** A poll lasts up to 60 s, and the server remembers a poller for minutes after its last one. */
const POLLED_WITHIN_MS = 90_000;

// temporal.api.enums.v1.TaskQueueType.
const WORKFLOW = 1;
const ACTIVITY = 2;

interface Polling {
  service: Connection['workflowService'];
  calls: BoundedCalls;
  namespace: string;
  /** The workflows' own; HubSpot's activities have another. */
  taskQueue: string;
}

/** Whether somebody polls each task queue now. Nobody is a warning: they may just not have been started. */
export const workerChecks = ({ service, calls, namespace, taskQueue }: Polling): Pick<Check, 'name' | 'run'>[] => {
  const isPolled = async (queue: string, taskQueueType: number): Promise<boolean> => {
    const { pollers } = await calls.call(() =>
      service.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType }),
    );
    return pollers.some(({ lastAccessTime }) => Date.now() - tsToMs(lastAccessTime) < POLLED_WITHIN_MS);
  };
  const polled = (name: string, queue: string, types: number[]): Pick<Check, 'name' | 'run'> => ({
    name,
    async run() {
      const polls = await Promise.all(types.map((type) => isPolled(queue, type)));
      if (polls.every(Boolean)) return ok(`Task queue "${queue}" is polled.`);
      return warning(
        `Nobody polls task queue "${queue}": runs are accepted and wait.`,
        'Start it: npm start, or npm run worker. If one runs, compare its TEMPORAL_NAMESPACE and TEMPORAL_TASK_QUEUE with these.',
      );
    },
  });
  return [
    polled('workflow worker', taskQueue, [WORKFLOW, ACTIVITY]),
    polled('HubSpot worker', hubspotTaskQueue(taskQueue), [ACTIVITY]),
  ];
};
