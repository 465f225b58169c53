import type { Client, WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import proto from '@temporalio/proto';
import pMap from 'p-map';
import type { PortalId } from '../hubspot/ids.ts';
import { SKIP_REASONS, type SkipReason } from '../rules/skip-reasons.ts';
import { utcDay } from '../rules/utc-day.ts';
import { NEEDS_ATTENTION, OUTCOME, PORTAL_ID, SKIP_REASON, THREAD_ID } from '../runs/search-attributes.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';

/** A run that a person has to look at: the newest one of its workflow ID. */
export interface AttentionRun {
  workflowId: string;
  runId: string;
  /** An `AttentionCause`. */
  cause: string;
  portalId: string | null;
  threadId: string | null;
  startedAt: Date;
  /**
   * The type of what its activity failed with last, such as `HubSpotUnauthorized`; absent: not known. Only of those
   * whose cause is `hubspot-failed`, which may be anything between an outage and a token that was revoked.
   */
  failure?: string;
  /** It has not ended: it may try again by itself. */
  isOpen: boolean;
  /** It gave up, and may be run again from its beginning. */
  canBeRepeated: boolean;
}

export interface AttentionRuns {
  /** Open ones first, the newest first among each. */
  runs: AttentionRun[];
  /** There are more than were looked at. */
  more: boolean;
}

/** The AI stayed silent for one reason this often. */
export interface SkipCounts {
  reason: SkipReason;
  total: number;
  /** By day, as in {@link Skips.days}. */
  counts: number[];
}

export interface Skips {
  /** UTC days, `2026-01-31`, the oldest first; the last is today. */
  days: string[];
  /** Reasons that came up, the most frequent first. */
  reasons: SkipCounts[];
}

/** A {@link RunOverview.repeat} came to one of these. */
export type Repeated = 'repeated' | 'changed-meanwhile' | 'unknown-run';

/**
 * Reads what Temporal knows of this installation's runs (those of its task queue). Throws the client's errors while it
 * is away.
 */
export interface RunOverview {
  needingAttention(): Promise<AttentionRuns>;
  /** Counts the last `days` days, today included, as far as Temporal keeps runs. */
  skips(days: number): Promise<Skips>;
  /** When the newest run of a portal began that one of its events brought; `null`: Temporal knows none. */
  lastEvent(portalId: PortalId): Promise<Date | null>;
  /**
   * Runs a run that gave up again, from its beginning, under the same workflow ID: Temporal's reset. Nothing happens
   * where it is not the newest of its workflow ID any more, or has not given up. The same call again is no second
   * reset.
   */
  repeat(workflowId: string, runId: string): Promise<Repeated>;
}

/** Both a list and a description of runs have these fields. */
type KnownRun = Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'startTime' | 'status' | 'taskQueue' | 'typedSearchAttributes'
>;

const LISTED = 50;
const AT_ONCE = 8;
/** The search for what had failed in a run goes so far back from its end. */
const LAST_EVENTS = 50;
const DAY_MS = 24 * 60 * 60_000;

const { EventType, ResetReapplyType } = proto.temporal.api.enums.v1;

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '')}"`;

const isGivenUp = ({ status, typedSearchAttributes }: KnownRun): boolean =>
  status.name !== 'RUNNING' && typedSearchAttributes.get(OUTCOME) === 'needs-attention';

type Failure = proto.temporal.api.failure.v1.IFailure;

/** The type of an application's failure, also of one that a timeout or a child stands before. */
const failureType = (failure: Failure | null | undefined): string | undefined => {
  if (!failure) return undefined;
  return failure.applicationFailureInfo?.type || failureType(failure.cause);
};

const attentionRun = (run: KnownRun): AttentionRun | null => {
  const { workflowId, runId, startTime: startedAt, status, typedSearchAttributes: attributes } = run;
  const cause = attributes.get(NEEDS_ATTENTION);
  if (cause === undefined) return null;
  return {
    workflowId,
    runId,
    cause,
    portalId: attributes.get(PORTAL_ID) ?? null,
    threadId: attributes.get(THREAD_ID) ?? null,
    startedAt,
    isOpen: status.name === 'RUNNING',
    canBeRepeated: isGivenUp(run),
  };
};

const newestFirst = (a: AttentionRun, b: AttentionRun): number =>
  Number(b.isOpen) - Number(a.isOpen) || b.startedAt.getTime() - a.startedAt.getTime();

// Where one call fails, the others are waited for: what bounds all of them closes the connection behind the last.
const atOnce = (concurrency: number) => ({ concurrency, stopOnError: false });

/**
 * Gives what is asked goes out over `client` as it comes: bound it by the connection's deadline. No call outlives its
 * answer.
 */
export const createRunOverview = (client: Client, taskQueue: string, clock: () => number = Date.now): RunOverview => {
  const ours = `TaskQueue = ${quoted(taskQueue)}`;

  const list = async (query: string, limit: number): Promise<WorkflowExecutionInfo[]> => {
    const found: WorkflowExecutionInfo[] = [];
    for await (const run of client.workflow.list({ query: `${ours} AND ${query}`, pageSize: limit })) {
      found.push(run);
      if (found.length === limit) break;
    }
    return found;
  };

  const count = async (query: string): Promise<number> => (await client.workflow.count(`${ours} AND ${query}`)).count;

  /** The newest run of a workflow ID; `null`: there is none. */
  const newestOf = async (workflowId: string): Promise<WorkflowExecutionDescription | null> => {
    try {
      return await client.workflow.getHandle(workflowId).describe();
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  };

  /** Of a run that has ended: what the last activity that failed had failed with. */
  const lastFailure = async (workflowId: string, runId: string): Promise<string | undefined> => {
    const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: LAST_EVENTS,
    });
    for (const event of history?.events ?? []) {
      const { activityTaskFailedEventAttributes: failed, activityTaskTimedOutEventAttributes: timedOut } = event;
      const type = failureType((failed ?? timedOut)?.failure);
      if (type !== undefined) return type;
    }
    return undefined;
  };

  const attentionOf = async (workflowId: string): Promise<AttentionRun | null> => {
    const run = await newestOf(workflowId);
    const attention = run && attentionRun(run);
    if (!run || attention?.cause !== 'hubspot-failed') return attention;
    const trying = run.raw.pendingActivities?.map(({ lastFailure: last }) => failureType(last));
    const failure = attention.isOpen
      ? trying?.find((type) => type !== undefined)
      : await lastFailure(workflowId, run.runId);
    return failure === undefined ? attention : { ...attention, failure };
  };

  const firstDecision = async (workflowId: string, runId: string) => {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 20,
    });
    return history?.events?.find(({ eventType }) => eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
      ?.eventId;
  };

  return {
    async needingAttention() {
      const marked = await list(`${NEEDS_ATTENTION.name} IS NOT NULL`, LISTED + 1);
      const ids = [...new Set(marked.slice(0, LISTED).map(({ workflowId }) => workflowId))];
      // A run that was reset stays in the list, its mark too: of a workflow ID, the newest run counts.
      const newest = await pMap(ids, attentionOf, atOnce(AT_ONCE));
      const runs = newest.flatMap((run) => run ?? []);
      return { runs: runs.sort(newestFirst), more: marked.length > LISTED };
    },

    async skips(days) {
      const now = clock();
      const midnight = now - (now % DAY_MS);
      const starts = Array.from({ length: days }, (_, at) => midnight - (days - 1 - at) * DAY_MS);
      const iso = (ms: number) => quoted(new Date(ms).toISOString());
      // Servers group by ExecutionStatus alone (1.32 refuses any other attribute): so one count a reason, and by day
      // only where there is one.
      const since = (reason: SkipReason, from: number, until: number) =>
        `${SKIP_REASON.name} = ${quoted(reason)} AND CloseTime >= ${iso(from)} AND CloseTime < ${iso(until)}`;
      const reasons = await pMap(
        SKIP_REASONS,
        async (reason): Promise<SkipCounts> => {
          const total = await count(since(reason, starts[0] ?? midnight, midnight + DAY_MS));
          if (total === 0) return { reason, total, counts: starts.map(() => 0) };
          const counts = await pMap(starts, (from) => count(since(reason, from, from + DAY_MS)), atOnce(2));
          return { reason, total, counts };
        },
        atOnce(AT_ONCE),
      );
      return {
        days: starts.map(utcDay),
        reasons: reasons.filter(({ total }) => total > 0).sort((a, b) => b.total - a.total),
      };
    },

    async lastEvent(portalId) {
      const brought = `${PORTAL_ID.name} = ${quoted(portalId)} AND WorkflowType NOT IN ("catchUp", "testQuestion")`;
      // The list begins with the open run that began last, then come those that closed last.
      const lists = [
        { query: `${brought} AND ExecutionStatus = "Running"`, limit: 1 },
        { query: `${brought} AND ExecutionStatus != "Running"`, limit: 10 },
      ];
      const found = await pMap(lists, ({ query, limit }) => list(query, limit), atOnce(lists.length));
      const times = found.flat().map(({ startTime }) => startTime.getTime());
      return times.length === 0 ? null : new Date(Math.max(...times));
    },

    async repeat(workflowId, runId) {
      const newest = await newestOf(workflowId);
      if (newest === null || newest.taskQueue !== taskQueue) return 'unknown-run';
      if (newest.runId !== runId || !isGivenUp(newest)) return 'changed-meanwhile';
      const workflowTaskFinishEventId = await firstDecision(workflowId, runId);
      if (!workflowTaskFinishEventId) return 'unknown-run';
      await client.workflowService.resetWorkflowExecution({
        namespace: client.options.namespace,
        workflowExecution: { workflowId, runId },
        reason: 'retried from the desk',
        workflowTaskFinishEventId,
        requestId: `retry-${runId}`,
        // It begins with the thread as it is now: what was said to the run that gave up was about another moment.
        resetReapplyType: ResetReapplyType.RESET_REAPPLY_TYPE_NONE,
      });
      return 'repeated';
    },
  };
};

const isNotFound = (error: unknown): boolean =>
  (error instanceof Error && error.name === 'WorkflowNotFoundError') || grpcStatus(error) === GRPC.NOT_FOUND;
