import type { Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';

/** A worker is this version of this Worker Deployment (Temporal's Worker Versioning). */
export interface WorkerVersion {
  deploymentName: string;
  buildId: string;
}

/** The command that gives a version all new runs. */
export const setCurrentVersionCommand = (namespace: string, { deploymentName, buildId }: WorkerVersion): string =>
  `temporal worker deployment set-current-version --namespace ${namespace} --deployment-name ${deploymentName} ` +
  `--build-id ${buildId} --yes`;

/** The command that gives workers without a version all new runs. */
export const setUnversionedCommand = (namespace: string, { deploymentName }: WorkerVersion): string =>
  `temporal worker deployment set-current-version --namespace ${namespace} --deployment-name ${deploymentName} ` +
  '--unversioned --yes';

/** A version for people: `threadkeeper 1.4.0`. */
export const versionInWords = ({ deploymentName, buildId }: WorkerVersion): string => `${deploymentName} ${buildId}`;

/** Says whether both are the same version, or both none. */
export const isSameVersion = (one: WorkerVersion | null, other: WorkerVersion | null): boolean =>
  one?.deploymentName === other?.deploymentName && one?.buildId === other?.buildId;

/** A task queue of the workflows. */
export interface PlacedQueue {
  namespace: string;
  taskQueue: string;
}

// temporal.api.enums.v1.WorkerVersioningMode.
const VERSIONED = 2;

/** A poll lasts up to 60 s, and the server remembers a poller for minutes after its last one. */
const POLLED_WITHIN_MS = 90_000;

type PollerInfo = Awaited<ReturnType<Connection['workflowService']['describeTaskQueue']>>['pollers'][number];

/** Those who poll now, of the pollers that the server remembers. */
export const pollingNow = (pollers: readonly PollerInfo[]): PollerInfo[] =>
  pollers.filter(({ lastAccessTime }) => Date.now() - tsToMs(lastAccessTime) < POLLED_WITHIN_MS);

/** The versions of those who poll now; `null`: workers without one. */
export const pollingVersions = (pollers: readonly PollerInfo[]): (WorkerVersion | null)[] =>
  pollingNow(pollers).map(({ deploymentOptions }) =>
    deploymentOptions?.workerVersioningMode === VERSIONED
      ? { deploymentName: deploymentOptions.deploymentName ?? '', buildId: deploymentOptions.buildId ?? '' }
      : null,
  );

// temporal.api.enums.v1.TaskQueueType.
const WORKFLOW = 1;

/** The version that gets new runs of a task queue; `null`: workers without one do. */
export const readCurrentVersion = async (
  { workflowService }: Pick<Connection, 'workflowService'>,
  { namespace, taskQueue }: PlacedQueue,
): Promise<WorkerVersion | null> => {
  const { versioningInfo } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW,
  });
  const current = versioningInfo?.currentDeploymentVersion;
  return current?.deploymentName && current.buildId
    ? { deploymentName: current.deploymentName, buildId: current.buildId }
    : null;
};

/**
 * Describes what a person has to know of a worker that gets no new runs, one readable line each, with the command that
 * gives it them. Temporal gives a new version nothing until someone says so.
 */
export const versionWarnings = (
  namespace: string,
  mine: WorkerVersion | null,
  current: WorkerVersion | null,
): string[] => {
  if (isSameVersion(mine, current)) return [];
  if (mine && current) {
    return [
      `New runs go to version ${versionInWords(current)}. For this one, ${versionInWords(mine)}, to get them, ` +
        `run, once it polls: ${setCurrentVersionCommand(namespace, mine)}`,
    ];
  }
  if (mine) {
    return [
      `Worker deployment ${mine.deploymentName} has no current version: this worker gets no runs until someone ` +
        `runs, once it polls: ${setCurrentVersionCommand(namespace, mine)}`,
    ];
  }
  if (current) {
    return [
      `New runs go to version ${versionInWords(current)}, and this worker has none: set WORKER_DEPLOYMENT_NAME ` +
        'and WORKER_BUILD_ID, or give workers without a version the new runs: ' +
        `${setUnversionedCommand(namespace, current)}`,
    ];
  }
  return [];
};
