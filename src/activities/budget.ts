import { log } from '@temporalio/activity';
import type { PortalId } from '../hubspot/ids.ts';
import { utcDay } from '../rules/utc-day.ts';
import type { UsageStore } from '../sessions/usage.ts';

/** A portal's AI has cost this on this UTC day, and may cost so much; both in millionths of the prices' currency. */
export type SpentToday = (portalId: PortalId, budget: number) => Promise<number>;

/** Looks what is spent, and says in the log, once a day for each portal, that it is all of the budget. */
export const watchBudgets = (usage: UsageStore): SpentToday => {
  const warned = new Map<PortalId, string>();
  return async (portalId, budget) => {
    const day = utcDay(Date.now());
    const spent = await usage.spentOn(portalId, day);
    if (spent >= budget && warned.get(portalId) !== day) {
      warned.set(portalId, day);
      log.warn("Today's budget for the AI is spent: what it would send becomes a draft", { portalId, day });
    }
    return spent;
  };
};
