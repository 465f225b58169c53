import {
  type ScheduleClient,
  ScheduleOverlapPolicy,
  type WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/client';
import pMap from 'p-map';
import type { PortalId } from '../hubspot/ids.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { type Batch, batchesOf } from '../rules/speaking/catch-up.ts';
import { CATCH_UP_IDS, catchUpRun } from '../runs/catch-up.ts';
import { catchUpPortalsIds, catchUpPortalsRun } from '../runs/catch-up-portals.ts';
import { summaryOf } from '../runs/run-type.ts';
import type { CatchUps, Turn } from '../sessions/catch-ups.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';
import { bringInStep, unlessGone, type WantedSchedule } from './schedule-steps.ts';

/** Temporal is asked about so many schedules at once. */
const IN_FLIGHT = 10;

/**
 * What came in the last minutes before a portal is looked at for the first time is nobody's yet; what is older has been
 * waiting for people.
 */
const BEFORE_IT_BEGAN_MS = 10 * 60_000;

/**
 * A run of a schedule is billed, and a worker's own look is not: these look as often as the settings say, and the
 * schedule's run only so often, in ms, should they all fail at it.
 */
const LEAST_MS = 6 * 60 * 60_000;

/** The next batch begins this part of an interval later: however many there are, they are spread over it. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** `catch-ups:{taskQueue}:{batch}`: the schedule of one batch of portals. */
export const catchUpScheduleId = (taskQueue: string, batch: number): string =>
  catchUpPortalsRun.workflowId({ batch }, taskQueue);

/** When a batch begins within an interval, in ms: in whole seconds, spread over it. */
const offsetOf = (batch: number, everyMs: number): number =>
  Math.floor((((batch + 1) * GOLDEN_RATIO) % 1) * (everyMs / 1000)) * 1000;

const spec = (batch: number, everyMs: number): WantedSchedule['spec'] => {
  const every = Math.max(everyMs, LEAST_MS);
  return { intervals: [{ every, offset: offsetOf(batch, every) }] };
};

const scheduleOf = ({ batch, everyMs }: Batch, taskQueue: string): WantedSchedule => ({
  scheduleId: catchUpScheduleId(taskQueue, batch),
  spec: spec(batch, everyMs),
  action: {
    type: 'startWorkflow',
    workflowType: catchUpPortalsRun.type,
    workflowId: catchUpPortalsRun.workflowId({ batch }, taskQueue),
    args: [{ batch }],
    taskQueue,
    staticSummary: summaryOf(catchUpPortalsRun, { batch }),
  },
  // A run goes on where the one before has ended, so none has to be made up for.
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 60_000 },
});

/** The schedules for which {@link prepareCatchUps} has to do something. */
interface Found {
  /** Of batches of this task queue. */
  batches: string[];
  /** Earlier versions had one for each portal: those of this task queue. */
  ofPortals: string[];
}

const findSchedules = async (client: ScheduleClient, taskQueue: string): Promise<Found> => {
  const found: Found = { batches: [], ofPortals: [] };
  const candidates: string[] = [];
  const prefix = catchUpPortalsIds(taskQueue);
  for await (const { scheduleId } of client.list()) {
    if (scheduleId.startsWith(prefix) && /^\d+$/.test(scheduleId.slice(prefix.length))) found.batches.push(scheduleId);
    else if (scheduleId.startsWith(CATCH_UP_IDS)) candidates.push(scheduleId);
  }
  const { namespace } = client.options;
  await pMap(
    candidates,
    async (scheduleId) => {
      // A handle would decode what stands in the schedule; another deployment's may be encrypted with a key that isn't
      // here.
      const described = await unlessGone(client.workflowService.describeSchedule({ namespace, scheduleId }));
      if (described?.schedule?.action?.startWorkflow?.taskQueue?.name === taskQueue) found.ofPortals.push(scheduleId);
    },
    { concurrency: IN_FLIGHT },
  );
  return found;
};

/** A portal, as an earlier version's schedule has it. */
interface Began {
  portalId: PortalId;
  /** All that it may have left over is looked through once more: ISO time. */
  since: string;
  paused: boolean;
}

const began = async (client: ScheduleClient, scheduleId: string): Promise<Began[]> => {
  const described = await unlessGone(client.getHandle(scheduleId).describe());
  const [input] = (described?.action.args ?? []) as [{ portalId?: unknown; since?: unknown }?];
  const { portalId, since } = input ?? {};
  const paused = described?.state.paused ?? false;
  return typeof portalId === 'string' && typeof since === 'string'
    ? [{ portalId: portalId as PortalId, since, paused }]
    : [];
};

/**
 * Brings the schedules of `catchUpPortals` runs in step with the portals: one for each batch, made or changed only
 * where it has to be. Portals that are new begin ten minutes ago, those of an earlier version's schedules where these
 * began; those schedules are removed. Portals that are looked at no more are forgotten.
 * @returns `warnings`: one readable line each
 */
export const prepareCatchUps = async (
  client: ScheduleClient,
  taskQueue: string,
  portals: readonly PortalSettings[],
  catchUps: Pick<CatchUps, 'begin' | 'keepOnly'>,
): Promise<{ warnings: string[] }> => {
  const batches = batchesOf(portals);
  const portalIds = batches.flatMap((batch) => batch.portals.map(({ portalId }) => portalId));
  const { batches: known, ofPortals } = await findSchedules(client, taskQueue);
  const read = await pMap(ofPortals, (scheduleId) => began(client, scheduleId), { concurrency: IN_FLIGHT });
  const before = read.flat().filter(({ portalId }) => portalIds.includes(portalId));
  await catchUps.begin(before);
  const since = new Date(Date.now() - BEFORE_IT_BEGAN_MS).toISOString();
  await catchUps.begin(portalIds.map((portalId) => ({ portalId, since })));
  await catchUps.keepOnly(portalIds);

  const schedules = batches.map((batch) => scheduleOf(batch, taskQueue));
  await pMap(schedules, (schedule) => bringInStep(client, schedule), { concurrency: IN_FLIGHT });
  const wanted = new Set(schedules.map(({ scheduleId }) => scheduleId));
  await pMap(
    [...ofPortals, ...known.filter((scheduleId) => !wanted.has(scheduleId))],
    (scheduleId) => unlessGone(client.getHandle(scheduleId).delete()),
    { concurrency: IN_FLIGHT },
  );
  const paused = before.filter((portal) => portal.paused).map(({ portalId }) => portalId);
  return {
    warnings:
      paused.length === 0
        ? []
        : [
            `The catch-up of ${paused.join(', ')} was paused: ` +
              'one schedule is for many portals now, and they are looked ' +
              'through again. Set CATCH_UP_INTERVAL=0s (catchUpInterval) for a portal that is not to be.',
          ],
  };
};

/** The turns that workers take to look through the batches, spread over the interval. */
export const turnsOf = (portals: readonly PortalSettings[]): Turn[] =>
  batchesOf(portals).map(({ batch, everyMs }) => ({ batch, everyMs, firstInMs: offsetOf(batch, everyMs) }));

/** A person has paused the schedule of a batch: then workers don't look through its portals either. */
export const isCatchUpPaused = async (client: ScheduleClient, taskQueue: string, batch: number): Promise<boolean> => {
  const { namespace } = client.options;
  const scheduleId = catchUpScheduleId(taskQueue, batch);
  try {
    const described = await unlessGone(client.workflowService.describeSchedule({ namespace, scheduleId }));
    return described?.schedule?.state?.paused ?? false;
  } catch (error) {
    // A server that has no schedules, or shows us none, has none that is paused.
    const status = grpcStatus(error);
    if (status === GRPC.PERMISSION_DENIED || status === GRPC.UNIMPLEMENTED) return false;
    throw error;
  }
};

/** Starts the `catchUp` run of a portal in which a customer may wait, unless one is at work there. */
export const startCatchUp = async (
  client: WorkflowClient,
  taskQueue: string,
  news: { portalId: PortalId; since: string },
): Promise<void> => {
  const input = { ...news, advances: true };
  try {
    await client.start(catchUpRun.type, {
      taskQueue,
      workflowId: catchUpRun.workflowId(input),
      args: [input],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: summaryOf(catchUpRun, input),
    });
  } catch (error) {
    // What came after it began is found by the next look, which begins where that run ends.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
};
