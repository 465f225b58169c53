import type { Connection } from '@temporalio/client';
import { hubspotTaskQueue } from '../runs/task-queues.ts';
import type { BoundedCalls } from '../temporal/bounded-calls.ts';
import {
  isSameVersion,
  pollingNow,
  pollingVersions,
  readCurrentVersion,
  setCurrentVersionCommand,
  setUnversionedCommand,
  versionInWords,
  type WorkerVersion,
} from '../temporal/worker-version.ts';
import { type Check, type CheckResult, ok, warning } from './finding.ts';

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

/** Judges the version that gets new runs, by those that poll (`null`: workers without one). */
export const judgeVersions = (
  namespace: string,
  current: WorkerVersion | null,
  polling: readonly (WorkerVersion | null)[],
): CheckResult => {
  const inWords = (version: WorkerVersion | null): string =>
    version ? `version ${versionInWords(version)}` : 'workers without a version';
  const getNewRuns = `New runs go to ${inWords(current)}`;
  if (polling.length === 0 || polling.some((version) => isSameVersion(version, current))) return ok(`${getNewRuns}.`);
  const [first] = polling;
  const remedy = first
    ? setCurrentVersionCommand(namespace, first)
    : current && setUnversionedCommand(namespace, current);
  return warning(
    `${getNewRuns}, but none of them polls. Those that poll are ${polling.map(inWords).join(', ')}.`,
    `Start them, or: ${remedy}`,
  );
};

const distinct = (versions: (WorkerVersion | null)[]): (WorkerVersion | null)[] =>
  versions.filter((version, index) => versions.findIndex((other) => isSameVersion(version, other)) === index);

/**
 * Says whether somebody polls each task queue now, and whether those who do get new runs. Nobody is a warning: they may
 * just not have been started.
 */
export const workerChecks = ({ service, calls, namespace, taskQueue }: Polling): Pick<Check, 'name' | 'run'>[] => {
  const pollersOf = async (queue: string, taskQueueType: number) => {
    const { pollers } = await calls.call(() =>
      service.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType }),
    );
    return pollingNow(pollers);
  };
  const polled = (name: string, queue: string, types: number[]): Pick<Check, 'name' | 'run'> => ({
    name,
    async run() {
      const polls = await Promise.all(types.map((type) => pollersOf(queue, type)));
      if (polls.every(({ length }) => length > 0)) return ok(`Task queue "${queue}" is polled.`);
      return warning(
        `Nobody polls task queue "${queue}": runs are accepted and wait.`,
        'Start it: npm start, or npm run worker. If one runs, compare its TEMPORAL_NAMESPACE and ' +
          'TEMPORAL_TASK_QUEUE with these.',
      );
    },
  });
  return [
    polled('workflow worker', taskQueue, [WORKFLOW, ACTIVITY]),
    polled('HubSpot worker', hubspotTaskQueue(taskQueue), [ACTIVITY]),
    {
      name: 'worker version',
      async run() {
        const current = await calls.call(() =>
          readCurrentVersion({ workflowService: service }, { namespace, taskQueue }),
        );
        const pollers = await pollersOf(taskQueue, WORKFLOW);
        return judgeVersions(namespace, current, distinct(pollingVersions(pollers)));
      },
    },
  ];
};
