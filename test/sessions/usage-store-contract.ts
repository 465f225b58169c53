import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { AiCall, AiCallLimits, AskedCall, UsageStore } from '../../src/sessions/usage.ts';

const thread = (name: string) => name as ThreadId;

let calls = 0;

/** What every session store promises about what the AI took. */
export const describeUsageStore = (opened: () => UsageStore): void => {
  describe('counts what the AI took:', () => {
    /** Nobody else's. */
    let portalId: PortalId;
    const newPortal = (): PortalId => {
      calls += 1;
      portalId = String(7_000_000 + calls) as PortalId;
      return portalId;
    };
    const call = (changes: Partial<AiCall> = {}) => {
      calls += 1;
      const call: AiCall = {
        callId: `call-${calls}`,
        portalId,
        threadId: thread('1'),
        day: '2026-01-31',
        inputTokens: 1_000,
        outputTokens: 10,
        cost: 3_150,
        ...changes,
      };
      return opened().recordAiCall(call);
    };

    it('each call once, and says what its thread has taken so far', async () => {
      newPortal();
      expect(await call({ callId: `${portalId}:a` })).toEqual({ inputTokens: 1_000, outputTokens: 10, cost: 3_150 });
      expect(await call({ callId: `${portalId}:a` })).toEqual({ inputTokens: 1_000, outputTokens: 10, cost: 3_150 });
      expect(await call({ callId: `${portalId}:b`, day: '2026-02-01' })).toMatchObject({ cost: 6_300 });
      expect(await call({ threadId: thread('2') })).toMatchObject({ cost: 3_150 });
    });

    it('by portal and day, the newest day first', async () => {
      const first = newPortal();
      await call();
      await call({ threadId: thread('2') });
      await call({ threadId: thread('2'), day: '2026-02-01' });
      const second = newPortal();
      await call();
      const ours = (await opened().usageByDay('2026-01-31')).filter((row) => [first, second].includes(row.portalId));
      const one = { inputTokens: 1_000, outputTokens: 10, cost: 3_150, calls: 1, threads: 1 };
      expect(ours).toEqual([
        { portalId: first, day: '2026-02-01', ...one },
        { portalId: first, day: '2026-01-31', inputTokens: 2_000, outputTokens: 20, cost: 6_300, calls: 2, threads: 2 },
        { portalId: second, day: '2026-01-31', ...one },
      ]);
      expect(await opened().usageByDay('2026-02-02')).toEqual([]);
    });

    it('for one portal’s day alone, where a budget asks', async () => {
      newPortal();
      expect(await opened().spentOn(portalId, '2026-01-31')).toBe(0);
      await call();
      await call({ threadId: thread('2') });
      await call({ day: '2026-02-01' });
      expect(await opened().spentOn(portalId, '2026-01-31')).toBe(6_300);
      expect(await opened().spentOn('1' as PortalId, '2026-01-31')).toBe(0);
    });

    it('tokens alone, where no prices are set', async () => {
      newPortal();
      expect(await call({ cost: null })).toEqual({ inputTokens: 1_000, outputTokens: 10, cost: 0 });
      expect(await opened().spentOn(portalId, '2026-01-31')).toBe(0);
    });

    it('numbers beyond 2^31, and sums of them', async () => {
      newPortal();
      await call({ inputTokens: 1_000_000_000, outputTokens: 1_000_000_000, cost: 90_000_000_000 });
      const sum = await call({ inputTokens: 2_000_000_000, outputTokens: 2_000_000_000, cost: 90_000_000_000 });
      expect(sum).toEqual({ inputTokens: 3_000_000_000, outputTokens: 3_000_000_000, cost: 180_000_000_000 });
    });

    it('the threads that took most, the dearest first', async () => {
      newPortal();
      const day = '2999-01-01';
      await call({ day, threadId: thread('1'), cost: 5 });
      await call({ day, threadId: thread('2'), cost: 3 });
      await call({ day, threadId: thread('2'), cost: 3 });
      await call({ day, threadId: thread('3'), cost: null, inputTokens: 9_999 });
      const dearest = await opened().dearestThreads(day, 2);
      expect(dearest.map(({ threadId, calls, cost }) => [threadId, calls, cost])).toEqual([
        ['2', 2, 6],
        ['1', 1, 5],
      ]);
    });

    it('each of twenty that come at once', async () => {
      newPortal();
      await Promise.all(Array.from({ length: 20 }, () => call({ cost: 1 })));
      expect(await opened().spentOn(portalId, '2026-01-31')).toBe(20);
    });
  });

  describe('lets calls of the AI through:', () => {
    const AT = Date.parse('2026-01-31T12:00:00Z');
    const UNLIMITED = { ceiling: null, callsPerHour: 1_000 };
    let portalId: PortalId;
    const asked = (changes: Partial<AskedCall> = {}): AskedCall => {
      calls += 1;
      return {
        ...{
          callId: `asked-${calls}`,
          portalId,
          askers: ['contact'],
          at: AT,
          day: '2026-01-31',
          held: 100,
          ifLost: 30,
        },
        ...changes,
      };
    };
    const admit = (changes: Partial<AskedCall> = {}, limits: Partial<AiCallLimits> = {}) =>
      opened().admitAiCall(asked(changes), { ...UNLIMITED, ...limits });
    const record = (callId: string, cost: number) =>
      opened().recordAiCall({
        ...{ callId, portalId, threadId: thread('1'), day: '2026-01-31', inputTokens: 1, outputTokens: 1, cost },
      });
    const standing = (at = AT, askers: AskedCall['askers'] = ['contact']) =>
      opened().aiStanding({ portalId, day: '2026-01-31', at, askers });
    beforeEach(() => {
      calls += 1;
      portalId = String(8_000_000 + calls) as PortalId;
    });

    it('as many as fit below the ceiling with what each may cost, however many come at once', async () => {
      const verdicts = await Promise.all(Array.from({ length: 12 }, () => admit({}, { ceiling: 250 })));
      expect(verdicts.filter((verdict) => verdict === 'admitted')).toHaveLength(3);
      expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(9);
      expect(await standing()).toMatchObject({ spent: 0, held: 300 });
    });

    it('and more once those have cost less than they might, until the ceiling is spent', async () => {
      await admit({ callId: `${portalId}:a` }, { ceiling: 100 });
      expect(await admit({}, { ceiling: 100 })).toBe('busy');
      await record(`${portalId}:a`, 99);
      expect(await standing()).toMatchObject({ spent: 99, held: 0 });
      expect(await admit({ callId: `${portalId}:b` }, { ceiling: 100 })).toBe('admitted');
      await record(`${portalId}:b`, 99);
      expect(await admit({}, { ceiling: 100 })).toBe('over-ceiling');
      expect(await opened().spentOn(portalId, '2026-01-31')).toBe(198);
      expect(await admit({ day: '2026-02-01' }, { ceiling: 100 })).toBe('admitted');
    });

    it('none but one portal’s counts there', async () => {
      await admit({}, { ceiling: 50 });
      expect(await admit({}, { ceiling: 50 })).toBe('busy');
      portalId = `${portalId}0` as PortalId;
      expect(await admit({}, { ceiling: 50 })).toBe('admitted');
    });

    it('and counts what nobody tells of as what it may have cost', async () => {
      await admit({ callId: `${portalId}:a` });
      await opened().settleAiCall(`${portalId}:a`, 20);
      expect(await standing()).toMatchObject({ spent: 20, held: 0, calls: 1 });
      await admit({ callId: `${portalId}:b` });
      // Its process has died.
      expect(await standing(AT + 4 * 60_000)).toMatchObject({ spent: 50, held: 0, calls: 2 });
      expect(await opened().spentOn(portalId, '2026-01-31')).toBe(50);
    });

    it('so many within an hour for each of those for whom they are, however many come at once', async () => {
      const ask = (askers: AskedCall['askers'], at = AT) => admit({ askers, at }, { callsPerHour: 3 });
      const verdicts = await Promise.all(Array.from({ length: 8 }, () => ask(['contact', 'thread'])));
      expect(verdicts.filter((verdict) => verdict === 'admitted')).toHaveLength(3);
      expect(await ask(['contact', 'another thread'])).toBe('over-calls');
      expect(await ask(['another contact', 'thread'])).toBe('over-calls');
      expect(await ask(['another contact', 'another thread'])).toBe('admitted');
      expect(await ask(['contact', 'thread'], AT + 60 * 60_000)).toBe('admitted');
      expect(await standing(AT, ['contact'])).toMatchObject({ calls: 4 });
    });

    it('but those that were released', async () => {
      await admit({ callId: `${portalId}:a` }, { ceiling: 50 });
      await opened().releaseAiCall(`${portalId}:a`);
      expect(await standing()).toEqual({ spent: 0, held: 0, calls: 0 });
    });
  });
};
