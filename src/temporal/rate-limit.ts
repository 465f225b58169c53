import type { Connection } from '@temporalio/client';
import { hubspotTaskQueue } from '../runs/task-queues.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';

/** Where HubSpot's activities wait, by the namespace and the workflows' own task queue. */
export interface LimitedQueue {
  namespace: string;
  taskQueue: string;
}

type Service = Pick<Connection, 'workflowService'>;

// temporal.api.enums.v1.TaskQueueType.
const ACTIVITY = 2;

/** The command that sets the limit; 0 takes it away. */
export const rateLimitCommand = ({ namespace, taskQueue }: LimitedQueue, activitiesPerSecond: number): string =>
  `temporal task-queue config set --namespace ${namespace} --task-queue ${hubspotTaskQueue(taskQueue)} ` +
  `--task-queue-type activity --fairness-key-rps-limit-default ${activitiesPerSecond || 'default'}`;

/**
 * Says how many of HubSpot's activities Temporal starts each second in one portal, at most; 0: as many as there are.
 */
export const readRateLimit = async (
  { workflowService }: Service,
  { namespace, taskQueue }: LimitedQueue,
): Promise<number> => {
  const { config } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: hubspotTaskQueue(taskQueue) },
    taskQueueType: ACTIVITY,
    reportConfig: true,
  });
  return config?.fairnessKeysRateLimitDefault?.rateLimit?.requestsPerSecond ?? 0;
};

/**
 * Lets the Temporal server hold HubSpot's activities to a rate in each portal (the tasks' fairness key), all workers
 * together; 0 takes the limit away. It is kept with the task queue, over restarts of the server. Doing it again changes
 * nothing.
 * @returns what is left for a person to do, one readable line each: a server that doesn't know such limits, or keeps
 * them to others, is no reason not to work
 */
export const limitRate = async (
  connection: Service,
  queue: LimitedQueue,
  activitiesPerSecond: number,
): Promise<string[]> => {
  try {
    if ((await readRateLimit(connection, queue)) === activitiesPerSecond) return [];
    await connection.workflowService.updateTaskQueueConfig({
      namespace: queue.namespace,
      taskQueue: hubspotTaskQueue(queue.taskQueue),
      taskQueueType: ACTIVITY,
      identity: 'threadkeeper',
      updateFairnessKeyRateLimitDefault: {
        reason: 'HUBSPOT_ACTIVITIES_PER_SECOND',
        rateLimit: activitiesPerSecond === 0 ? null : { requestsPerSecond: activitiesPerSecond },
      },
    });
    return [];
  } catch (error) {
    const status = grpcStatus(error);
    if (status !== GRPC.UNIMPLEMENTED && status !== GRPC.PERMISSION_DENIED) throw error;
    const command = rateLimitCommand(queue, activitiesPerSecond);
    return status === GRPC.UNIMPLEMENTED
      ? [
          "This Temporal server can't limit a portal's activities, so those that have to wait are tried again and " +
            `again. After an upgrade: ${command}`,
        ]
      : [`The rate of HubSpot's activities can't be set from here. Someone who may has to run: ${command}`];
  }
};
