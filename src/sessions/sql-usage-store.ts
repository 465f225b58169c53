import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';
import type { UsageStore } from './usage.ts';

// Sums of bigints are numerics, which both drivers read as text; a double is exact up to 2^53.
const total = (column: 'input_tokens' | 'output_tokens' | 'cost') =>
  sql<number>`coalesce(sum(${sql.ref(column)}), 0)::float8`;

const totals = [
  total('input_tokens').as('inputTokens'),
  total('output_tokens').as('outputTokens'),
  total('cost').as('cost'),
] as const;

/** The {@link UsageStore} in SQL, one statement a call. */
export const createSqlUsageStore = (db: Kysely<Database>): UsageStore => ({
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
    const { cost } = await db
      .selectFrom('ai_calls')
      .select(total('cost').as('cost'))
      .where('portal_id', '=', portalId)
      .where('day', '=', day)
      .executeTakeFirstOrThrow();
    return cost;
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
