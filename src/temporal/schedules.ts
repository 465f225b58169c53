import { type ScheduleClient, ScheduleOverlapPolicy } from '@temporalio/client';
import type { PortalSettings } from '../rules/settings.ts';
import { type ExpireSessionsInput, expireSessionsRun } from '../runs/expire-sessions.ts';
import { type RefreshKnowledgeInput, refreshKnowledgeRun } from '../runs/refresh-knowledge.ts';
import { summaryOf } from '../runs/run-type.ts';
import type { CatchUps } from '../sessions/catch-ups.ts';
import { prepareCatchUps } from './catch-up-schedules.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';
import { bringInStep, unlessGone, type WantedSchedule } from './schedule-steps.ts';

const HOUR_MS = 60 * 60_000;

/** What is read anew, and how often. */
export interface KnowledgeSchedule {
  /** Names of sources. */
  sources: readonly string[];
  refreshMs: number;
  /** Some were never read, or not with these settings: a run begins at once. */
  now: boolean;
}

/** `session-retention:{taskQueue}`: the one schedule of a deployment that deletes what has been silent for long. */
export const retentionScheduleId = (taskQueue: string): string => expireSessionsRun.workflowId({}, taskQueue);

const retentionScheduleOf = (retentionMs: number, taskQueue: string): WantedSchedule => {
  const input: ExpireSessionsInput = { retentionMs };
  return {
    scheduleId: retentionScheduleId(taskQueue),
    spec: { intervals: [{ every: 24 * HOUR_MS, offset: 0 }], jitter: HOUR_MS },
    action: {
      type: 'startWorkflow',
      workflowType: expireSessionsRun.type,
      workflowId: expireSessionsRun.workflowId(input, taskQueue),
      args: [input],
      taskQueue,
      staticSummary: summaryOf(expireSessionsRun, input),
    },
    // One that was missed while Temporal was away is made up for.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 24 * HOUR_MS },
  };
};

/** `knowledge:{taskQueue}`: the one schedule of a deployment that reads sources of articles anew. */
export const knowledgeScheduleId = (taskQueue: string): string => refreshKnowledgeRun.workflowId({}, taskQueue);

const knowledgeScheduleOf = ({ sources, refreshMs }: KnowledgeSchedule, taskQueue: string): WantedSchedule => {
  const input: RefreshKnowledgeInput = { sources: [...sources] };
  return {
    scheduleId: knowledgeScheduleId(taskQueue),
    spec: { intervals: [{ every: refreshMs, offset: 0 }], jitter: Math.floor(refreshMs / 10) },
    action: {
      type: 'startWorkflow',
      workflowType: refreshKnowledgeRun.type,
      workflowId: refreshKnowledgeRun.workflowId(input, taskQueue),
      args: [input],
      taskQueue,
      staticSummary: summaryOf(refreshKnowledgeRun, input),
    },
    // What is read is as it is now: one that was missed would find the same.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 60_000 },
  };
};

/**
 * Brings the schedules in step with the settings of every portal that is configured: those of `catchUpPortals` runs
 * ({@link prepareCatchUps}); the one of `expireSessions`, where sessions are kept for a time only
 * (`sessionRetentionMs`, 0: for ever); and that of `refreshKnowledge`, where there are sources to read (`knowledge`,
 * `null`: there are none). A paused one stays paused. Doing it again, or at once from several workers, changes nothing.
 * @returns `warnings`, one readable line each: a server that allows no schedules is no reason not to answer messages
 */
export const prepareSchedules = async (
  client: ScheduleClient,
  taskQueue: string,
  portals: readonly PortalSettings[],
  catchUps: Pick<CatchUps, 'begin' | 'keepOnly'>,
  sessionRetentionMs = 0,
  knowledge: KnowledgeSchedule | null = null,
): Promise<{ warnings: string[] }> => {
  const retention = sessionRetentionMs > 0 ? retentionScheduleOf(sessionRetentionMs, taskQueue) : null;
  try {
    if (retention) await bringInStep(client, retention);
    else await unlessGone(client.getHandle(retentionScheduleId(taskQueue)).delete());
    if (knowledge) {
      await bringInStep(client, knowledgeScheduleOf(knowledge, taskQueue));
      // Several workers may want it at once: the first one's run does for all.
      if (knowledge.now) await client.getHandle(knowledgeScheduleId(taskQueue)).trigger(ScheduleOverlapPolicy.SKIP);
    } else await unlessGone(client.getHandle(knowledgeScheduleId(taskQueue)).delete());
    return await prepareCatchUps(client, taskQueue, portals, catchUps);
  } catch (error) {
    const status = grpcStatus(error);
    if (status !== GRPC.PERMISSION_DENIED && status !== GRPC.UNIMPLEMENTED) throw error;
    const wantsNone = portals.every(({ catchUpIntervalMs }) => catchUpIntervalMs === 0);
    if (wantsNone && !retention && !knowledge) return { warnings: [] };
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return {
      warnings: [
        `Temporal allows no schedules from here (${reason}): a message whose webhook never comes waits until ` +
          'the customer writes again. Allow these credentials to create, update, list and delete schedules, or ' +
          `set CATCH_UP_INTERVAL=0s.${retention ? ' Nor are sessions deleted after SESSION_RETENTION.' : ''}` +
          (knowledge ? ' Nor are the sources of KNOWLEDGE_SOURCES read.' : ''),
      ],
    };
  }
};
