import {
  type ActivityOptions,
  isCancellation,
  proxyLocalActivities,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { AiActivities } from '../../activities/ai/ai.ts';
import type { NearArticleActivities } from '../../activities/ai/near-articles.ts';
import type { ToolActivities } from '../../activities/ai/tool-calls.ts';
import type { CatchUpActivities, PortalLookActivities } from '../../activities/catch-ups.ts';
import type { CrmActivities } from '../../activities/crm.ts';
import type { FirstReadActivities } from '../../activities/first-reads.ts';
import type { HandoffActivities } from '../../activities/handoffs.ts';
import type { HistoryActivities } from '../../activities/histories.ts';
import type { HubSpotActivities } from '../../activities/hubspot.ts';
import type { KnowledgeActivities } from '../../activities/knowledge.ts';
import type { NotificationActivities } from '../../activities/notifications.ts';
import type { PortalActivities } from '../../activities/portals.ts';
import type { RatingActivities } from '../../activities/ratings.ts';
import type { ReadsAtOnce } from '../../activities/reads-at-once.ts';
import type { RunActivities } from '../../activities/runs.ts';
import type { SessionActivities } from '../../activities/sessions.ts';
import type { ShadowActivities } from '../../activities/shadow.ts';
import type { ThreadRunActivities } from '../../activities/thread-runs.ts';
import type { ThreadActivities } from '../../activities/threads.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import { PRIORITY_KEY, portalPriority } from '../../runs/priority.ts';
import { hubspotTaskQueue } from '../../runs/task-queues.ts';
import { type ActivityCalls, activityCalls, localActivityCalls } from './activity-calls.ts';

/** A customer's message outlives an outage of a day: HubSpot's own redelivery gives up after that too. */
const OUTAGE_MS = 24 * 60 * 60_000;

// Retries back off to a minute: HubSpot counts refused calls too, and a person may be waiting when it comes back.
const retry = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' } as const;

/** A worker that died is noticed by its missing heartbeat, long before the call that it was at could have ended. */
const aliveWithin = { heartbeatTimeout: '20s' } as const;

/**
 * The activities of one run, each with the timeouts that protect what it does. `urgency` is of what a run reads and
 * asks; what it posts goes before all of that, of any run: the answer is ready, and stale soon.
 *
 * HubSpot's run on a task queue of their own, where the server can limit their rate per portal (fairness key); an
 * activity on the workflow's own queue may start eagerly, past that limit.
 */
export const activitiesOf = (portalId: PortalId, urgency: 'reply' | 'catchUp' | 'sync', giveUpAfterMs = OUTAGE_MS) => {
  const patiently = { scheduleToCloseTimeout: giveUpAfterMs, retry } satisfies ActivityOptions;
  const priority = portalPriority(portalId, PRIORITY_KEY[urgency]);
  const first = portalPriority(portalId, PRIORITY_KEY.post);
  const hubspot = {
    ...patiently,
    ...aliveWithin,
    priority,
    taskQueue: hubspotTaskQueue(workflowInfo().taskQueue),
  } satisfies ActivityOptions;
  return {
    /** Every page of a long thread; a call ends after 20 s. */
    hubspotReads: activityCalls<HubSpotActivities>({ ...hubspot, startToCloseTimeout: '1m' }),
    /** Pages of 500 threads; a call ends after 20 s. */
    threadLists: activityCalls<ThreadActivities>({ ...hubspot, startToCloseTimeout: '2m' }),
    /**
     * Hundreds of threads, a few a second. A worker that died is noticed by its missing heartbeat, and another goes on
     * from there.
     */
    threadReads: activityCalls<ThreadActivities>({ ...hubspot, startToCloseTimeout: '15m', heartbeatTimeout: '1m' }),
    /** A run's first read waits for those that are begun: a backlog is answered run by run, not read through first. */
    hubspotFirstReads: activityCalls<HubSpotActivities>({
      ...hubspot,
      priority: portalPriority(portalId, PRIORITY_KEY.start),
      startToCloseTimeout: '1m',
    }),
    /**
     * The same with what else a run begins with. Where none has come after ten minutes, each step is taken by itself.
     */
    firstReads: activityCalls<FirstReadActivities>({
      ...hubspot,
      priority: portalPriority(portalId, urgency === 'sync' ? PRIORITY_KEY.sync : PRIORITY_KEY.start),
      startToCloseTimeout: '1m',
      scheduleToCloseTimeout: '10m',
    }),
    /** A read of the thread, and a statement or two. */
    looks: activityCalls<FirstReadActivities>({ ...hubspot, startToCloseTimeout: '1m' }),
    /** A look into the thread and one POST; a call ends after 20 s, and past it the fate of a POST is unknown. */
    hubspotPosts: activityCalls<HubSpotActivities>({ ...hubspot, priority: first, startToCloseTimeout: '1m' }),
    /** A ticket takes the whole conversation with it, page by page; a call ends after 20 s. */
    crmCalls: activityCalls<CrmActivities>({ ...hubspot, priority: first, startToCloseTimeout: '3m' }),
    /**
     * The same, after a look, with what a handoff begins with. Where nothing has come of it after ten minutes, each
     * step is taken by itself.
     */
    openings: activityCalls<HandoffActivities>({
      ...hubspot,
      priority: first,
      startToCloseTimeout: '3m',
      scheduleToCloseTimeout: '10m',
    }),
    /** Without an end: a spent budget or a revoked token only delays it, and what HubSpot refuses for good ends it. */
    lastWords: activityCalls<HubSpotActivities>({
      priority: first,
      taskQueue: hubspot.taskQueue,
      retry,
      ...aliveWithin,
      startToCloseTimeout: '1m',
    }),
    /**
     * A model may think for a minute, after its files have waited for room as long. A worker that died is noticed
     * before.
     */
    aiCalls: activityCalls<AiActivities>({
      priority,
      startToCloseTimeout: '3m',
      ...aliveWithin,
      scheduleToCloseTimeout: giveUpAfterMs,
      retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '30s' },
    }),
    /** The AI answers without what can't be had within two minutes. */
    toolReads: activityCalls<ToolActivities>({
      priority,
      startToCloseTimeout: '1m',
      ...aliveWithin,
      scheduleToCloseTimeout: '2m',
      retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 4 },
    }),
    /** Each attempt carries the same key, so that the change happens once; given up, nobody knows whether it has. */
    toolChanges: activityCalls<ToolActivities>({
      priority: first,
      startToCloseTimeout: '1m',
      ...aliveWithin,
      scheduleToCloseTimeout: giveUpAfterMs,
      retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
    }),
    /** A search in memory; what its words mean may have to be asked of a server. */
    articleSearches: activityCalls<NearArticleActivities>({ ...patiently, priority, startToCloseTimeout: '20s' }),
    /** Single statements. */
    sessionCalls: activityCalls<SessionActivities & ShadowActivities & RatingActivities>({
      ...patiently,
      priority,
      startToCloseTimeout: '10s',
    }),
    /** A single statement. */
    catchUpNotes: activityCalls<CatchUpActivities>({ ...patiently, priority, startToCloseTimeout: '10s' }),
    /**
     * Temporal's own lists, and a run that acts on a decision: it posts within seconds, or as long as HubSpot is away.
     */
    threadRuns: activityCalls<ThreadRunActivities>({
      ...patiently,
      ...aliveWithin,
      priority,
      startToCloseTimeout: '5m',
    }),
    /** Without an end: nobody asks again to be forgotten. */
    erasures: activityCalls<SessionActivities>({ priority, retry, startToCloseTimeout: '1m' }),
    /** There is no end either; there may be hundreds of runs to delete. */
    historyErasures: activityCalls<HistoryActivities>({
      priority,
      retry,
      ...aliveWithin,
      startToCloseTimeout: '10m',
    }),
    /**
     * Without an end: an acknowledged delivery that gave up would lose its events, and no redelivery would bring them
     * back.
     */
    runStarts: activityCalls<RunActivities>({
      retry,
      priority: portalPriority(portalId, PRIORITY_KEY.start),
      // Not past the queue: what is begun comes first.
      allowEagerDispatch: false,
      // Many large deliveries at once wait for each other.
      startToCloseTimeout: '10m',
      ...aliveWithin,
    }),
  };
};

/** A look into our own configuration, without I/O: no task queue needed. */
export const { portalSettings } = proxyLocalActivities<PortalActivities>({ startToCloseTimeout: '5s' });

/**
 * A batch of portals: a hundred, of which each may take 20 s. They have a fairness key of their own, as they are no one
 * portal's.
 */
export const portalLooks = () =>
  activityCalls<PortalLookActivities>({
    priority: { priorityKey: PRIORITY_KEY.catchUp, fairnessKey: 'catch-ups' },
    taskQueue: hubspotTaskQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '10m',
    scheduleToCloseTimeout: OUTAGE_MS,
    ...aliveWithin,
    retry,
  });

/** Calls of the session store, as activities or beside the workflow. */
export type SessionCalls = ActivityCalls<SessionActivities & RatingActivities>;

const sessionsAtOnce: SessionCalls = localActivityCalls<SessionActivities & RatingActivities>({
  startToCloseTimeout: '2s',
  retry: { maximumAttempts: 1 },
});

/**
 * Asks the session store beside the workflow, and where that fails, `patiently`. A statement takes a few ms, an
 * activity four times as long; but only an activity can wait for a database that is away, without an event in the
 * history for each try.
 */
export const askSessions = async <Result>(
  ask: (sessions: SessionCalls) => Promise<Result>,
  patiently: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await ask(sessionsAtOnce);
  } catch (error) {
    // What failed beside the workflow comes as its own error, not as an `ActivityFailure`.
    if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
    return await patiently();
  }
};

/**
 * Reads of HubSpot beside the workflow. They give up by themselves before this; the next attempt is the one in the
 * queue of HubSpot's activities.
 */
export const readsAtOnce = localActivityCalls<ReadsAtOnce>({
  startToCloseTimeout: '2s',
  retry: { maximumAttempts: 1 },
});

/** Batches of sessions, of all portals. Nobody waits for them; what a day's outage left over, the next run does. */
export const housekeeping = activityCalls<SessionActivities>({
  priority: { priorityKey: PRIORITY_KEY.sync },
  retry,
  startToCloseTimeout: '1m',
  scheduleToCloseTimeout: OUTAGE_MS,
});

/**
 * A source of articles is read within half an hour, or not at all this time: what was read before is served, and the
 * schedule brings the next run. A site that is down is given minutes, not seconds.
 */
export const sourceReads = activityCalls<KnowledgeActivities>({
  priority: { priorityKey: PRIORITY_KEY.sync },
  retry: { initialInterval: '10s', backoffCoefficient: 4, maximumInterval: '5m', maximumAttempts: 4 },
  startToCloseTimeout: '30m',
  ...aliveWithin,
});

/**
 * An address outside is given a day, at most an hour between two tries: its operator may be asleep.
 * A try ends after 15 s.
 */
export const notifications = activityCalls<NotificationActivities>({
  priority: { priorityKey: PRIORITY_KEY.sync },
  retry: { initialInterval: '5s', backoffCoefficient: 3, maximumInterval: '1h' },
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: OUTAGE_MS,
});
