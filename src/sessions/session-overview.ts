import { type Kysely, sql } from 'kysely';
import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import type { Database } from './schema.ts';
import type { SessionMode, Silence } from './store.ts';

/** The state of a thread now: a silence that goes on, else who speaks. */
export type SessionState = SessionMode | Silence;

/** One thread, without a word of what was written on it. */
export interface SessionAtAGlance {
  portalId: PortalId;
  threadId: ThreadId;
  state: SessionState;
  /** When a message of the thread was looked at last, or someone took it over. */
  activeAt: Date;
}

export interface SessionOverview {
  counts: { portalId: PortalId; state: SessionState; count: number }[];
  /** These were active last, the newest first. */
  latest: SessionAtAGlance[];
}

/** Reads how the sessions stand at a moment (ms since the epoch). Throws the driver's errors. */
export const readSessions = async (
  db: Kysely<Database>,
  { now, limit }: { now: number; limit: number },
): Promise<SessionOverview> => {
  const state = sql<SessionState>`
    case when silenced is not null and (silenced_until is null or silenced_until > ${now}::bigint)
      then silenced else mode end
  `;
  const counted = db
    .selectFrom((from) =>
      from
        .selectFrom('sessions')
        .select(['portal_id', state.as('state')])
        .as('states'),
    )
    .select(['portal_id as portalId', 'state', sql<number>`count(*)::int`.as('count')])
    .groupBy(['portal_id', 'state'])
    .orderBy('portal_id')
    .execute();
  const latest = db
    .selectFrom('sessions')
    .select(['portal_id as portalId', 'thread_id as threadId', state.as('state'), 'active_at as activeAt'])
    .orderBy('active_at', 'desc')
    .limit(limit)
    .execute();
  const [counts, newest] = await Promise.all([counted, latest]);
  return { counts, latest: newest };
};
