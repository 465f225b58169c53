import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';
import type { AiStanding, AskedCall, UsageStore } from './usage.ts';

// Sums of bigints are numerics, which both drivers read as text; a double is exact up to 2^53.
const total = (column: 'input_tokens' | 'output_tokens' | 'cost') =>
  sql<number>`coalesce(sum(${sql.ref(column)}), 0)::float8`;

const totals = [
  total('input_tokens').as('inputTokens'),
  total('output_tokens').as('outputTokens'),
  total('cost').as('cost'),
] as const;

const HOUR_MS = 60 * 60_000;
/** A call's attempt ends within 90 s: what says nothing for so long has died. */
const LOST_AFTER_MS = 3 * 60_000;
/** Longer than any day or hour that is asked about. */
const KEPT_MS = 48 * HOUR_MS;

type Asked = Pick<AskedCall, 'portalId' | 'day' | 'at'>;

/** Gives what the portal's calls of the day have cost, with what those may have cost that nobody has reported. */
const spent = ({ portalId, day, at }: Asked) => sql<number>`(
  coalesce((select sum(cost) from ai_calls where portal_id = ${portalId} and day = ${day}::date), 0)
  + coalesce((
    select sum(case when settled then held when asked_at < ${at - LOST_AFTER_MS}::bigint then if_lost else 0 end)
    from ai_admissions where portal_id = ${portalId} and day = ${day}::date
  ), 0)
)::float8`;

const held = ({ portalId, day, at }: Asked) => sql<number>`coalesce((
  select sum(held) from ai_admissions
  where portal_id = ${portalId} and day = ${day}::date
    and not settled and asked_at >= ${at - LOST_AFTER_MS}::bigint
), 0)::float8`;

const callsInHour = ({ portalId, askers, at }: Pick<AskedCall, 'portalId' | 'askers' | 'at'>) => sql<number>`coalesce((
  select max(count) from (
    select count(*)::int as count from ai_admissions, unnest(askers) asker
    where portal_id = ${portalId} and asked_at > ${at - HOUR_MS}::bigint and asker = any(${[...askers]}::text[])
    group by asker
  ) each_asker
), 0)`;

const standing = (asked: Pick<AskedCall, 'portalId' | 'day' | 'askers' | 'at'>) =>
  sql<AiStanding>`select ${spent(asked)} as spent, ${held(asked)} as held, ${callsInHour(asked)} as calls`;

/** The {@link UsageStore} in SQL, one statement a call; but what lets a call through takes its turn first. */
export const createSqlUsageStore = (db: Kysely<Database>): UsageStore => ({
  admitAiCall: (call, { ceiling, callsPerHour }) =>
    db.transaction().execute(async (turn) => {
      // Counting and letting through are one step for all who count the same: the others wait here.
      const counted = ceiling === null ? call.askers[0] : '';
      await sql`select pg_advisory_xact_lock(hashtextextended(${`ai-calls ${call.portalId} ${counted}`}, 0))`.execute(
        turn,
      );
      const { rows } = await standing(call).execute(turn);
      const { spent, held, calls } = rows[0] as AiStanding;
      if (ceiling !== null && spent >= ceiling) return 'over-ceiling';
      if (calls >= callsPerHour) return 'over-calls';
      if (ceiling !== null && spent + held >= ceiling) return 'busy';
      await turn
        .with('old', (db) =>
          db
            .deleteFrom('ai_admissions')
            .where('portal_id', '=', call.portalId)
            .where('asked_at', '<', call.at - KEPT_MS),
        )
        .insertInto('ai_admissions')
        .values({
          call_id: call.callId,
          portal_id: call.portalId,
          askers: [...call.askers],
          asked_at: call.at,
          day: call.day,
          held: call.held,
          if_lost: call.ifLost,
        })
        .onConflict((conflict) => conflict.column('call_id').doNothing())
        .execute();
      return 'admitted';
    }),

  async settleAiCall(callId, unrecorded) {
    await db
      .updateTable('ai_admissions')
      .set({ settled: true, held: unrecorded })
      .where('call_id', '=', callId)
      .execute();
  },

  async releaseAiCall(callId) {
    await db.deleteFrom('ai_admissions').where('call_id', '=', callId).execute();
  },

  async aiStanding(asked) {
    const { rows } = await standing(asked).execute(db);
    return rows[0] as AiStanding;
  },

  recordAiCall: ({ callId, portalId, threadId, day, inputTokens, outputTokens, cost }) =>
    db
      .with('recorded', (db) =>
        db
          .insertInto('ai_calls')
          .values({
            call_id: callId,
            portal_id: portalId,
            thread_id: threadId,
            day,
            input_tokens: inputTokens,
            output_tokens: outputTokens,
            cost,
          })
          .onConflict((conflict) => conflict.column('call_id').doNothing())
          .returning(['input_tokens', 'output_tokens', 'cost']),
      )
      .with('settled', (db) =>
        db.updateTable('ai_admissions').set({ settled: true, held: 0 }).where('call_id', '=', callId),
      )
      // A statement doesn't see what it inserts itself.
      .selectFrom((db) =>
        db
          .selectFrom('ai_calls')
          .select(['input_tokens', 'output_tokens', 'cost'])
          .where('portal_id', '=', portalId)
          .where('thread_id', '=', threadId)
          .unionAll(db.selectFrom('recorded').select(['input_tokens', 'output_tokens', 'cost']))
          .as('calls'),
      )
      .select(totals)
      .executeTakeFirstOrThrow(),

  async spentOn(portalId, day) {
    const { rows } = await sql<{ spent: number }>`select ${spent({ portalId, day, at: Date.now() })} as spent`.execute(
      db,
    );
    return rows[0]?.spent ?? 0;
  },

  usageByDay: (since) =>
    db
      .selectFrom('ai_calls')
      .select([
        'portal_id as portalId',
        sql<string>`day::text`.as('day'),
        sql<number>`count(*)::int`.as('calls'),
        sql<number>`count(distinct thread_id)::int`.as('threads'),
        ...totals,
      ])
      .where('day', '>=', since)
      .groupBy(['portal_id', 'day'])
      .orderBy('day', 'desc')
      .orderBy('portal_id')
      .execute(),

  dearestThreads: (since, limit) =>
    db
      .selectFrom('ai_calls')
      .select(['portal_id as portalId', 'thread_id as threadId', sql<number>`count(*)::int`.as('calls'), ...totals])
      .where('day', '>=', since)
      .groupBy(['portal_id', 'thread_id'])
      .orderBy(total('cost'), 'desc')
      .orderBy(sql`sum(input_tokens + output_tokens)`, 'desc')
      .orderBy('thread_id')
      .limit(limit)
      .execute(),
});
