import { expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { watchBudgets } from '../../src/activities/budget.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import type { UsageStore } from '../../src/sessions/usage.ts';

it('a budget that is spent is said in the log once for each portal, and what is spent is told each time', async () => {
  const warned: unknown[] = [];
  const logger = new DefaultLogger('WARN', ({ message, meta }) => warned.push([message, meta?.portalId]));
  const spent = new Map([
    ['1', 400],
    ['2', 500],
    ['3', 501],
  ]);
  const spentToday = watchBudgets({ spentOn: async (portal: PortalId) => spent.get(portal) } as unknown as UsageStore);
  const ask = (portal: string) => new MockActivityEnvironment({}, { logger }).run(spentToday, portal as PortalId, 500);
  expect([await ask('1'), await ask('2'), await ask('2'), await ask('3')]).toEqual([400, 500, 500, 501]);
  const line = "Today's budget for the AI is spent: what it would send becomes a draft";
  expect(warned).toEqual([
    [line, '2'],
    [line, '3'],
  ]);
});
