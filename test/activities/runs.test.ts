import { describe, expect, it } from '@jest/globals';
import { createRunActivities } from '../../src/activities/runs.ts';
import { type PlannedStart, plannedReply } from '../../src/workflows/contract.ts';

const starts = Array.from({ length: 100 }, (_, n) =>
  plannedReply({ portalId: '1', threadId: '2', messageId: `m${n}` } as never),
);

describe('startRuns', () => {
  it('starts every run, twenty at a time, and counts those already known', async () => {
    let inFlight = 0;
    let most = 0;
    const seen: PlannedStart[] = [];
    const { startRuns } = createRunActivities({
      async start(planned) {
        inFlight += 1;
        most = Math.max(most, inFlight);
        seen.push(planned);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
        return planned.workflowId.endsWith('0') ? 'duplicate' : 'started';
      },
      dispatch: () => Promise.reject(new Error('not asked for')),
    });
    expect(await startRuns({ starts })).toEqual({ started: 90, duplicate: 10 });
    expect(seen).toEqual(starts);
    expect(most).toBe(20);
  });

  it('fails when one start fails, so that it is done again', async () => {
    const { startRuns } = createRunActivities({
      start: async ({ workflowId }) => {
        if (workflowId.endsWith('m42')) throw new Error('away');
        return 'started';
      },
      dispatch: () => Promise.reject(new Error('not asked for')),
    });
    await expect(startRuns({ starts })).rejects.toThrow('away');
  });
});
