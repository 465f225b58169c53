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

    it('are forgotten where nobody looks any more', async () => {
      await catchUps.keepOnly([another, unknown]);
      expect(await catchUps.of([one, another])).toMatchObject([{ portalId: another }]);
      await catchUps.keepOnly([]);
      expect(await catchUps.of([one, another])).toEqual([]);
    });
  });
