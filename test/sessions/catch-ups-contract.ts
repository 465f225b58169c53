import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { type CatchUps, type CaughtUp, createCatchUps } from '../../src/sessions/catch-ups.ts';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';

const [one, another, unknown] = ['62515', '62516', '62517'] as PortalId[] as [PortalId, PortalId, PortalId];
const at = (time: string): string => `2026-01-01T${time}:00.000Z`;

/** What every database has to do. */
export const describeCatchUps = (name: string, open: () => Promise<OpenDatabase>): void =>
  describe(`catch-ups in ${name}`, () => {
    let database: OpenDatabase;
    let catchUps: CatchUps;
    const known = async (portalId: PortalId): Promise<CaughtUp | undefined> => (await catchUps.of([portalId]))[0];

    beforeAll(async () => {
      database = await open();
      catchUps = createCatchUps(database.db);
    });
    afterAll(() => database.close());

    it('begin once for each portal', async () => {
      await catchUps.begin([]);
      await catchUps.begin([one, another].map((portalId) => ({ portalId, since: at('10:00') })));
      await catchUps.begin([{ portalId: one, since: at('11:00') }]);
      expect(await known(one)).toEqual({ portalId: one, checkedUntil: at('10:00'), lookedAt: null, newsAt: null });
      expect(await catchUps.of([one, another, unknown])).toHaveLength(2);
    });

    it('take the first look for news, go on, and never go back', async () => {
      await catchUps.note([
        { portalId: one, at: at('12:00'), hadNews: false, checkedUntil: at('11:55') },
        { portalId: another, at: at('12:00'), hadNews: true },
        { portalId: unknown, at: at('12:00'), hadNews: true },
      ]);
      const looked = { lookedAt: at('12:00'), newsAt: at('12:00') };
      expect(await known(one)).toEqual({ portalId: one, checkedUntil: at('11:55'), ...looked });
      expect(await known(another)).toEqual({ portalId: another, checkedUntil: at('10:00'), ...looked });
      expect(await known(unknown)).toBeUndefined();
      await catchUps.note([{ portalId: one, at: at('13:00'), hadNews: false, checkedUntil: at('11:00') }]);
      expect(await known(one)).toMatchObject({ checkedUntil: at('11:55'), lookedAt: at('13:00'), newsAt: at('12:00') });
      await catchUps.note([{ portalId: one, at: at('14:00'), hadNews: true }]);
      expect(await known(one)).toMatchObject({ checkedUntil: at('11:55'), newsAt: at('14:00') });
      await catchUps.advance(one, at('13:30'));
      await catchUps.advance(one, at('13:10'));
      expect(await known(one)).toMatchObject({ checkedUntil: at('13:30') });
      await catchUps.note([]);
    });

    it('believe no clock that is ahead: what is still to come has been looked at by nobody', async () => {
      const portalId = '62599' as PortalId;
      const ahead = new Date(Date.now() + 3_600_000).toISOString();
      await catchUps.begin([{ portalId, since: at('10:00') }]);
      await catchUps.note([{ portalId, at: ahead, hadNews: true, checkedUntil: ahead }]);
      await catchUps.advance(portalId, ahead);
      const { checkedUntil, lookedAt, newsAt } = (await known(portalId)) ?? {};
      for (const time of [checkedUntil, lookedAt, newsAt])
        expect(Date.parse(time ?? '')).toBeLessThan(Date.now() + 1_800_000);
      await catchUps.note([{ portalId, at: ahead, hadNews: false }]);
      expect((await known(portalId))?.checkedUntil).toBe(checkedUntil);
    });

    it('are looked for in turn: by one worker at a time, and never twice within a time', async () => {
      const every = 60 * 60_000;
      const turn = (batch: number, changes: { everyMs?: number; firstInMs?: number } = {}) => ({
        ...{ batch, everyMs: every, firstInMs: 0 },
        ...changes,
      });
      const inMs = async (...turns: ReturnType<typeof turn>[]) => {
        const found = await catchUps.takeTurn(turns);
        return 'inMs' in found ? found.inMs : -1;
      };
      expect(await inMs()).toBeGreaterThan(0);
      const later = turn(3, { firstInMs: 30_000 });
      expect(await inMs(later)).toBeGreaterThan(29_000);
      const taken = await Promise.all([1, 2, 3].map(() => catchUps.takeTurn([turn(1), turn(2), later])));
      expect(taken.flatMap((one) => ('batch' in one ? [one.batch] : [])).sort()).toEqual([1, 2]);
      // A worker that dies with a turn keeps others from it for ten minutes.
      expect(await inMs(turn(1))).toBeGreaterThan(9 * 60_000);
      expect(await inMs(turn(1))).toBeLessThanOrEqual(10 * 60_000);
      await catchUps.settleTurn(1, 0);
      expect(await catchUps.takeTurn([turn(1)])).toEqual({ batch: 1 });
      await catchUps.settleTurn(1, every);
      expect(await inMs(turn(1), turn(2))).toBeLessThanOrEqual(10 * 60_000);
      expect(await inMs(turn(1))).toBeGreaterThan(every - 60_000);
      // The settings want it sooner now.
      expect(await catchUps.takeTurn([turn(1, { everyMs: 15 * 60_000 })])).toEqual({ batch: 1 });
    });

    it('are forgotten where nobody looks any more', async () => {
      await catchUps.keepOnly([another, unknown]);
      expect(await catchUps.of([one, another])).toMatchObject([{ portalId: another }]);
      await catchUps.keepOnly([]);
      expect(await catchUps.of([one, another])).toEqual([]);
    });
  });
