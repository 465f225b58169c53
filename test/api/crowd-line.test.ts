import { describe, expect, it } from '@jest/globals';
import { createCrowdLine } from '../../src/api/crowd-line.ts';
import type { StartResult } from '../../src/temporal/run-starter.ts';
import { portalId } from './support.ts';

const [loud, quiet] = [portalId('1'), portalId('2')];

describe('the line of a portal’s crowds', () => {
  let now = 1_000_000;
  const linesUp = (perSecond: number) => {
    const line = createCrowdLine(perSecond, () => now);
    return async (portal: typeof loud, runs: number, result: StartResult = 'started') => {
      let begins = Number.NaN;
      await line(portal, runs, async (beginsInMs) => {
        begins = beginsInMs;
        return result;
      });
      return begins;
    };
  };

  it('lets the next begin when those before it have, each portal by itself', async () => {
    const begins = linesUp(6);
    expect(await begins(loud, 30)).toBe(0);
    expect(await begins(loud, 12)).toBe(5_000);
    expect(await begins(loud, 1)).toBe(7_000);
    expect(await begins(quiet, 12)).toBe(0);
  });

  it('is empty again with time', async () => {
    const begins = linesUp(10);
    await begins(loud, 20);
    now += 1_500;
    expect(await begins(loud, 20)).toBe(500);
    now += 60_000;
    expect(await begins(loud, 20)).toBe(0);
  });

  it('takes back the places of what is known already, or could not be started', async () => {
    const line = createCrowdLine(1, () => now);
    const begins = linesUp(1);
    await begins(loud, 100, 'duplicate');
    expect(await begins(loud, 1)).toBe(0);
    await expect(line(loud, 100, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    let next = Number.NaN;
    await line(loud, 1, async (beginsInMs) => {
      next = beginsInMs;
      return 'started';
    });
    expect(next).toBe(0);
  });

  it('is none without a limit', async () => {
    const begins = linesUp(0);
    await begins(loud, 1_000);
    expect(await begins(loud, 1_000)).toBe(0);
  });
});
