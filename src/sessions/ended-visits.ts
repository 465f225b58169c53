import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** Visits of the desk that were ended before their time, for all processes. Throws the driver's errors. */
export interface EndedVisits {
  /** `until`: when it would have ended anyway, in ms since the epoch. */
  add(id: string, until: number): Promise<void>;
  has(id: string): Promise<boolean>;
}

/** `now`: ms since the epoch. */
export const createEndedVisits = (db: Kysely<Database>, now: () => number = Date.now): EndedVisits => ({
  async add(id, until) {
    await db.deleteFrom('ended_visits').where('until', '<', new Date(now())).execute();
    await db
      .insertInto('ended_visits')
      .values({ id, until: new Date(until) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },
  async has(id) {
    const row = await db.selectFrom('ended_visits').select('id').where('id', '=', id).executeTakeFirst();
    return row !== undefined;
  },
});
