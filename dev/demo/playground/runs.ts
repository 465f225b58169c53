import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type WorkflowExecutionDescription, WorkflowFailedError } from '@temporalio/client';
import { parseRunDetails } from '../../../src/runs/run-details.ts';
import { NEEDS_ATTENTION } from '../../../src/runs/search-attributes.ts';
import { GRPC, grpcStatus } from '../../../src/temporal/grpc-status.ts';

/** An activity by its name, and the number of its next attempt. */
export interface Retry {
  activity: string;
  attempt: number;
  /** When it is tried next, ISO time; `null` while it is being tried. */
  at: string | null;
}

/** How a run stands, for people. */
export interface RunView {
  /** `running`, an outcome of the contract, or `failed`. */
  state: string;
  /** Why it ended so; what an activity that fails says, while it is tried again. */
  reason: string | null;
  /** What it does nothing until, such as an email's correction. */
  waitsFor: string | null;
  /** What it has done, as its details in the Temporal Web UI say. */
  steps: string[];
  /** What is tried again just now. */
  retrying: Retry | null;
  /** What was seen to be tried again, each with the most attempts. */
  retried: Retry[];
  /** From the event's start to the run's end, in ms; `null` while it runs. */
  tookMs: number | null;
  needsAttention: boolean;
}

/** A run that another run left behind or waits for, such as a handoff. */
export interface FollowUp {
  workflowId: string;
  type: string;
}

export interface Runs {
  /** Looks at the run from now on, until it has ended. */
  follow(workflowId: string): void;
  /** `null` before the first look. */
  view(workflowId: string): RunView | null;
  /** What came of a run, directly or by what came of it before: the first to start stands first. */
  followUps(workflowId: string): readonly FollowUp[];
  /** Done when no call is under way any more. */
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 300;
/** Nobody watches more at once; the others are looked at when these have ended. */
const LOOKED_AT = 20;
const QUERY_DEADLINE_MS = 2_000;
/** All that one look asks Temporal for. */
const LOOK_DEADLINE_MS = 5_000;
/** Temporal's list is a moment behind its runs, and a handoff is news for a second. */
const LIST_EVERY_MS = 900;
/** More than the page shows events. */
const LISTED = 200;

const isoOf = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): string | null =>
  time ? new Date(Number(time.seconds ?? 0) * 1_000 + (time.nanos ?? 0) / 1e6).toISOString() : null;

const retryingIn = ({ raw }: WorkflowExecutionDescription): (Retry & { failure: string }) | null => {
  const activity = raw.pendingActivities?.find(({ attempt }) => Number(attempt ?? 1) > 1);
  if (!activity) return null;
  return {
    activity: activity.activityType?.name ?? 'an activity',
    attempt: Number(activity.attempt),
    at: isoOf(activity.nextAttemptScheduleTime),
    failure: activity.lastFailure?.message ?? '',
  };
};

/**
 * Watches runs in Temporal, as the Temporal Web UI does: by their description, and their details by a query, which a
 * worker has to answer (`isWorkerUp`). `onChange` is called whenever one stands differently.
 */
export const createRuns = (client: Client, isWorkerUp: () => boolean, onChange: () => void): Runs => {
  const closing = new AbortController();
  const views = new Map<string, RunView>();
  const open = new Map<string, { queriedAt: number }>();
  const followUps = new Map<string, FollowUp[]>();

  /** A worker that is killed just now, or a server that is busy, leaves the details as they were. */
  const detailsOf = async (workflowId: string): Promise<ReturnType<typeof parseRunDetails> | null> => {
    try {
      const { currentDetails = '' } = await client.connection.withDeadline(Date.now() + QUERY_DEADLINE_MS, () =>
        client.workflow.getHandle(workflowId).query<{ currentDetails?: string }>('__temporal_workflow_metadata'),
      );
      return parseRunDetails(currentDetails);
    } catch {
      return null;
    }
  };

  const endOf = async (workflowId: string, runId: string): Promise<Pick<RunView, 'state' | 'reason'>> => {
    try {
      // Asks this run only, which is over: a newer one under its ID would be waited for.
      const { outcome, reason } = await client.workflow.getHandle(workflowId, runId, { followRuns: false }).result();
      return { state: String(outcome), reason: reason ?? null };
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      return { state: 'failed', reason: error.cause?.message ?? null };
    }
  };

  const look = async (workflowId: string, seen: { queriedAt: number }): Promise<void> => {
    const description = await client.workflow.getHandle(workflowId).describe();
    const isOver = description.status.name !== 'RUNNING';
    const before = views.get(workflowId);
    const retrying = isOver ? null : retryingIn(description);
    const isNews = description.historyLength !== seen.queriedAt;
    const details = isNews && isWorkerUp() ? await detailsOf(workflowId) : null;
    if (details) seen.queriedAt = description.historyLength;
    const again = retrying && { activity: retrying.activity, attempt: retrying.attempt, at: retrying.at };
    const earlier = (before?.retried ?? []).filter(({ activity }) => activity !== again?.activity);
    const view: RunView = {
      ...(isOver
        ? await endOf(workflowId, description.runId)
        : { state: 'running', reason: retrying?.failure ?? null }),
      waitsFor: (details ?? before)?.waitsFor ?? null,
      steps: (details ?? before)?.steps ?? [],
      retrying: again,
      retried: again ? [...earlier, again] : earlier,
      tookMs: description.closeTime ? description.closeTime.getTime() - description.startTime.getTime() : null,
      needsAttention: description.typedSearchAttributes.get(NEEDS_ATTENTION) !== undefined,
    };
    if (isOver && (details || !isNews)) open.delete(workflowId);
    if (JSON.stringify(view) === JSON.stringify(before)) return;
    views.set(workflowId, view);
    onChange();
  };

  const lookAtAll = async (): Promise<void> => {
    const newest = [...open].slice(-LOOKED_AT);
    await Promise.all(
      newest.map(async ([workflowId, seen]) => {
        try {
          // One that does not answer in time would keep all others from being looked at.
          await client.connection.withDeadline(Date.now() + LOOK_DEADLINE_MS, () => look(workflowId, seen));
        } catch (error) {
          // A run that HubSpot had us forget is gone; everything else is looked at again.
          if (grpcStatus(error) === GRPC.NOT_FOUND) open.delete(workflowId);
        }
      }),
    );
  };

  const follow = (workflowId: string): void => {
    if (!views.has(workflowId) && !open.has(workflowId)) open.set(workflowId, { queriedAt: 0 });
  };

  /** Not by what a run's description holds: a child that is quick has come and gone between two looks at it. */
  const listFollowUps = async (): Promise<void> => {
    const found: { rootId: string; workflowId: string; type: string }[] = [];
    for await (const run of client.workflow.list({ query: 'ParentWorkflowId IS NOT NULL', pageSize: LISTED })) {
      const rootId = run.rootExecution?.workflowId;
      if (rootId) found.push({ rootId, workflowId: run.workflowId, type: run.type });
      if (found.length === LISTED) break;
    }
    // The newest come first.
    for (const { rootId, workflowId, type } of found.reverse()) {
      const known = followUps.get(rootId) ?? [];
      if (known.some((one) => one.workflowId === workflowId)) continue;
      followUps.set(rootId, [...known, { workflowId, type }]);
      follow(workflowId);
      onChange();
    }
  };

  const untilClosed = async (everyMs: number, work: () => Promise<void>): Promise<void> => {
    while (!closing.signal.aborted) {
      await work();
      await sleep(everyMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };

  const watching = Promise.all([
    untilClosed(LOOK_EVERY_MS, lookAtAll),
    // A server that is busy just now is asked again.
    untilClosed(LIST_EVERY_MS, () =>
      client.connection.withDeadline(Date.now() + LOOK_DEADLINE_MS, listFollowUps).catch(() => undefined),
    ),
  ]);

  return {
    follow,
    view: (workflowId) => views.get(workflowId) ?? null,
    followUps: (workflowId) => followUps.get(workflowId) ?? [],
    close: async () => {
      closing.abort();
      await watching;
    },
  };
};
