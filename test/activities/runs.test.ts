import { describe, expect, it } from '@jest/globals';
import { createRunActivities } from '../../src/activities/runs.ts';
import { type PlannedStart, plannedReply } from '../../src/runs/planned-start.ts';
import { attempt } from '../support/activities.ts';

const starts = Array.from({ length: 100 }, (_, n) =>
  plannedReply({ portalId: '1', threadId: '2', messageId: `m${n}` } as never),
);

describe('startRuns', () => {
  it('starts every run, five at a time, and counts those already known', async () => {
    let inFlight = 0;
    let most = 0;
    const seen: PlannedStart[] = [];
    const { startRuns } = createRunActivities(
      {
        async start(planned) {
          inFlight += 1;
          most = Math.max(most, inFlight);
          seen.push(planned);
          await new Promise((resolve) => setImmediate(resolve));
          inFlight -= 1;
          return planned.workflowId.endsWith('0') ? 'duplicate' : 'started';
        },
        dispatch: () => Promise.reject(new Error('not asked for')),
      },
      0,
    );
    expect(await attempt(1).run(startRuns, { starts })).toEqual({ started: 90, duplicate: 10 });
    expect(seen).toEqual(starts);
    expect(most).toBe(5);
  });

  it('lets the runs of bulk wait behind live messages, and nobody else’s', async () => {
    const bulk = new Set<string>();
    const { startRuns } = createRunActivities(
      {
        start: async ({ input: { portalId } }, inBulk) => {
          if (inBulk) bulk.add(portalId);
          return 'started';
        },
        dispatch: () => Promise.reject(new Error('not asked for')),
      },
      0,
    );
    const few = [plannedReply({ portalId: '9', threadId: '2', messageId: 'm' } as never)];
    await attempt(1).run(startRuns, { starts: [...starts, ...few] });
    expect(bulk).toEqual(new Set(['1']));
  });

  it('spreads the runs of bulk over the time that HubSpot’s limit gives them', async () => {
    const begins: (number | undefined)[] = [];
    const { startRuns } = createRunActivities(
      {
        start: async (_planned, inBulk) => {
          begins.push(inBulk?.beginsInMs);
          return 'started';
        },
        dispatch: () => Promise.reject(new Error('not asked for')),
      },
      8,
    );
    await attempt(1).run(startRuns, { starts: starts.slice(0, 12) });
    expect(begins).toEqual([0, 125, 250, 375, 500, 625, 750, 875, 1000, 1125, 1250, 1375]);
    begins.length = 0;
    await attempt(1).run(startRuns, { starts: starts.slice(0, 3) });
    expect(begins).toEqual([undefined, undefined, undefined]);
  });

  it('fails when one start fails, so that it is done again', async () => {
    const { startRuns } = createRunActivities(
      {
        start: async ({ workflowId }) => {
          if (workflowId.endsWith('m42')) throw new Error('away');
          return 'started';
        },
        dispatch: () => Promise.reject(new Error('not asked for')),
      },
      0,
    );
    await expect(attempt(1).run(startRuns, { starts })).rejects.toThrow('away');
  });

  it('starts large deliveries one after the other, and lets a single run pass them', async () => {
    const order: string[] = [];
    const { startRuns } = createRunActivities(
      {
        start: async ({ workflowId }) => {
          order.push(workflowId);
          await new Promise((resolve) => setImmediate(resolve));
          return 'started';
        },
        dispatch: () => Promise.reject(new Error('not asked for')),
      },
      0,
    );
    const [first = [], second = []] = [starts.slice(0, 50), starts.slice(50, 99)];
    const single = starts.slice(99);
    await Promise.all([first, second, single].map((some) => attempt(1).run(startRuns, { starts: some })));
    const ids = (some: PlannedStart[]) => some.map(({ workflowId }) => workflowId);
    const [one] = ids(single);
    expect(order.filter((id) => id !== one)).toEqual([...ids(first), ...ids(second)]);
    expect(order.indexOf(one ?? '')).toBeLessThan(50);
  });
});
