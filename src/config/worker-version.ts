import type { WorkerVersion } from '../temporal/worker-version.ts';
import type { Environment } from './environment.ts';

/** The version that the workers are, or what is missing to say it, a line each. */
export const readWorkerVersion = (env: Environment, wrong: ReadonlySet<unknown>): WorkerVersion | null | string[] => {
  const { WORKER_DEPLOYMENT_NAME: deploymentName, WORKER_BUILD_ID: buildId } = env;
  if (deploymentName !== undefined && buildId !== undefined) return { deploymentName, buildId };
  if (wrong.has('WORKER_DEPLOYMENT_NAME') || wrong.has('WORKER_BUILD_ID')) return null;
  if (deploymentName !== undefined) return ['WORKER_BUILD_ID is missing: WORKER_DEPLOYMENT_NAME is set'];
  if (buildId !== undefined) return ['WORKER_DEPLOYMENT_NAME is missing: WORKER_BUILD_ID is set'];
  return null;
};
