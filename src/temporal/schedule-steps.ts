import { isDeepStrictEqual } from 'node:util';
import {
  ScheduleAlreadyRunning,
  type ScheduleClient,
  type ScheduleDescription,
  ScheduleNotFoundError,
  type ScheduleOverlapPolicy,
} from '@temporalio/client';
import { GRPC, grpcStatus } from './grpc-status.ts';

/** A schedule as it is to be. Times in ms. */
export interface WantedSchedule {
  scheduleId: string;
  spec: { intervals: { every: number; offset: number }[]; jitter?: number };
  action: {
    type: 'startWorkflow';
    workflowType: string;
    workflowId: string;
    args: unknown[];
    taskQueue: string;
    staticSummary: string;
  };
  policies: { overlap: ScheduleOverlapPolicy; catchupWindow: number };
}

/** Gives what `work` gives; `null`: there is no such schedule. */
export const unlessGone = async <Result>(work: Promise<Result>): Promise<Result | null> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError || grpcStatus(error) === GRPC.NOT_FOUND) return null;
    throw error;
  }
};

/** The parts of a schedule that the settings decide. */
const decided = ({
  spec,
  action,
  policies,
}: Pick<ScheduleDescription, 'spec' | 'action' | 'policies'> | WantedSchedule) => [
  (spec.intervals ?? []).map(({ every, offset }) => [every, offset]),
  spec.jitter ?? 0,
  [action.workflowType, action.workflowId, action.args, action.taskQueue, action.staticSummary],
  [policies.overlap, policies.catchupWindow],
];

/**
 * Makes a schedule, or changes one that is another than wanted. A paused one stays paused. One that is as wanted costs
 * a single read.
 */
export const bringInStep = async (client: ScheduleClient, wanted: WantedSchedule): Promise<void> => {
  const { scheduleId, ...changes } = wanted;
  const handle = client.getHandle(scheduleId);
  const found = await unlessGone(handle.describe());
  if (found && isDeepStrictEqual(decided(found), decided(wanted))) return;
  try {
    if (!found) return void (await client.create(wanted));
  } catch (error) {
    // Another worker has made it a moment ago.
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  await handle.update(({ state }) => ({ ...changes, state }));
};
