import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { PortalId } from '../hubspot/ids.ts';
import { atOnce } from '../lib/at-once.ts';
import type { FirstRead, FirstReadActivities, Look } from './first-reads.ts';

/**
 * Reads beside the workflow (local activities): a round between server and worker less. They wait for nothing: where
 * one can't be had at once, it fails, and the run takes its place in the queue of HubSpot's activities.
 */
export interface ReadsAtOnce {
  /**
   * As `readMessage` gives it; the message is always there.
   * @throws {ApplicationFailure} `UnknownPortal`; any other: not at once
   */
  readMessageAtOnce(input: Parameters<FirstReadActivities['readMessage']>[0]): Promise<FirstRead>;
  /**
   * As `lookAndOpen` gives it.
   * @throws {ApplicationFailure} not at once
   */
  lookAndOpenAtOnce(input: Parameters<FirstReadActivities['lookAndOpen']>[0]): Promise<Look>;
}

/** A read that takes longer, in ms, holds up other runs. HubSpot mostly answers within 300. */
const TOO_LONG_MS = 1_500;
/** Where HubSpot was as slow in a portal, nothing is read at once there for so long, in ms. */
const LEFT_ALONE_MS = 10_000;

const notAtOnce = (type: string, message: string): ApplicationFailure =>
  // It is no news that a busy worker or portal is busy.
  ApplicationFailure.create({ type, message, nonRetryable: true, category: ApplicationFailureCategory.BENIGN });

/**
 * `reads` fail where something can't be read. `most`: so many in this process at the same time; what comes past them
 * fails at once. A read that takes longer than `tooLongMs` is given up.
 */
export const createReadsAtOnce = (
  reads: { readMessage: ReadsAtOnce['readMessageAtOnce']; lookAndOpen: ReadsAtOnce['lookAndOpenAtOnce'] },
  { most, tooLongMs = TOO_LONG_MS }: { most: number; tooLongMs?: number },
): ReadsAtOnce => {
  let running = 0;
  const slowUntil = new Map<PortalId, number>();

  const readAtOnce = async <T>(portalId: PortalId, read: () => Promise<T>): Promise<T> => {
    if (running >= most) throw notAtOnce('WorkerBusy', `This worker reads ${most} times at once already`);
    if ((slowUntil.get(portalId) ?? 0) > performance.now())
      throw notAtOnce('HubSpotSlow', 'HubSpot was slow in this portal a moment ago');
    running += 1;
    const late = new AbortController();
    const timer = setTimeout(() => {
      slowUntil.set(portalId, performance.now() + LEFT_ALONE_MS);
      late.abort(notAtOnce('HubSpotSlow', `HubSpot did not give it within ${tooLongMs / 1_000} s`));
    }, tooLongMs);
    const { cancellationSignal } = Context.current();
    try {
      return await atOnce(read, AbortSignal.any([late.signal, cancellationSignal]));
    } catch (error) {
      if (cancellationSignal.aborted) throw error;
      // A database's message may repeat what was to be stored.
      if (!(error instanceof ApplicationFailure)) throw notAtOnce((error as Error).name, (error as Error).name);
      throw error.type === 'UnknownPortal' ? error : notAtOnce(error.type ?? 'Error', error.message);
    } finally {
      clearTimeout(timer);
      running -= 1;
    }
  };

  return {
    readMessageAtOnce: (input) => readAtOnce(input.portalId, () => reads.readMessage(input)),
    lookAndOpenAtOnce: (input) => readAtOnce(input.portalId, () => reads.lookAndOpen(input)),
  };
};
