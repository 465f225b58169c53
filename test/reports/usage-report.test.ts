import { describe, expect, it } from '@jest/globals';
import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { readUsage, renderUsage, type UsageReport, usageJson } from '../../src/reports/usage-report.ts';
import type { UsageStore } from '../../src/sessions/usage.ts';
import { settings } from '../support/messages.ts';

const portalId = '62515' as PortalId;

const report: UsageReport = {
  since: '2026-01-25',
  hasPrices: true,
  days: [
    { portalId, day: '2026-01-31', calls: 3, threads: 2, inputTokens: 12_345, outputTokens: 678, cost: 47_205 },
    { portalId, day: '2026-01-30', calls: 1, threads: 1, inputTokens: 900, outputTokens: 30, cost: 3_150 },
  ],
  threads: [
    { portalId, threadId: '6065362089' as ThreadId, calls: 2, inputTokens: 10_000, outputTokens: 500, cost: 37_500 },
  ],
  budgets: [{ portalId, budget: 40_000, spent: 47_205 }],
};

describe('renderUsage', () => {
  it('is a table by day and portal, one of threads, and what is left of today', () => {
    expect(renderUsage(report)).toBe(
      [
        'Tokens by day (UTC) and portal, since 2026-01-25',
        '',
        'day         portal  threads  calls    read  wrote     cost',
        '2026-01-31  62515         2      3  12,345    678   0.0472',
        '2026-01-30  62515         1      1     900     30  0.00315',
        '',
        'Threads that took most',
        '',
        'thread      portal  calls    read  wrote    cost',
        '6065362089  62515       2  10,000    500  0.0375',
        '',
        'Today',
        '',
        'portal   spent  budget',
        '62515   0.0472    0.04  spent: what the AI would send becomes a draft',
        '',
      ].join('\n'),
    );
  });

  it('says where nothing was counted, and where nothing can cost', () => {
    expect(renderUsage({ ...report, days: [] })).toBe('No AI has reported tokens since 2026-01-25.\n');
    expect(renderUsage({ ...report, hasPrices: false })).toContain(
      'No prices are set (LLM_INPUT_PRICE, LLM_OUTPUT_PRICE)',
    );
  });
});

it('usageJson gives amounts in the currency', () => {
  expect(JSON.parse(usageJson(report))).toMatchObject({
    since: '2026-01-25',
    days: [{ day: '2026-01-31', inputTokens: 12_345, cost: 0.047205 }, {}],
    threads: [{ threadId: '6065362089', cost: 0.0375 }],
    budgets: [{ portalId, budget: 0.04, spent: 0.047205 }],
  });
});

it('readUsage counts today as one of the days, and asks for the budgets that there are', async () => {
  const asked: unknown[] = [];
  const store = {
    usageByDay: async (since: string) => {
      asked.push(since);
      return report.days;
    },
    dearestThreads: async (since: string, limit: number) => {
      asked.push([since, limit]);
      return report.threads;
    },
    spentOn: async (portal: PortalId, day: string) => {
      asked.push([portal, day]);
      return 47_205;
    },
  } as Partial<UsageStore> as UsageStore;
  const portals = [settings({ aiDailyBudgetMillionths: 40_000 }), settings({ portalId: '2' as PortalId })];
  const now = Date.parse('2026-01-31T23:00:00Z');
  expect(await readUsage(store, portals, { days: 7, threads: 5, now, hasPrices: true })).toEqual(report);
  expect(asked).toEqual([[portalId, '2026-01-31'], '2026-01-25', ['2026-01-25', 5]]);
});
