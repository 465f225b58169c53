import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PortalId } from '../../src/hubspot/ids.ts';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';
import { createStops, type Stops, StopUnknown } from '../../src/sessions/stops.ts';

const [one, another] = ['62515', '62516'] as [PortalId, PortalId];

/** What every database has to do. */
export const describeStops = (name: string, open: () => Promise<OpenDatabase>): void =>
  describe(`stops in ${name}`, () => {
    let database: OpenDatabase;
    let stops: Stops;
    const held = async () => [await stops.holds(one), await stops.holds(another)];

    beforeAll(async () => {
      database = await open();
      stops = createStops(database.db);
    });
    afterAll(() => database.close());

    it('stops one portal until its stop ends', async () => {
      expect(await held()).toEqual([false, false]);
      expect(await stops.stop(one, 'Kim')).toBe(true);
      expect(await held()).toEqual([true, false]);
      expect(await stops.release(one)).toBe(true);
      expect(await held()).toEqual([false, false]);
      expect(await stops.release(one)).toBe(false);
    });

    it('stops every portal, and a portal’s own stop outlasts that one', async () => {
      await stops.stop(one, 'Kim');
      await stops.stop('all', 'Lee');
      expect(await held()).toEqual([true, true]);
      await stops.release('all');
      expect(await held()).toEqual([true, false]);
      await stops.release(one);
    });

    it('keeps who stopped first', async () => {
      await stops.stop('all', 'Kim');
      expect(await stops.stop('all', 'Lee')).toBe(false);
      expect(await stops.list()).toEqual([{ scope: 'all', by: 'Kim', at: expect.any(Date) }]);
      await stops.release('all');
      expect(await stops.list()).toEqual([]);
    });

    it('is seen by whoever opens the database later', async () => {
      await stops.stop(another, 'Kim');
      expect(await createStops(database.db).holds(another)).toBe(true);
      await stops.release(another);
    });

    it('says in its own words that the database is away', async () => {
      const away = createStops({
        selectFrom: () => {
          throw new Error('connection refused');
        },
      } as never);
      await expect(away.holds(one)).rejects.toThrow(StopUnknown);
    });
  });
