import { log } from '@temporalio/activity';
import pMap from 'p-map';
import type { HubSpotClient } from '../hubspot/client.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { DeadlinePassed, withDeadline } from '../lib/deadline.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { batchesOf, checkedUntil, isDue, stretchToCheck, threadsToRead } from '../rules/speaking/catch-up.ts';
import type { CatchUps, CaughtUp, Look } from '../sessions/catch-ups.ts';
import { heartbeatWhile } from './heartbeats.ts';

/** The findings on a batch of portals. */
export interface Looked {
  /** So many were looked at. */
  portals: number;
  /** On their threads a customer may wait, in messages since that moment (ISO time). */
  withNews: { portalId: PortalId; since: string }[];
  /** Each with the name of its error. */
  failed: { portalId: PortalId; error: string }[];
}

/** Looks whether portals have news. Reads only, at HubSpot. */
export interface PortalLookActivities {
  /**
   * Asks each portal of the batch that is due for the threads with messages since its last look. A portal that fails,
   * or is slow, is noted as such, and holds up no other.
   */
  lookThroughPortals(input: { batch: number }): Promise<Looked>;
}

/** A statement on the session database. */
export interface CatchUpActivities {
  /** The portal's next look begins there: ISO time, HubSpot's clock. */
  noteCaughtUp(input: { portalId: PortalId; checkedUntil: string }): Promise<void>;
}

/** So many portals are asked at once, each by a call or two. */
const IN_FLIGHT = 10;

/** A portal that takes longer, in ms, is left to a run of its own. */
const SLOW_MS = 20_000;

/** A portal is configured, or has installed the app, and another process has not made it known here yet. */
const NOT_YET_KNOWN: Pick<CaughtUp, 'lookedAt' | 'newsAt'> = { lookedAt: null, newsAt: null };

/** Looks through a batch of portals, as {@link PortalLookActivities} says, from wherever. */
export type LookThroughPortals = (input: { batch: number }) => Promise<Looked>;

/** `portals` gives the settings of every portal that is known now; `slowMs` is for tests. */
export const createPortalLooks = (
  portals: () => Promise<readonly PortalSettings[]>,
  clientOf: (portalId: PortalId) => Pick<HubSpotClient, 'threadsWithMessagesAfter'>,
  catchUps: Pick<CatchUps, 'of' | 'note'>,
  slowMs = SLOW_MS,
): LookThroughPortals => {
  type Found = { look: Look; since: string; finding: 'none' | 'news' } | { portalId: PortalId; error: string };
  const lookAt = async (settings: PortalSettings, known: CaughtUp | undefined): Promise<Found> => {
    const { portalId } = settings;
    const now = Date.now();
    const stretch = stretchToCheck(now, known?.checkedUntil ?? new Date(now).toISOString(), settings);
    const at = new Date(now).toISOString();
    try {
      const listing = clientOf(portalId).threadsWithMessagesAfter(stretch.after);
      const threads = await withDeadline(listing, slowMs);
      const hadNews = threads.length > 0;
      if (threadsToRead(threads, stretch, settings).threadIds.length > 0)
        return { look: { portalId, at, hadNews }, since: stretch.after, finding: 'news' };
      const done = { portalId, at, hadNews, checkedUntil: checkedUntil(now, null) };
      return { look: done, since: stretch.after, finding: 'none' };
    } catch (error) {
      // Its own run has the time that this one must leave to the others.
      if (error instanceof DeadlinePassed)
        return { look: { portalId, at, hadNews: true }, since: stretch.after, finding: 'news' };
      return { portalId, error: error instanceof Error ? error.name : 'Error' };
    }
  };

  return async ({ batch: place }) => {
    const batch = batchesOf(await portals())[place];
    if (!batch) return { portals: 0, withNews: [], failed: [] };
    const known = new Map(
      (await catchUps.of(batch.portals.map(({ portalId }) => portalId))).map((row) => [row.portalId, row]),
    );
    const now = Date.now();
    const due = batch.portals.filter((settings) =>
      isDue(now, known.get(settings.portalId) ?? NOT_YET_KNOWN, settings, batch.everyMs),
    );
    const found = await pMap(due, (settings) => lookAt(settings, known.get(settings.portalId)), {
      concurrency: IN_FLIGHT,
    });
    const looked = found.flatMap((one) => ('look' in one ? [one] : []));
    const failed = found.flatMap((one) => ('error' in one ? [one] : []));
    await catchUps.note(looked.map(({ look }) => look));
    const withNews = looked
      .filter(({ finding }) => finding === 'news')
      .map(({ look, since }) => ({ portalId: look.portalId, since }));
    return { portals: due.length, withNews, failed };
  };
};

/** The message of a log line that names portals. */
export const NOT_LOOKED_THROUGH = 'Portals could not be looked through: trying again at the next look';

export const createPortalLookActivities = (look: LookThroughPortals): PortalLookActivities => ({
  async lookThroughPortals(input) {
    const looked = await heartbeatWhile(() => look(input));
    if (looked.failed.length > 0) log.warn(NOT_LOOKED_THROUGH, { failed: looked.failed });
    return looked;
  },
});

export const createCatchUpActivities = (catchUps: Pick<CatchUps, 'advance'>): CatchUpActivities => ({
  noteCaughtUp: ({ portalId, checkedUntil: until }) => catchUps.advance(portalId, until),
});
