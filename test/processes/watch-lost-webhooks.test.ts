import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Looked } from '../../src/activities/catch-ups.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { type LostWebhooks, watchLostWebhooks } from '../../src/processes/watch-lost-webhooks.ts';
import { turnsOf } from '../../src/temporal/catch-up-schedules.ts';
import { settings } from '../support/messages.ts';

const HOUR = 60 * 60_000;
const [quiet, busy] = ['1001', '1002'] as PortalId[] as [PortalId, PortalId];
const NOTHING: Looked = { portals: 2, withNews: [], failed: [] };

/** The turns of one batch, as the database would keep them. */
class Turns {
  dueInMs = 0;
  settled: number[] = [];
  broken = false;
  async takeTurn(): Promise<{ batch: number } | { inMs: number }> {
    if (this.broken) throw new Error('no database');
    if (this.dueInMs > 0) return { inMs: this.dueInMs };
    this.dueInMs = HOUR;
    return { batch: 0 };
  }
  async settleTurn(_batch: number, inMs: number): Promise<void> {
    this.settled.push(inMs);
    this.dueInMs = inMs;
  }
}

let turns: Turns;
let warnings: unknown[];
beforeEach(() => {
  turns = new Turns();
  warnings = [];
});

/** Watches until `isDone`, and gives what was handed on. */
const watch = async (parts: Partial<LostWebhooks>, isDone: () => boolean): Promise<unknown[]> => {
  const handedOn: unknown[] = [];
  const end = new AbortController();
  const watching = watchLostWebhooks(
    {
      turns: async () => [{ batch: 0, everyMs: HOUR, firstInMs: 0 }],
      catchUps: turns,
      isPaused: async () => false,
      look: async () => NOTHING,
      found: async (news) => void handedOn.push(news),
      ...parts,
    },
    { signal: end.signal, logger: { warn: (...words: unknown[]) => void warnings.push(words) }, soonestMs: 1 },
  );
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 2));
  end.abort();
  await watching;
  return handedOn;
};

describe('a worker that looks for lost webhooks', () => {
  it('hands each portal on whose threads a customer may wait to a run, and looks again after the interval', async () => {
    const news = [quiet, busy].map((portalId) => ({ portalId, since: '2026-01-01T12:00:00.000Z' }));
    const looked: Looked = { portals: 2, withNews: news, failed: [] };
    const handedOn = await watch({ look: async () => looked }, () => turns.settled.length > 0);
    expect(handedOn).toEqual(news);
    expect(turns.settled[0]).toBeGreaterThan(HOUR - 60_000);
    expect(turns.settled[0]).toBeLessThanOrEqual(HOUR);
    expect(warnings).toEqual([]);
  });

  it('starts nothing where nobody waits, and names portals that could not be looked through', async () => {
    const failed = [{ portalId: quiet, error: 'HubSpotUnauthorized' }];
    expect(await watch({ look: async () => ({ ...NOTHING, failed }) }, () => turns.settled.length > 0)).toEqual([]);
    expect(warnings).toMatchObject([[{ failed }, expect.any(String)]]);
  });

  it('looks at nothing while a person has paused the schedule', async () => {
    let looks = 0;
    const look = async () => {
      looks += 1;
      return NOTHING;
    };
    await watch({ look, isPaused: async () => true }, () => turns.settled.length > 0);
    expect(looks).toBe(0);
  });

  it('tries again within a minute where a look or a start failed', async () => {
    const look = () => Promise.reject(new Error('no database'));
    await watch({ look }, () => turns.settled.length > 0);
    expect(turns.settled[0]).toBeLessThanOrEqual(60_000);
    expect(warnings).toHaveLength(1);
  });

  it('ends at once in the midst of a look', async () => {
    let isLooking = false;
    const look = () => {
      isLooking = true;
      return new Promise<Looked>(() => undefined);
    };
    await watch({ look }, () => isLooking);
    expect(turns.settled).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it('goes on while the database is away, and waits where there is no portal to look through', async () => {
    turns.broken = true;
    await watch({}, () => warnings.length > 0);
    let asked = 0;
    const none = async () => {
      asked += 1;
      return [];
    };
    await watch({ turns: none }, () => asked > 0);
  });
});

it('spreads the turns of many batches over the interval', () => {
  const portals = Array.from({ length: 500 }, (_, n) =>
    settings({ portalId: String(1_000 + n) as PortalId, catchUpIntervalMs: 5 * 60_000 }),
  );
  const first = turnsOf(portals).map(({ firstInMs }) => firstInMs);
  expect(first).toHaveLength(5);
  expect(Math.max(...first)).toBeLessThan(5 * 60_000);
  const gaps = first.toSorted((a, b) => a - b).map((at, place, all) => at - (all[place - 1] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(20_000);
});
