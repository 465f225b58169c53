import {
  ScheduleAlreadyRunning,
  type ScheduleClient,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import pMap from 'p-map';
import type { PortalId } from '../hubspot/ids.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { CATCH_UP_IDS, type CatchUpInput, catchUpRun } from '../runs/catch-up.ts';
import { type ExpireSessionsInput, expireSessionsRun } from '../runs/expire-sessions.ts';
import { foundBy, summaryOf } from '../runs/run-type.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';

/** `catch-up:{portalId}`: the schedule, and the beginning of its runs' workflow IDs; Temporal adds the time. */
export const catchUpScheduleId = (portalId: PortalId): string => catchUpRun.workflowId({ portalId });

/**
 * What came in the last minutes before the schedule was made is nobody's yet; what is older has been waiting for
 * people.
 */
const BEFORE_IT_BEGAN_MS = 10 * 60_000;

/** Portals may be hundreds, and a worker's start waits for their schedules. */
const IN_FLIGHT = 10;

const scheduleOf = ({ portalId, catchUpIntervalMs }: PortalSettings, taskQueue: string) => {
  const input: CatchUpInput = { portalId, since: new Date(Date.now() - BEFORE_IT_BEGAN_MS).toISOString() };
  const typedSearchAttributes = foundBy(catchUpRun.about(input));
  return {
    scheduleId: catchUpScheduleId(portalId),
    // Without jitter the runs of all portals would begin at once.
    spec: { intervals: [{ every: catchUpIntervalMs }], jitter: catchUpIntervalMs / 2 },
    action: {
      type: 'startWorkflow',
      workflowType: catchUpRun.type,
      workflowId: catchUpRun.workflowId(input),
      args: [input],
      taskQueue,
      typedSearchAttributes,
      staticSummary: summaryOf(catchUpRun, input),
    },
    // A run goes on where the one before has ended, so none has to be made up for.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
    typedSearchAttributes,
  } satisfies ScheduleOptions;
};

/** `session-retention:{taskQueue}`: the one schedule of a deployment that deletes what has been silent for long. */
export const retentionScheduleId = (taskQueue: string): string => expireSessionsRun.workflowId({}, taskQueue);

const retentionScheduleOf = (retentionMs: number, taskQueue: string) => {
  const input: ExpireSessionsInput = { retentionMs };
  return {
    scheduleId: retentionScheduleId(taskQueue),
    spec: { intervals: [{ every: '1d' }], jitter: '1h' },
    action: {
      type: 'startWorkflow',
      workflowType: expireSessionsRun.type,
      workflowId: expireSessionsRun.workflowId(input, taskQueue),
      args: [input],
      taskQueue,
      staticSummary: summaryOf(expireSessionsRun, input),
    },
    // One that was missed while Temporal was away is made up for.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1d' },
  } satisfies ScheduleOptions;
};

const createOrUpdate = async (
  client: ScheduleClient,
  wanted: ReturnType<typeof scheduleOf> | ReturnType<typeof retentionScheduleOf>,
): Promise<void> => {
  try {
    await client.create(wanted);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { scheduleId, ...changes } = wanted;
    // Its state stays, as someone may have paused it, and so does where catching up began.
    const keepsArgs = changes.action.workflowType === catchUpRun.type;
    await client.getHandle(scheduleId).update(({ state, action: { args } }) => ({
      ...changes,
      action: { ...changes.action, ...(keepsArgs && args ? { args } : {}) },
      state,
    }));
  }
};

const unlessGone = async <Result>(work: Promise<Result>): Promise<Result | null> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError || grpcStatus(error) === GRPC.NOT_FOUND) return null;
    throw error;
  }
};

/** Takes away the schedules of portals that this task queue's workers know no more: each of their runs would fail. */
const removeForgotten = async (client: ScheduleClient, taskQueue: string, known: Set<string>): Promise<void> => {
  for await (const { scheduleId } of client.list()) {
    if (!scheduleId.startsWith(CATCH_UP_IDS) || known.has(scheduleId)) continue;
    // A handle would decode what stands in the schedule; another deployment's may be encrypted with a key that isn't
    // here.
    const { namespace } = client.options;
    const found = await unlessGone(client.workflowService.describeSchedule({ namespace, scheduleId }));
    if (found?.schedule?.action?.startWorkflow?.taskQueue?.name !== taskQueue) continue;
    await unlessGone(client.getHandle(scheduleId).delete());
  }
};

/**
 * Brings the schedules of `catchUp` runs in step with the settings of every portal that is configured: makes and
 * changes them, and removes those of other portals on this task queue and those with an interval of 0. The same with
 * the one schedule of `expireSessions`, where sessions are kept for a time only (`sessionRetentionMs`, 0: for ever). A
 * paused one stays paused. Doing it again, or at once from several workers, changes nothing.
 * @returns `warnings`: one readable line where the server allows no schedules, which is no reason not to answer
 * messages
 */
export const prepareSchedules = async (
  client: ScheduleClient,
  taskQueue: string,
  portals: readonly PortalSettings[],
  sessionRetentionMs = 0,
): Promise<{ warnings: string[] }> => {
  const wanted = portals.filter(({ catchUpIntervalMs }) => catchUpIntervalMs > 0);
  const schedules = wanted.map((settings) => scheduleOf(settings, taskQueue));
  const retention = sessionRetentionMs > 0 ? retentionScheduleOf(sessionRetentionMs, taskQueue) : null;
  try {
    if (retention) await createOrUpdate(client, retention);
    else await unlessGone(client.getHandle(retentionScheduleId(taskQueue)).delete());
    await pMap(schedules, (schedule) => createOrUpdate(client, schedule), { concurrency: IN_FLIGHT });
    await removeForgotten(client, taskQueue, new Set(schedules.map(({ scheduleId }) => scheduleId)));
    return { warnings: [] };
  } catch (error) {
    const status = grpcStatus(error);
    if (status !== GRPC.PERMISSION_DENIED && status !== GRPC.UNIMPLEMENTED) throw error;
    if (schedules.length === 0 && !retention) return { warnings: [] };
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return {
      warnings: [
        `Temporal allows no schedules from here (${reason}): a message whose webhook never comes waits until ` +
          'the customer writes again. Allow these credentials to create, update, list and delete schedules, or ' +
          `set CATCH_UP_INTERVAL=0s.${retention ? ' Nor are sessions deleted after SESSION_RETENTION.' : ''}`,
      ],
    };
  }
};
