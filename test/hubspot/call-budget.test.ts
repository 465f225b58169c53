import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { mostWithin } from '../../bench/windows.ts';
import { type Asker, type CallBudget, createCallBudget } from '../../src/hubspot/call-budget.ts';
import { type CallLedger, createLocalLedger, type Lease, type LeaseRequest } from '../../src/hubspot/call-ledger.ts';
import { HubSpotRateLimited } from '../../src/hubspot/errors.ts';

/** A ledger that gives what the test says, and remembers what it was asked for. */
const ledgerOf = (give: (request: LeaseRequest, nth: number) => Partial<Lease>, isDear = false) => {
  const asked: LeaseRequest[] = [];
  const closed: number[] = [];
  const ledger: CallLedger = {
    isDear,
    async lease(request) {
      asked.push(request);
      return { calls: 0, forMs: 500, retryInMs: 1, closedForMs: 0, ...give(request, asked.length) };
    },
    async close(ms) {
      closed.push(ms);
    },
  };
  return { ledger, asked, closed };
};

/** Takes a call as somebody, and notes in `order` when it may be made. */
const takes = (perSecond: number, ledger: CallLedger) => {
  let asker: Asker = { urgency: 2 };
  const order: unknown[] = [];
  const budget = createCallBudget({ perSecond, ledger, asker: () => asker });
  const take = (who: Asker, name: unknown = who.urgency): Promise<void> => {
    asker = who;
    return budget.take().then(() => void order.push(name));
  };
  return { budget, take, order };
};

const refusalOf = async (work: Promise<unknown>): Promise<HubSpotRateLimited> =>
  await work.then(
    () => {
      throw new Error('It was not refused');
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(HubSpotRateLimited);
      return error as HubSpotRateLimited;
    },
  );

describe('the calls of a portal', () => {
  it('never come closer than its limit, and use it', async () => {
    const { budget } = takes(5, createLocalLedger());
    const times: number[] = [];
    const make = async () => {
      await budget.take();
      times.push(performance.now());
    };
    await Promise.all(Array.from({ length: 5 }, make));
    await delay(300);
    await Promise.all(Array.from({ length: 5 }, make));
    expect(times).toHaveLength(10);
    expect(mostWithin(times, 1_000)).toBe(5);
  });

  it('go by their urgency, then as they came, and before all those of an answer that has begun', async () => {
    const { take, order } = takes(19, ledgerOf((_request, nth) => ({ calls: nth > 1 ? 1 : 0 })).ledger);
    const [work, catchUp] = [{}, {}];
    await take({ urgency: 3, work }, 'begins');
    await take({ urgency: 4, work: catchUp }, 'begins too');
    await Promise.all([
      take({ urgency: 4, work: catchUp }, 'has begun, and nobody waits for it'),
      take({ urgency: 5 }, 'sync'),
      take({ urgency: 4 }, 'catch-up'),
      take({ urgency: 2 }, 'reads'),
      take({ urgency: 1 }, 'posts'),
      take({ urgency: 2 }, 'reads too'),
      take({ urgency: 3, work }, 'has begun'),
    ]);
    expect(order).toEqual([
      ...['begins', 'begins too', 'has begun', 'posts', 'reads', 'reads too'],
      ...['has begun, and nobody waits for it', 'catch-up', 'sync'],
    ]);
  });

  it('leave a part of the limit to more urgent ones where they are a catch-up’s or a ticket property’s', async () => {
    const { ledger, asked } = ledgerOf(({ limits }) => ({ calls: limits.length }));
    const { take } = takes(20, ledger);
    await Promise.all([5, 4, 3, 2, 1].map((urgency) => take({ urgency })));
    expect(asked).toEqual([{ limits: [20, 20, 20, 15, 13], made: [] }]);
    const one = takes(1, ledger);
    await one.take({ urgency: 5 });
    expect(asked.at(-1)?.limits).toEqual([1]);
  });

  it('are asked for together where asking is dear, a few more than wanted where much is free', async () => {
    const { ledger, asked } = ledgerOf(({ limits }) => ({ calls: limits.length }), true);
    const { take } = takes(19, ledger);
    await Promise.all([1, 2, 3].map((urgency) => take({ urgency })));
    for (let call = 0; call < 3; call += 1) await take({ urgency: 2 });
    expect(asked.map(({ limits }) => limits)).toEqual([[19, 19, 19, 9, 9, 9]]);
    await take({ urgency: 5 });
    expect(asked.map(({ limits }) => limits.length)).toEqual([6, 4]);
    // The ledger hears when each of the last ones was made.
    expect(asked[1]?.made).toHaveLength(6);
  });

  it('are given back where they were not made in time', async () => {
    const { ledger, asked } = ledgerOf(({ limits }) => ({ calls: limits.length, forMs: 30 }), true);
    const { take } = takes(19, ledger);
    await take({ urgency: 2 });
    await delay(60);
    await take({ urgency: 2 });
    expect(asked).toHaveLength(2);
    expect(asked[1]?.made).toHaveLength(1);
  });
});

describe('a call whose turn does not come soon', () => {
  it('is refused, and says when it is worth while to come again: later for each that comes after it', async () => {
    const { take } = takes(2, ledgerOf(() => ({})).ledger);
    const waits = [take({ urgency: 2 }), take({ urgency: 2 })].map(refusalOf);
    const refused = await Promise.all([3, 4, 5].map(() => refusalOf(take({ urgency: 2 }))));
    const [first = 0, second = 0, third = 0] = refused.map(({ retryAfterMs }) => retryAfterMs);
    expect(first).toBeGreaterThanOrEqual(1_000);
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
    expect(third).toBeLessThanOrEqual(10_000);
    expect(refused[0]?.message).toMatch(/at most 2 are made each second/);
    // Those that wait are not left to wait for ever.
    for (const wait of waits) expect((await wait).retryAfterMs).toBeLessThanOrEqual(10_000);
  });

  it('makes room for a more urgent one', async () => {
    const { take } = takes(2, ledgerOf(() => ({})).ledger);
    const late = refusalOf(take({ urgency: 5 }));
    const others = [take({ urgency: 2 }), take({ urgency: 1 })].map(refusalOf);
    await late;
    expect(await Promise.race([...others, delay(100, 'they wait')])).toBe('they wait');
    await Promise.all(others);
  });

  it('is refused where the ledger fails, which a retry may find well again', async () => {
    const failing: CallLedger = {
      isDear: true,
      lease: () => Promise.reject(new Error('no such table')),
      close: async () => {},
    };
    const { take, budget } = takes(2, failing);
    expect((await refusalOf(take({ urgency: 2 }))).message).toBe('no such table');
    budget.refused(1);
  });
});

describe('a call that is now or never', () => {
  const nowOrNever = (work: object = {}): Asker => ({ urgency: 2, work, nowOrNever: true });

  it('is made at once, where much of the limit is free, and all of its work while any of it is', async () => {
    const { ledger, asked } = ledgerOf(({ limits }) => ({ calls: limits.length }));
    const { take, order } = takes(20, ledger);
    const work = {};
    await take(nowOrNever(work), 'first');
    await take(nowOrNever(work), 'second');
    expect(order).toEqual(['first', 'second']);
    expect(asked.map(({ limits }) => limits)).toEqual([[13], [20]]);
  });

  it('takes what was leased to spare, without another question', async () => {
    const { ledger, asked } = ledgerOf(({ limits }) => ({ calls: limits.length }), true);
    const { take } = takes(20, ledger);
    const work = {};
    for (let call = 0; call < 4; call += 1) await take(nowOrNever(work));
    expect(asked.map(({ limits }) => limits)).toEqual([[13, 10, 10, 10]]);
  });

  it('is refused at once, and never asked for again, where none is free', async () => {
    const { ledger, asked } = ledgerOf(() => ({ retryInMs: 1 }));
    const { take } = takes(20, ledger);
    expect((await refusalOf(take(nowOrNever()))).message).toMatch(/at most 20 are made each second/);
    await delay(30);
    expect(asked).toHaveLength(1);
  });

  it.each<Asker>([{ urgency: 1 }, { urgency: 5 }])('goes after all that wait: %j', async (other) => {
    let calls = 0;
    const { ledger, asked } = ledgerOf(() => ({ calls, retryInMs: 50 }));
    const { take, order } = takes(20, ledger);
    const waits = take(other, 'waited');
    await refusalOf(take(nowOrNever()));
    while (asked.length === 0) await delay(1);
    const { length } = asked;
    await refusalOf(take(nowOrNever()));
    expect(asked).toHaveLength(length);
    calls = 1;
    await waits;
    // Nobody asked for more than the one.
    expect(asked.every(({ limits }) => limits.length === 1)).toBe(true);
    await take(nowOrNever(), 'then');
    expect(order).toEqual(['waited', 'then']);
  });

  it('gives way to what comes while it is asked for', async () => {
    const answer = Promise.withResolvers<void>();
    const { ledger } = ledgerOf(() => ({ calls: 1 }));
    const slow: CallLedger = {
      ...ledger,
      lease: async (request) => {
        await answer.promise;
        return await ledger.lease(request);
      },
    };
    const { take, order } = takes(20, slow);
    const refused = refusalOf(take(nowOrNever()));
    await delay(5);
    const waits = take({ urgency: 5 }, 'waited');
    answer.resolve();
    await Promise.all([refused, waits]);
    expect(order).toEqual(['waited']);
  });

  it('that comes while another is asked for is asked for next', async () => {
    const { ledger, asked } = ledgerOf((_request, nth) => ({ calls: nth === 2 ? 1 : 0 }));
    const { take, order } = takes(20, ledger);
    const first = refusalOf(take(nowOrNever()));
    const second = new Promise<void>((resolve) => {
      const { lease } = ledger;
      ledger.lease = (request) => {
        ledger.lease = lease;
        resolve(take(nowOrNever(), 'second'));
        return lease(request);
      };
    });
    await Promise.all([first, second]);
    expect(order).toEqual(['second']);
    expect(asked).toHaveLength(2);
  });

  it('is refused where HubSpot has refused another, however soon that ends', async () => {
    const { take, budget } = takes(20, createLocalLedger());
    budget.refused(100);
    expect((await refusalOf(take(nowOrNever()))).message).toMatch(/^HubSpot has refused/);
  });

  it('never exceeds the limit together with others, nor keeps them waiting', async () => {
    const { take } = takes(10, createLocalLedger());
    const times: number[] = [];
    const made = (who: Asker) => take(who).then(() => void times.push(performance.now()));
    let refused = 0;
    const waited: Promise<void>[] = [];
    for (let step = 0; step < 200; step += 1) {
      if (step % 20 === 0) waited.push(made({ urgency: 2, work: {} }));
      await made(nowOrNever()).catch(() => {
        refused += 1;
      });
      await delay(10);
    }
    await Promise.all(waited);
    expect(refused).toBeGreaterThan(100);
    expect(times.length).toBeGreaterThan(waited.length);
    expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(10);
  });
});

describe('once HubSpot has refused a call', () => {
  const closedFor = async (ms: number): Promise<{ budget: CallBudget; take: ReturnType<typeof takes>['take'] }> => {
    const { ledger, closed } = ledgerOf(({ limits }, nth) => ({ calls: nth === 1 ? 0 : limits.length }), true);
    const { budget, take } = takes(19, ledger);
    const waits = refusalOf(take({ urgency: 1 }));
    budget.refused(ms);
    expect(closed).toEqual([ms]);
    expect((await waits).retryAfterMs).toBeGreaterThan(ms - 1_000);
    return { budget, take };
  };

  it('all others wait as long as it said', async () => {
    const { take } = await closedFor(7_000);
    for (const urgency of [1, 5]) {
      const { retryAfterMs, message } = await refusalOf(take({ urgency }));
      expect(retryAfterMs).toBeGreaterThan(6_000);
      expect(retryAfterMs).toBeLessThanOrEqual(7_000);
      expect(message).toMatch(/^HubSpot has refused/);
    }
  });

  it('the calls of other workers wait too, as the ledger says', async () => {
    const { take } = takes(19, ledgerOf(() => ({ closedForMs: 20_000 })).ledger);
    expect((await refusalOf(take({ urgency: 1 }))).retryAfterMs).toBeGreaterThan(19_000);
  });

  it('they go on after a short while by themselves', async () => {
    const { budget, take } = takes(19, createLocalLedger());
    budget.refused(150);
    const begin = performance.now();
    await take({ urgency: 2 });
    expect(performance.now() - begin).toBeGreaterThanOrEqual(149);
  });
});

it('keeps to HubSpot’s own word on the portal’s limit where that is lower', async () => {
  const { ledger, asked } = ledgerOf(({ limits }) => ({ calls: limits.length }));
  const { budget, take } = takes(19, ledger);
  budget.learn(100, 10_000);
  await take({ urgency: 1 });
  budget.learn(250, 10_000);
  await take({ urgency: 1 });
  expect(asked.map(({ limits }) => limits[0])).toEqual([10, 19]);
});
