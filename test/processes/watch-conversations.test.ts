import { expect, it } from '@jest/globals';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { watchConversations } from '../../src/processes/watch-conversations.ts';
import type { ConversationCount, WaitingCustomer } from '../../src/sessions/outcomes.ts';

const waits = (portalId: string) => ({ portalId: portalId as PortalId }) as WaitingCustomer;
const ended = (portalId: string, outcome: string, count: number) =>
  ({ portalId: portalId as PortalId, outcome, count }) as ConversationCount;

it('gives who waits and how conversations ended, by portal, and 0 where nobody waits any more', async () => {
  const looks = [
    { longest: [waits('1'), waits('1'), waits('2')], counts: [ended('1', 'resolved', 3), ended('1', 'resolved', 4)] },
    { longest: [waits('2')], counts: [ended('1', 'handed-off', 1)] },
  ];
  const end = new AbortController();
  const gauges = new Map<string, number>();
  const warnings: unknown[] = [];
  const seen: Record<string, number | undefined>[] = [];
  const store = {
    waitingCustomers: async () => {
      if (seen.length === 1) throw new Error('away');
      return { count: 0, longest: looks[0]?.longest ?? [] };
    },
    conversationCounts: async () => looks.shift()?.counts ?? [],
  };
  const names = ['3 waiting', '1 waiting', '2 waiting', '1 resolved', '1 handed-off', '2 resolved'];
  const note = () => {
    seen.push(Object.fromEntries(names.map((name) => [name, gauges.get(name)])));
    if (seen.length === 3) end.abort();
  };
  await watchConversations(
    store,
    {
      waiting: (portal, customers) => gauges.set(`${portal} waiting`, customers),
      conversations: (portal, outcome, count) => {
        gauges.set(`${portal} ${outcome}`, count);
        if (portal === '2' && outcome === 'skipped') note();
      },
    },
    {
      signal: end.signal,
      logger: {
        warn: (fields: unknown) => {
          warnings.push(fields);
          note();
        },
      },
      resolvedAfterMs: 1,
      served: async () => [waits('3')],
      everyMs: 1,
    },
  );
  expect(seen[0]).toEqual({
    '3 waiting': 0,
    '1 waiting': 2,
    '2 waiting': 1,
    '1 resolved': 7,
    '1 handed-off': 0,
    '2 resolved': 0,
  });
  expect(warnings).toHaveLength(1);
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual({
    '3 waiting': 0,
    '1 waiting': 0,
    '2 waiting': 1,
    '1 resolved': 0,
    '1 handed-off': 1,
    '2 resolved': 0,
  });
});
