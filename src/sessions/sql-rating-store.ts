import { type Kysely, sql } from 'kysely';
import type { RatingCount, RatingStore } from './ratings.ts';
import type { Database } from './schema.ts';
import { storable } from './storable.ts';

/** HubSpot's clock may be so much behind the database's, in ms. */
const CLOCKS_MS = 60_000;

/** The {@link RatingStore} in SQL. Each call is one statement. */
export const createSqlRatingStore = (db: Kysely<Database>): RatingStore => ({
  async lastReply(portalId, threadId) {
    const row = await db
      .selectFrom('turns')
      .select([
        'answered_message_id',
        'language',
        sql<number>`(extract(epoch from taken_at) * 1000)::float8`.as('taken_ms'),
      ])
      .where('portal_id', '=', portalId)
      .where('thread_id', '=', threadId)
      .where('outcome', '=', 'replied')
      .orderBy('taken_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? { answeredMessageId: row.answered_message_id, at: row.taken_ms, language: row.language } : null;
  },

  async noteAsk({ portalId, threadId, answeredMessageId, workflowId, channel }) {
    const row = await db
      .insertInto('ratings')
      .values({
        portal_id: portalId,
        thread_id: threadId,
        answered_message_id: answeredMessageId,
        workflow_id: workflowId,
        channel: storable(channel),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['portal_id', 'thread_id', 'answered_message_id'])
          // Changes nothing, but gives the row back to the run that has asked before.
          .doUpdateSet({ workflow_id: sql`excluded.workflow_id` })
          .where('ratings.workflow_id', '=', workflowId),
      )
      .returning('workflow_id')
      .executeTakeFirst();
    return row !== undefined;
  },

  async withdrawAsk({ portalId, threadId, workflowId }) {
    await db
      .deleteFrom('ratings')
      .where('portal_id', '=', portalId)
      .where('thread_id', '=', threadId)
      .where('workflow_id', '=', workflowId)
      .where('score', 'is', null)
      .execute();
  },

  async openAsk(portalId, threadId, at) {
    const { rows } = await sql<{ workflowId: string }>`
      select workflow_id as "workflowId" from ratings
      where portal_id = ${portalId} and thread_id = ${threadId} and score is null
        and extract(epoch from asked_at) * 1000 <= ${at + CLOCKS_MS}::float8
        and not exists (
          select 1 from turns where turns.portal_id = ratings.portal_id and turns.thread_id = ratings.thread_id
            and turns.taken_at > ratings.asked_at
        )
        and not exists (
          select 1 from sessions where sessions.portal_id = ratings.portal_id and sessions.thread_id = ratings.thread_id
            and sessions.agent_wrote_at > extract(epoch from ratings.asked_at) * 1000
        )
      order by asked_at desc limit 1
    `.execute(db);
    return rows[0]?.workflowId ?? null;
  },

  async noteRating({ portalId, threadId, workflowId, score }) {
    await db
      .updateTable('ratings')
      .set({ score, rated_at: sql<Date>`now()` })
      .where('portal_id', '=', portalId)
      .where('thread_id', '=', threadId)
      .where('workflow_id', '=', workflowId)
      .where('score', 'is', null)
      .execute();
  },

  async ratingCounts(since) {
    const { rows } = await sql<RatingCount>`
      select portal_id as "portalId", channel, count(*)::int as asked, count(score)::int as answered,
        coalesce(sum(score), 0)::int as sum, (count(*) filter (where score >= 4))::int as good
      from ratings where asked_at >= to_timestamp(${since}::float8 / 1000)
      group by 1, 2 order by asked desc, 1, 2
    `.execute(db);
    return rows;
  },
});
