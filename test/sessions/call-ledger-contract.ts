import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { type OpenDatabase, openDatabase } from '../../src/sessions/open-session-store.ts';
import { createSqlCallLedger } from '../../src/sessions/sql-call-ledger.ts';

const times = (count: number, limit: number): number[] => Array.from({ length: count }, () => limit);

/** What the ledger of several workers does. `url`: of an empty database, which two open as two workers do. */
export const describeCallLedger = (url: () => Promise<string>): void =>
  describe('the calls that workers may make together', () => {
    let workers: [OpenDatabase, OpenDatabase];
    let databaseUrl: string;
    let portals = 62_515;
    const troubles: unknown[] = [];
    const ledgers = () => {
      portals += 1;
      return workers.map(({ db }) =>
        createSqlCallLedger(db, String(portals) as PortalId, { onTrouble: (error) => troubles.push(error) }),
      ) as [ReturnType<typeof createSqlCallLedger>, ReturnType<typeof createSqlCallLedger>];
    };

    beforeAll(async () => {
      databaseUrl = await url();
      const open = () => openDatabase({ databaseUrl, dataDir: '/nowhere' });
      workers = [await open(), await open()];
    });
    afterAll(() => Promise.all(workers.map((worker) => worker.close())));

    it('are never more than the limit, whoever asks first', async () => {
      const [one, other] = ledgers();
      const leases = await Promise.all(
        Array.from({ length: 6 }, (_, turn) => (turn % 2 ? one : other).lease({ limits: times(5, 19), made: [] })),
      );
      expect(leases.map(({ calls }) => calls).reduce((sum, calls) => sum + calls)).toBe(19);
      expect(troubles).toEqual([]);
    });

    it('are given back where they were not made, and count as made where they were', async () => {
      const [one, other] = ledgers();
      expect(await one.lease({ limits: times(10, 10), made: [] })).toMatchObject({ calls: 10, closedForMs: 0 });
      expect(await other.lease({ limits: times(3, 10), made: [] })).toMatchObject({ calls: 0 });
      expect(await one.lease({ limits: [], made: times(4, 5) })).toMatchObject({ calls: 0 });
      expect(await other.lease({ limits: times(10, 10), made: [] })).toMatchObject({ calls: 6 });
    });

    it('stay counted when another worker asks for the first time', async () => {
      const [one, other] = ledgers();
      await one.lease({ limits: times(4, 5), made: [] });
      await one.lease({ limits: [], made: times(4, 0) });
      expect(await other.lease({ limits: times(4, 5), made: [] })).toMatchObject({ calls: 1 });
    });

    it('are fewer for those that leave a part to others', async () => {
      const [one, other] = ledgers();
      await one.lease({ limits: times(4, 10), made: [] });
      expect(await other.lease({ limits: [10, 6, 6], made: [] })).toMatchObject({ calls: 2 });
    });

    it('are everybody’s again soon after a worker died with them', async () => {
      const [dead, alive] = ledgers();
      await dead.lease({ limits: times(10, 10), made: [] });
      const { calls, retryInMs } = await alive.lease({ limits: [10], made: [] });
      expect(calls).toBe(0);
      expect(retryInMs).toBeGreaterThan(1_000);
      expect(retryInMs).toBeLessThan(2_000);
      await delay(retryInMs);
      expect(await alive.lease({ limits: times(3, 10), made: [] })).toMatchObject({ calls: 3 });
    });

    it('are none for anybody while HubSpot refuses them, and the longest refusal counts', async () => {
      const [one, other] = ledgers();
      await one.close(60_000);
      await one.close(1_000);
      const { calls, closedForMs } = await other.lease({ limits: [19], made: [] });
      expect(calls).toBe(0);
      expect(closedForMs).toBeGreaterThan(50_000);
      expect(closedForMs).toBeLessThanOrEqual(60_000);
    });

    it('are none at first while the database does not answer, and then a quarter of the limit for each worker', async () => {
      const gone = await openDatabase({ databaseUrl, dataDir: '/nowhere' });
      await gone.close();
      const ledger = (silentMs?: number) =>
        createSqlCallLedger(gone.db, '1' as PortalId, {
          onTrouble: (error) => troubles.push(error),
          ...(silentMs === undefined ? {} : { silentMs }),
        });
      troubles.length = 0;
      const first = ledger();
      // The others may use the whole limit meanwhile.
      for (let turn = 0; turn < 2; turn += 1) {
        const { calls, retryInMs } = await first.lease({ limits: times(19, 19), made: [] });
        expect(calls).toBe(0);
        expect(retryInMs).toBeGreaterThan(0);
      }
      const one = ledger(0);
      expect(await one.lease({ limits: times(19, 19), made: [] })).toMatchObject({ calls: 4 });
      expect(await one.lease({ limits: times(19, 19), made: times(4, 0) })).toMatchObject({ calls: 0 });
      // It is said once.
      expect(troubles).toHaveLength(2);
      await one.close(1_000);
      expect(troubles).toHaveLength(3);
      expect(await one.lease({ limits: [19], made: [] })).toMatchObject({ calls: 0 });
      expect(await ledger(0).lease({ limits: times(2, 1), made: [] })).toMatchObject({ calls: 1 });
    });
  });
