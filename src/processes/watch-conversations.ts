import type { Logger } from 'pino';
import type { PortalId } from '../hubspot/ids.ts';
import { repeatEvery } from '../lib/repeat.ts';
import { waitingSince } from '../reports/outcome-report.ts';
import { CONVERSATION_OUTCOMES, type ConversationOutcome, type OutcomeStore } from '../sessions/outcomes.ts';

const WATCH_MS = 60_000;
/** Conversations that began within so many days are counted: one counts as resolved after a day of silence. */
const DAYS = 7;
const DAY_MS = 24 * 60 * 60_000;
/** So many customers who wait are told apart by portal, those who wait longest. */
const MOST_WAITING = 10_000;

/** Sets a gauge of one portal. */
export interface ConversationGauges {
  waiting(portal: PortalId, customers: number): void;
  conversations(portal: PortalId, outcome: ConversationOutcome, count: number): void;
}

const add = <Key>(sums: Map<Key, number>, key: Key, count: number): void => {
  sums.set(key, (sums.get(key) ?? 0) + count);
};

/**
 * Gives to `gauges`, every minute until `signal` ends it, how many customers wait for an agent and how conversations of
 * the last seven days ended: 0 too, for the portals that `served` gives and for those that had some. It is for people
 * alone. What can't be read is logged, and the gauges stay as they were.
 */
export const watchConversations = async (
  store: Pick<OutcomeStore, 'waitingCustomers' | 'conversationCounts'>,
  gauges: ConversationGauges,
  {
    signal,
    logger,
    resolvedAfterMs,
    served,
    everyMs = WATCH_MS,
    clock = Date.now,
  }: {
    signal: AbortSignal;
    logger: Pick<Logger, 'warn'>;
    resolvedAfterMs: number;
    served: () => Promise<readonly { portalId: PortalId }[]>;
    everyMs?: number;
    clock?: () => number;
  },
): Promise<void> => {
  const portals = new Set<PortalId>();
  const look = async (): Promise<void> => {
    try {
      const now = clock();
      const waiting = new Map<PortalId, number>();
      const ended = new Map<string, number>();
      const { longest } = await store.waitingCustomers(waitingSince(now), MOST_WAITING);
      const counts = await store.conversationCounts({ since: now - DAYS * DAY_MS, now, resolvedAfterMs });
      for (const { portalId } of longest) add(waiting, portalId, 1);
      for (const { portalId, outcome, count } of counts) add(ended, `${portalId} ${outcome}`, count);
      for (const { portalId } of [...(await served()), ...longest, ...counts]) portals.add(portalId);
      for (const portal of portals) {
        gauges.waiting(portal, waiting.get(portal) ?? 0);
        for (const outcome of CONVERSATION_OUTCOMES)
          gauges.conversations(portal, outcome, ended.get(`${portal} ${outcome}`) ?? 0);
      }
    } catch (error) {
      logger.warn({ err: error }, 'Conversations could not be counted for the metrics');
    }
  };
  await look();
  await repeatEvery(everyMs, look, signal);
};
