import type { PortalId } from '../hubspot/ids.ts';
import { amountInWords, numberInWords } from '../rules/amounts.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { utcDay } from '../rules/utc-day.ts';
import type { DayUsage, ThreadUsage, Usage, UsageStore } from '../sessions/usage.ts';
import { table } from './table.ts';

/** A portal may spend this on a day, and has spent that; both in millionths. */
export interface Budget {
  portalId: PortalId;
  budget: number;
  spent: number;
}

/** The AI took this in the last days. Costs are in millionths. */
export interface UsageReport {
  /** The first day, UTC. */
  since: string;
  /** Prices are set now. */
  hasPrices: boolean;
  days: DayUsage[];
  /** These threads took most. */
  threads: ThreadUsage[];
  /** They are today's. */
  budgets: Budget[];
}

const DAY_MS = 24 * 60 * 60_000;

/** Reads from the store what the last `days` days took, today included. */
export const readUsage = async (
  store: UsageStore,
  settings: readonly PortalSettings[],
  { days, threads, now, hasPrices }: { days: number; threads: number; now: number; hasPrices: boolean },
): Promise<UsageReport> => {
  const since = utcDay(now - (days - 1) * DAY_MS);
  const budgets: Budget[] = [];
  for (const { portalId, aiDailyBudgetMillionths: budget } of settings) {
    if (budget !== undefined) budgets.push({ portalId, budget, spent: await store.spentOn(portalId, utcDay(now)) });
  }
  return {
    since,
    hasPrices,
    days: await store.usageByDay(since),
    threads: await store.dearestThreads(since, threads),
    budgets,
  };
};

const TOOK = [{ heading: 'calls' }, { heading: 'read' }, { heading: 'wrote' }, { heading: 'cost' }];
const took = ({ calls, inputTokens, outputTokens, cost }: Usage & { calls: number }): string[] => [
  ...[calls, inputTokens, outputTokens].map(numberInWords),
  amountInWords(cost),
];

/** Renders the report for people. */
export const renderUsage = ({ since, hasPrices, days, threads, budgets }: UsageReport): string => {
  if (days.length === 0) return `No AI has reported tokens since ${since}.\n`;
  const parts = [
    `Tokens by day (UTC) and portal, since ${since}`,
    table(
      [{ heading: 'day', align: 'left' }, { heading: 'portal', align: 'left' }, { heading: 'threads' }, ...TOOK],
      days.map((day) => [day.day, day.portalId, numberInWords(day.threads), ...took(day)]),
    ),
    'Threads that took most',
    table(
      [{ heading: 'thread', align: 'left' }, { heading: 'portal', align: 'left' }, ...TOOK],
      threads.map((thread) => [thread.threadId, thread.portalId, ...took(thread)]),
    ),
  ];
  if (budgets.length > 0) {
    const rows = budgets.map(({ portalId, budget, spent }) => [
      portalId,
      amountInWords(spent),
      amountInWords(budget),
      ...(spent >= budget ? ['spent: what the AI would send becomes a draft'] : []),
    ]);
    const columns = [{ heading: 'portal', align: 'left' as const }, { heading: 'spent' }, { heading: 'budget' }];
    parts.push('Today', table([...columns, { heading: '', align: 'left' }], rows));
  }
  if (!hasPrices) parts.push('No prices are set (LLM_INPUT_PRICE, LLM_OUTPUT_PRICE): new calls cost nothing here.');
  return `${parts.join('\n\n')}\n`;
};

const inCurrency = <Counted extends { cost: number }>(counted: Counted): Counted => ({
  ...counted,
  cost: counted.cost / 1e6,
});

/** Renders the report for programs, with amounts in the prices' currency. */
export const usageJson = ({ days, threads, budgets, ...rest }: UsageReport): string =>
  `${JSON.stringify(
    {
      ...rest,
      days: days.map(inCurrency),
      threads: threads.map(inCurrency),
      budgets: budgets.map(({ portalId, budget, spent }) => ({ portalId, budget: budget / 1e6, spent: spent / 1e6 })),
    },
    null,
    2,
  )}\n`;
