import { describe, expect, it } from '@jest/globals';
import { createBulkPacing } from '../../../src/api/webhook/bulk-pacing.ts';
import type { StartResult } from '../../../src/temporal/run-starter.ts';
import { portalId } from '../support.ts';

const [loud, quiet] = [portalId('1'), portalId('2')];

describe('the pacing of a portal’s bulk', () => {
  let now = 1_000_000;
  const paced = (perSecond: number) => {
    const pacing = createBulkPacing(perSecond, () => now);
    return async (portal: typeof loud, runs: number, result: StartResult = 'started') => {
      let begins = Number.NaN;
      await pacing(portal, runs, async (beginsInMs) => {
        begins = beginsInMs;
        return result;
      });
      return begins;
    };
  };

  it('lets the next begin when those before it have, each portal by itself', async () => {
    const begins = paced(6);
    expect(await begins(loud, 30)).toBe(0);
    expect(await begins(loud, 12)).toBe(5_000);
    expect(await begins(loud, 1)).toBe(7_000);
    expect(await begins(quiet, 12)).toBe(0);
  });

  it('begins at once again with time', async () => {
    const begins = paced(10);
    await begins(loud, 20);
    now += 1_500;
    expect(await begins(loud, 20)).toBe(500);
    now += 60_000;
    expect(await begins(loud, 20)).toBe(0);
  });

  it('takes back the places of what is known already, or could not be started', async () => {
    const pacing = createBulkPacing(1, () => now);
    const begins = paced(1);
    await begins(loud, 100, 'duplicate');
    expect(await begins(loud, 1)).toBe(0);
    await expect(pacing(loud, 100, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    let next = Number.NaN;
    await pacing(loud, 1, async (beginsInMs) => {
      next = beginsInMs;
      return 'started';
    });
    expect(next).toBe(0);
  });

  it('spaces nothing without a limit', async () => {
    const begins = paced(0);
    await begins(loud, 1_000);
    expect(await begins(loud, 1_000)).toBe(0);
  });
});
