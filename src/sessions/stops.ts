import type { Kysely } from 'kysely';
import type { PortalId } from '../hubspot/ids.ts';
import type { Database } from './schema.ts';

/** A stop holds for one of these: one portal, or all of them. */
export type StopScope = PortalId | 'all';

/** The AI is stopped there. */
export interface Stop {
  scope: StopScope;
  /** The one who stopped it, in their own words. */
  by: string;
  at: Date;
}

/** Nobody could look up whether a stop holds. What would be posted to a customer waits until it can be. */
export class StopUnknown extends Error {
  override readonly name = 'StopUnknown';

  constructor(cause: unknown) {
    super("Whether an operator has stopped the AI can't be looked up: the session database doesn't answer", { cause });
  }
}

/**
 * The emergency stop: while one holds, the AI posts nothing to customers, whatever the settings say. It survives
 * restarts, and every process sees it at once. Throws the driver's errors where nothing else is said.
 */
export interface Stops {
  /** Says whether the AI is stopped in this portal, by a stop of its own or of all. @throws {StopUnknown} */
  holds(portalId: PortalId): Promise<boolean>;
  /** Every stop, the oldest first. */
  list(): Promise<Stop[]>;
  /** False: it was stopped there already, and stays as it was. */
  stop(scope: StopScope, by: string): Promise<boolean>;
  /** False: it was not stopped there. A portal stays stopped while all are, and all keep the stops of their own. */
  release(scope: StopScope): Promise<boolean>;
}

export const createStops = (db: Kysely<Database>): Stops => ({
  async holds(portalId) {
    try {
      const row = await db
        .selectFrom('stops')
        .select('portal_id')
        .where('portal_id', 'in', [portalId, 'all'])
        .executeTakeFirst();
      return row !== undefined;
    } catch (error) {
      throw new StopUnknown(error);
    }
  },
  async list() {
    const rows = await db.selectFrom('stops').selectAll().orderBy('stopped_at').orderBy('portal_id').execute();
    return rows.map(({ portal_id, stopped_by, stopped_at }) => ({ scope: portal_id, by: stopped_by, at: stopped_at }));
  },
  async stop(scope, by) {
    const row = await db
      .insertInto('stops')
      .values({ portal_id: scope, stopped_by: by })
      .onConflict((conflict) => conflict.doNothing())
      .returning('portal_id')
      .executeTakeFirst();
    return row !== undefined;
  },
  async release(scope) {
    const row = await db.deleteFrom('stops').where('portal_id', '=', scope).returning('portal_id').executeTakeFirst();
    return row !== undefined;
  },
});
