import type { Connection } from '@temporalio/client';
import { GRPC, grpcStatus } from './grpc-status.ts';
import {
  isSameVersion,
  type PlacedQueue,
  pollingVersions,
  setCurrentVersionCommand,
  versionInWords,
  type WorkerVersion,
} from './worker-version.ts';

// temporal.api.enums.v1.TaskQueueType.
const WORKFLOW = 1;
// temporal.api.enums.v1.WorkerDeploymentVersionStatus.
const DRAINING = 4;

/** Workers that a roll-out may not take away, `null` being those without a version, and what they are needed for. */
export interface NeededWorkers {
  version: WorkerVersion | null;
  need: 'gets new runs' | 'still has runs';
}

/** The workers that are there after a roll-out. */
export interface StayingWorkers {
  deploymentName: string;
  buildIds: readonly string[];
  /** Workers without a version are among them. */
  unversioned: boolean;
}

const asVersion = (version: { deploymentName?: string | null; buildId?: string | null } | null | undefined) =>
  version?.deploymentName && version.buildId
    ? { deploymentName: version.deploymentName, buildId: version.buildId }
    : null;

const drainingVersions = async (
  { workflowService }: Pick<Connection, 'workflowService'>,
  namespace: string,
  deploymentName: string,
): Promise<WorkerVersion[]> => {
  try {
    const { workerDeploymentInfo } = await workflowService.describeWorkerDeployment({ namespace, deploymentName });
    return (workerDeploymentInfo?.versionSummaries ?? [])
      .filter(({ status }) => status === DRAINING)
      .flatMap(({ deploymentVersion }) => asVersion(deploymentVersion) ?? []);
  } catch (error) {
    // No worker of it has polled yet.
    if (grpcStatus(error) === GRPC.NOT_FOUND) return [];
    throw error;
  }
};

/**
 * Reads which workers are needed: they poll the workflows' task queue now, and get new runs or still have some. Where
 * they don't poll there is nothing to take away, and a roll-out may be what mends it.
 */
export const readNeededWorkers = async (
  connection: Pick<Connection, 'workflowService'>,
  { namespace, taskQueue }: PlacedQueue,
  deploymentName: string,
): Promise<NeededWorkers[]> => {
  const { versioningInfo, pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW,
  });
  const current = asVersion(versioningInfo?.currentDeploymentVersion);
  const isRamping = (versioningInfo?.rampingVersionPercentage ?? 0) > 0;
  const receiving = isRamping ? [current, asVersion(versioningInfo?.rampingDeploymentVersion)] : [current];
  const draining = await drainingVersions(connection, namespace, deploymentName);
  const needed: NeededWorkers[] = [
    ...receiving.map((version) => ({ version, need: 'gets new runs' as const })),
    ...draining.map((version) => ({ version, need: 'still has runs' as const })),
  ];
  const polling = pollingVersions(pollers);
  return needed.filter(({ version }) => polling.some((one) => isSameVersion(one, version)));
};

/** What a person has to do before a roll-out, a line for each kind of workers that it would take away too early. */
export const tooEarly = (
  namespace: string,
  { deploymentName, buildIds, unversioned }: StayingWorkers,
  needed: readonly NeededWorkers[],
): string[] => {
  const [newest] = buildIds;
  return needed.flatMap(({ version, need }) => {
    if (version === null) {
      if (unversioned) return [];
      const next = newest === undefined ? undefined : { deploymentName, buildId: newest };
      const then = next ? `, wait for the new ones, and run: ${setCurrentVersionCommand(namespace, next)}` : '';
      return [`Workers without a version get new runs. Keep them (versioning.unversionedWorkers=true)${then}`];
    }
    if (version.deploymentName === deploymentName && buildIds.includes(version.buildId)) return [];
    const keep = `Keep it (versioning.enabled=true, ${version.buildId} in versioning.previousTags)`;
    const until = need === 'gets new runs' ? 'until another is current' : 'until it is drained';
    return [`Version ${versionInWords(version)} ${need}. ${keep} ${until}.`];
  });
};
