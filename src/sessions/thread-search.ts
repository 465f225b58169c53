import { type Kysely, sql } from 'kysely';
import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import type { Database } from './schema.ts';
import type { SessionState } from './session-overview.ts';

/** Who speaks on a thread. */
export interface ThreadSpeaker {
  portalId: PortalId;
  threadId: ThreadId;
  state: SessionState;
}

/** The state of a session now. `now`: ms since the epoch. */
const stateAt = (now: number) => sql<SessionState>`
  case when silenced is not null and (silenced_until is null or silenced_until > ${now}::bigint)
    then silenced else mode end
`;

/** Who speaks on these threads; those that nobody has a session of are left out. */
export const speakersOf = async (
  db: Kysely<Database>,
  threads: readonly ThreadId[],
  now: number,
): Promise<ThreadSpeaker[]> =>
  threads.length === 0
    ? []
    : await db
        .selectFrom('sessions')
        .select(['portal_id as portalId', 'thread_id as threadId', stateAt(now).as('state')])
        .where('thread_id', 'in', threads)
        .execute();

/** The threads on which somebody speaks, those that were active last, at most `limit`. */
export const threadsSpokenOnBy = async (
  db: Kysely<Database>,
  state: SessionState,
  { now, limit }: { now: number; limit: number },
): Promise<ThreadId[]> => {
  const rows = await db
    .selectFrom('sessions')
    .select('thread_id as threadId')
    .where(stateAt(now), '=', state)
    .orderBy('active_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ threadId }) => threadId);
};

/**
 * The threads on which the AI answered, and an agent wrote or took over within `withinMs` after that: where it may have
 * been wrong. The newest first, at most `limit`, of answers since then (ms).
 */
export const correctedThreads = async (
  db: Kysely<Database>,
  { since, withinMs, limit }: { since: number; withinMs: number; limit: number },
): Promise<ThreadId[]> => {
  const { rows } = await sql<{ threadId: ThreadId }>`
    select thread_id as "threadId", max(taken_at) as latest from turns
    where outcome = 'replied' and taken_at >= to_timestamp(${since}::float8 / 1000)
      and agent_wrote_at::float8 <= extract(epoch from taken_at) * 1000 + ${withinMs}::float8
    group by thread_id order by latest desc limit ${limit}
  `.execute(db);
  return rows.map(({ threadId }) => threadId);
};
