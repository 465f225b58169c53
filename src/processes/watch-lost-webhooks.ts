import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type LookThroughPortals, NOT_LOOKED_THROUGH } from '../activities/catch-ups.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { unlessAborted } from '../lib/deadline.ts';
import type { CatchUps, Turn } from '../sessions/catch-ups.ts';

/** A worker asks whose turn it is at least and at most so often, in ms: portals may have been added. */
const SOONEST_MS = 1_000;
const LATEST_MS = 60_000;

/** A look that failed is tried again so soon, in ms. */
const AGAIN_MS = 60_000;

/** What a worker needs to look through portals. */
export interface LostWebhooks {
  /** Of the batches that there are now. */
  turns: () => Promise<readonly Turn[]>;
  catchUps: Pick<CatchUps, 'takeTurn' | 'settleTurn'>;
  isPaused: (batch: number) => Promise<boolean>;
  look: LookThroughPortals;
  /** A customer may wait there, in messages since that moment (ISO time). */
  found: (news: { portalId: PortalId; since: string }) => Promise<void>;
}

/**
 * Looks for messages that no webhook announced, in turn with the other workers, until `signal` ends it. What it finds
 * is handed to a run; as long as it finds nothing, Temporal hears nothing of it, and bills nothing.
 */
export const watchLostWebhooks = async (
  { turns, catchUps, isPaused, look, found }: LostWebhooks,
  { signal, logger, soonestMs = SOONEST_MS }: { signal: AbortSignal; logger: Pick<Logger, 'warn'>; soonestMs?: number },
): Promise<void> => {
  const lookThrough = async ({ batch, everyMs }: Turn): Promise<void> => {
    const begin = performance.now();
    const againMs = Math.min(AGAIN_MS, everyMs);
    try {
      if (!(await isPaused(batch))) {
        // A look may take minutes, and an orderly end has seconds.
        const { withNews, failed } = await unlessAborted(look({ batch }), signal);
        if (failed.length > 0) logger.warn({ failed }, NOT_LOOKED_THROUGH);
        for (const news of withNews) await found(news);
      }
      await catchUps.settleTurn(batch, Math.max(everyMs - (performance.now() - begin), soonestMs));
    } catch (error) {
      if (!signal.aborted)
        logger.warn({ err: error, batch }, 'Portals could not be looked through for lost webhooks: trying again');
      await catchUps.settleTurn(batch, againMs);
    }
  };

  /** Gives how long there is nothing to do, in ms. */
  const takeATurn = async (): Promise<number> => {
    const all = await turns();
    if (all.length === 0) return LATEST_MS;
    const taken = await catchUps.takeTurn(all);
    if ('inMs' in taken) return taken.inMs;
    const turn = all.find(({ batch }) => batch === taken.batch);
    if (turn) await lookThrough(turn);
    return 0;
  };

  while (!signal.aborted) {
    const idleMs = await takeATurn().catch((error: unknown) => {
      logger.warn({ err: error }, 'The session database does not say whose turn it is to look for lost webhooks');
      return AGAIN_MS;
    });
    if (idleMs > 0 && !signal.aborted)
      await delay(Math.min(Math.max(idleMs, soonestMs), LATEST_MS), undefined, { signal, ref: false }).catch(() => {
        // It is over.
      });
  }
};
