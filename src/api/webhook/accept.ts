import { createHash } from 'node:crypto';
import type { PortalId } from '../../hubspot/ids.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { BULK_FROM_MORE_THAN, bulkPortals } from '../../runs/bulk.ts';
import { dispatchDeliveryRun } from '../../runs/dispatch-delivery.ts';
import type { PlannedStart } from '../../runs/planned-start.ts';
import type { RunStarter, StartResult } from '../../temporal/run-starter.ts';
import type { BulkPacing } from './bulk-pacing.ts';

/**
 * Up to this many runs are started one by one, so a delivery that holds bulk never is. A hundred each of ten requests
 * would take longer than HubSpot waits.
 */
export const MAX_DIRECT_STARTS = BULK_FROM_MORE_THAN;

// Temporal refuses a payload of 2 MiB, and a hundred long property values are more than that. Half of it leaves room
// for a codec.
const MAX_DISPATCH_BYTES = 1024 * 1024;
const MAX_DISPATCH_STARTS = 500;

/**
 * Not every start of a delivery could be made durable in time. Some may have been: the same delivery again is harmless.
 */
export class NotDurable extends Error {
  override readonly name = 'NotDurable';

  constructor(cause: unknown) {
    super('Temporal took not every start in time', { cause });
  }
}

/** A start ended like this, for whoever counts them. `type` is the workflow type. */
export type OnStart = (type: PlannedStart['type'] | 'dispatchDelivery', result: StartResult | 'failed') => void;

/** The starts that are durable now: taken, or known to have been taken before. */
export interface Accepted {
  accepted: number;
  duplicate: number;
}

/**
 * `delivery:{sha256 of the sorted workflow IDs}`: the same starts are the same delivery, in whatever order they come.
 */
export const deliveryWorkflowId = (starts: readonly PlannedStart[]): string => {
  const keys = starts.map(({ workflowId }) => workflowId).sort();
  return dispatchDeliveryRun.workflowId(
    { starts: [...starts] },
    createHash('sha256').update(keys.join('\n')).digest('hex'),
  );
};

/** Splits starts into parts that one `dispatchDelivery` run can carry. */
const dispatchable = (starts: readonly PlannedStart[]): PlannedStart[][] => {
  const parts: PlannedStart[][] = [];
  let part: PlannedStart[] = [];
  let bytes = 0;
  for (const start of starts) {
    const size = Buffer.byteLength(JSON.stringify(start));
    if (part.length === MAX_DISPATCH_STARTS || bytes + size > MAX_DISPATCH_BYTES) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(start);
    bytes += size;
  }
  return [...parts, part];
};

interface Part {
  starts: PlannedStart[];
  /** The portal that all of them belong to, where they are its bulk. */
  bulkOf?: PortalId;
}

/**
 * Parts the starts that go each by itself from those that dispatch runs carry. A portal's bulk shares a part with no
 * other portal's starts: these would wait for its turn.
 */
const split = (starts: readonly PlannedStart[]): { direct: readonly PlannedStart[]; parts: Part[] } => {
  if (starts.length <= MAX_DIRECT_STARTS) return { direct: starts, parts: [] };
  const portals = [...bulkPortals(starts)];
  const few = starts.filter(({ input }) => !portals.includes(input.portalId));
  const bulk = portals.flatMap((bulkOf) =>
    dispatchable(starts.filter(({ input }) => input.portalId === bulkOf)).map((part) => ({ starts: part, bulkOf })),
  );
  return few.length <= MAX_DIRECT_STARTS
    ? { direct: few, parts: bulk }
    : { direct: [], parts: [...dispatchable(few).map((part) => ({ starts: part })), ...bulk] };
};

/**
 * Makes every start of a delivery durable: up to {@link MAX_DIRECT_STARTS} each by itself, more by dispatch runs that
 * start them. All or nothing: the delivery may be acknowledged only where this resolves. `pacing` says
 * when a portal's bulk begins: it is as durable as the others.
 * @throws {NotDurable} when a start failed, or not all came through within `deadlineMs`.
 */
export const accept = async (
  starts: readonly PlannedStart[],
  starter: RunStarter,
  { deadlineMs, onStart, pacing }: { deadlineMs: number; onStart: OnStart; pacing: BulkPacing },
): Promise<Accepted> => {
  const result: Accepted = { accepted: 0, duplicate: 0 };
  const count = async (type: Parameters<OnStart>[0], runs: number, start: () => Promise<StartResult>) => {
    try {
      const started = await start();
      onStart(type, started);
      result[started === 'started' ? 'accepted' : 'duplicate'] += runs;
    } catch (error) {
      onStart(type, 'failed');
      throw error;
    }
  };
  const { direct, parts } = split(starts);
  const pending = [
    ...direct.map((planned) => count(planned.type, 1, () => starter.start(planned))),
    ...parts.map(({ starts: part, bulkOf }) =>
      count('dispatchDelivery', part.length, () => {
        const dispatch = (beginsInMs?: number) => starter.dispatch(deliveryWorkflowId(part), part, beginsInMs);
        return bulkOf ? pacing(bulkOf, part.length, dispatch) : dispatch();
      }),
    ),
  ];
  try {
    await withDeadline(Promise.all(pending), deadlineMs);
  } catch (error) {
    throw new NotDurable(error);
  }
  return result;
};
