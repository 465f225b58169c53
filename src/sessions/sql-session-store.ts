import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Source } from '../ai/backend.ts';
import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import type { Database } from './schema.ts';
import { createSqlOutcomeStore } from './sql-outcome-store.ts';
import { createSqlRatingStore } from './sql-rating-store.ts';
import { createSqlReplyAdmissions } from './sql-reply-admissions.ts';
import { createSqlShadowStore } from './sql-shadow-store.ts';
import { createSqlUsageStore } from './sql-usage-store.ts';
import { storable } from './storable.ts';
import type { ErasedRows, SessionStore, Silence, TurnNotes } from './store.ts';

// What a session gives the AI goes through Temporal in one payload of at most 2 MiB: the newest properties, each cut.
const CUSTOM_DATA_PROPERTIES = 50;
const CUSTOM_DATA_TEXT = 4_000;

// A run sees the newest 60 messages of its thread.
const RECENT_TURNS = 50;

/** Customers' affairs stand in their questions: no longer than it takes to write what answers them. */
const QUESTIONS_KEPT_DAYS = 90;

/** The silence that goes for a message of this time. */
const silencedAt = (at: number) => sql<Silence | null>`
  case when silenced_until is null or silenced_until > ${at}::bigint then silenced end
`;

/** Silences come in any order: this takes what the newest says. */
const ifNewest = (column: 'silenced' | 'silenced_until') => sql<never>`
  case when excluded.silenced_at >= sessions.silenced_at
    then excluded.${sql.ref(column)} else sessions.${sql.ref(column)} end
`;

/** Halves of a character, and NUL, are nothing that `jsonb` takes. */
const inJson = (sources: readonly Source[]): string => {
  const clean = (text: string): string => storable(text).toWellFormed();
  return JSON.stringify(sources.map(({ title, path }) => ({ title: clean(title), path: clean(path) })));
};

/** Of words no more is kept than of the thread: nothing, once that was forgotten. */
const noted = (portalId: PortalId, threadId: ThreadId, notes: TurnNotes) => {
  const { channel, askedAt, newestAt, language, cause, sources, confidence, asksBack, question } = notes;
  const session = sql`from sessions where portal_id = ${portalId} and thread_id = ${threadId}`;
  return {
    channel: storable(channel),
    asked_at: askedAt,
    newest_at: newestAt,
    language: language ?? null,
    cause: cause ?? null,
    sources: sql<string>`${inJson(sources)}::text::jsonb`,
    confidence: confidence ?? null,
    asks_back: asksBack ?? false,
    question: question === undefined ? null : sql<string>`(select ${storable(question)}::text ${session})`,
    // The agent was quicker than our note of what the AI did.
    agent_wrote_at: sql<number>`(select agent_wrote_at ${session} and agent_wrote_at > ${newestAt}::bigint)`,
  };
};

/** The threads of a portal whose session has this value, by their ids. */
const threadsWith = async (
  db: Kysely<Database>,
  portalId: PortalId,
  column: 'ticket_id' | 'contact_id',
  value: string,
): Promise<ThreadId[]> => {
  const rows = await db
    .selectFrom('sessions')
    .select('thread_id')
    .where('portal_id', '=', portalId)
    .where(column, '=', value)
    .orderBy('thread_id')
    .execute();
  return rows.map((row) => row.thread_id);
};

/**
 * Deletes all rows of the threads that `threads` selects, in one statement, all or nothing. What the AI cost stays, and
 * says no more for whom.
 */
const erase = async (db: Kysely<Database>, threads: RawBuilder<unknown>): Promise<ErasedRows> => {
  const { rows } = await sql<ErasedRows>`
    with gone as (${threads}),
    gone_properties as (
      delete from session_properties row using gone
      where row.portal_id = gone.portal_id and row.thread_id = gone.thread_id returning 1
    ),
    gone_turns as (
      delete from turns row using gone
      where row.portal_id = gone.portal_id and row.thread_id = gone.thread_id returning 1
    ),
    gone_drafts as (
      delete from shadow_drafts row using gone
      where row.portal_id = gone.portal_id and row.thread_id = gone.thread_id returning 1
    ),
    nameless_calls as (
      update ai_calls row set thread_id = 'forgotten', call_id = gen_random_uuid()::text from gone
      where row.portal_id = gone.portal_id and row.thread_id = gone.thread_id
    ),
    gone_replies as (
      delete from admitted_replies row using gone
      where row.portal_id = gone.portal_id and row.thread_id = gone.thread_id
    ),
    gone_ratings as (
      delete from ratings row using gone
      where row.portal_id = gone.portal_id and row.thread_id = gone.thread_id
    ),
    gone_changes as (
      delete from own_changes row using gone
      where row.portal_id = gone.portal_id and row.thread_id = gone.thread_id
    ),
    gone_sessions as (
      delete from sessions row using gone
      where row.portal_id = gone.portal_id and row.thread_id = gone.thread_id returning 1
    )
    select
      (select count(*)::int from gone_sessions) as sessions,
      (select count(*)::int from gone_properties) as properties,
      (select count(*)::int from gone_turns) as turns,
      (select count(*)::int from gone_drafts) as drafts
  `.execute(db);
  return rows[0] ?? { sessions: 0, properties: 0, turns: 0, drafts: 0 };
};

/**
 * The {@link SessionStore} in SQL. Each call is one statement, so none needs a transaction and all of them are safe
 * from any number of processes. `close` ends what `db` stands on.
 */
export const createSqlSessionStore = (db: Kysely<Database>, close: () => Promise<void>): SessionStore => ({
  ...createSqlUsageStore(db),
  ...createSqlShadowStore(db),
  ...createSqlOutcomeStore(db),
  ...createSqlReplyAdmissions(db),
  ...createSqlRatingStore(db),

  async open({ portalId, threadId, contactId, ticketId, channelId, asking }) {
    const row = await db
      .insertInto('sessions')
      .values({
        portal_id: portalId,
        thread_id: threadId,
        contact_id: contactId,
        ticket_id: ticketId,
        channel_id: channelId,
        ...(asking && { mode_since: asking.at, asking: asking.workflowId }),
      })
      .onConflict((conflict) =>
        conflict.columns(['portal_id', 'thread_id']).doUpdateSet({
          contact_id: sql`coalesce(excluded.contact_id, sessions.contact_id)`,
          ticket_id: sql`coalesce(excluded.ticket_id, sessions.ticket_id)`,
          channel_id: sql`coalesce(excluded.channel_id, sessions.channel_id)`,
          asking: sql`coalesce(excluded.asking, sessions.asking)`,
          // Kept, so that a call that is made again gives the same.
          asked_before: sql`
            case when coalesce(excluded.asking = sessions.asking, excluded.asking is null)
              then sessions.asked_before else sessions.asking end
          `,
          mode: sql`case when excluded.mode_since > sessions.mode_since then excluded.mode else sessions.mode end`,
          mode_since: sql`greatest(excluded.mode_since, sessions.mode_since)`,
          active_at: sql`now()`,
        }),
      )
      .returning([
        'contact_id',
        'ticket_id',
        'channel_id',
        'ai_session_id',
        'mode',
        silencedAt(asking?.at ?? Date.now()).as('silenced'),
        'asked_before',
        sql<Record<string, string>>`(
          select coalesce(jsonb_object_agg(name, left(value, ${CUSTOM_DATA_TEXT})), '{}') from (
            select name, value from session_properties property
            where property.portal_id = sessions.portal_id and property.thread_id = sessions.thread_id
            order by occurred_at desc, name limit ${CUSTOM_DATA_PROPERTIES}
          ) newest
        )`.as('custom_data'),
        sql<number>`(
          select count(*)::int from turns
          where turns.portal_id = sessions.portal_id and turns.thread_id = sessions.thread_id
        )`.as('turns'),
      ])
      .executeTakeFirstOrThrow();
    return {
      portalId,
      threadId,
      contactId: row.contact_id,
      ticketId: row.ticket_id,
      channelId: row.channel_id,
      aiSessionId: row.ai_session_id,
      customData: row.custom_data,
      turns: row.turns,
      mode: row.mode,
      silenced: row.silenced,
      askedBefore: row.asked_before,
    };
  },

  async threadState(portalId, threadId, at) {
    const row = await db
      .selectFrom('sessions')
      .select(['asking', silencedAt(at).as('silenced')])
      .where('portal_id', '=', portalId)
      .where('thread_id', '=', threadId)
      .executeTakeFirst();
    return row ?? { asking: null, silenced: null };
  },

  async noteMode({ portalId, threadId, mode, at, wrote = false }) {
    const isNewest = sql`${at}::bigint >= mode_since`;
    const endsSilence = sql`${mode}::text = 'ai' and ${at}::bigint > silenced_at`;
    const row = await db
      .with('answered', (db) =>
        db
          .updateTable('turns')
          .set({ agent_wrote_at: at })
          .where(({ lit }) => lit(wrote))
          .where('portal_id', '=', portalId)
          .where('thread_id', '=', threadId)
          .where(sql<boolean>`(agent_wrote_at is null or agent_wrote_at > ${at}::bigint)`)
          .where('answered_message_id', '=', (db) =>
            db
              .selectFrom('turns as newest')
              .select('newest.answered_message_id')
              .where('newest.portal_id', '=', portalId)
              .where('newest.thread_id', '=', threadId)
              .where(sql<boolean>`newest.newest_at < ${at}::bigint`)
              .orderBy('newest.newest_at', 'desc')
              .limit(1),
          ),
      )
      .updateTable('sessions')
      .set({
        ...(wrote && { agent_wrote_at: sql`greatest(${at}::bigint, agent_wrote_at)` }),
        mode: sql`case when ${isNewest} then ${mode}::text else mode end`,
        mode_since: sql`greatest(${at}::bigint, mode_since)`,
        silenced: sql`case when ${endsSilence} then null else silenced end`,
        silenced_at: sql`case when ${endsSilence} then ${at}::bigint else silenced_at end`,
        active_at: sql`now()`,
      })
      .where('portal_id', '=', portalId)
      .where('thread_id', '=', threadId)
      .returning('asking')
      .executeTakeFirst();
    return row?.asking ?? null;
  },

  async silence({ portalId, threadId, why, at, until = null }) {
    const row = await db
      .insertInto('sessions')
      .values({ portal_id: portalId, thread_id: threadId, silenced: why, silenced_at: at, silenced_until: until })
      .onConflict((conflict) =>
        conflict.columns(['portal_id', 'thread_id']).doUpdateSet({
          silenced: ifNewest('silenced'),
          silenced_until: ifNewest('silenced_until'),
          silenced_at: sql`greatest(excluded.silenced_at, sessions.silenced_at)`,
        }),
      )
      .returning('asking')
      .executeTakeFirstOrThrow();
    return row.asking;
  },

  async giveBack({ portalId, threadId, at }) {
    const row = await db
      .updateTable('sessions')
      .set({
        silenced: sql`case when ${at}::bigint >= silenced_at then null else silenced end`,
        silenced_at: sql`greatest(${at}::bigint, silenced_at)`,
      })
      .where('portal_id', '=', portalId)
      .where('thread_id', '=', threadId)
      .returning('asking')
      .executeTakeFirst();
    return row?.asking ?? null;
  },

  async rememberAiSession(portalId, threadId, aiSessionId) {
    await db
      .insertInto('sessions')
      .values({ portal_id: portalId, thread_id: threadId, ai_session_id: storable(aiSessionId) })
      .onConflict((conflict) =>
        conflict.columns(['portal_id', 'thread_id']).doUpdateSet({ ai_session_id: storable(aiSessionId) }),
      )
      .execute();
  },

  async recordTurn({ portalId, threadId, answeredMessageIds, outcome, postedMessageId, workflowId, notes }) {
    const answered = answeredMessageIds.at(-1);
    if (answered === undefined)
      throw new RangeError('A turn answers at least one message: answeredMessageIds is empty');
    await db
      .with('over', (db) =>
        db
          .updateTable('sessions')
          .set({ asking: null })
          .where('portal_id', '=', portalId)
          .where('thread_id', '=', threadId)
          .where('asking', '=', workflowId),
      )
      .with('settled', (db) =>
        db
          .updateTable('admitted_replies')
          .set({ settled: true, asked_at: Date.now() })
          .where('portal_id', '=', portalId)
          .where('thread_id', '=', threadId)
          .where('message_id', '=', answered)
          .where(({ lit }) => lit(outcome !== 'drafted'))
          .where('settled', '=', false),
      )
      .with('outdated', (db) =>
        db
          .updateTable('turns')
          .set({ question: null })
          .where('question', 'is not', null)
          .where('taken_at', '<', sql<Date>`now() - make_interval(days => ${QUESTIONS_KEPT_DAYS})`),
      )
      .insertInto('turns')
      .values({
        portal_id: portalId,
        thread_id: threadId,
        answered_message_id: answered,
        answered_message_ids: answeredMessageIds,
        outcome,
        posted_message_id: postedMessageId,
        ...(notes && noted(portalId, threadId, notes)),
      })
      .onConflict((conflict) => conflict.columns(['portal_id', 'thread_id', 'answered_message_id']).doNothing())
      .execute();
  },

  async repliesWithinHour(portalId, threadId) {
    const { replies } = await db
      .selectFrom('turns')
      .select(sql<number>`count(*)::int`.as('replies'))
      .where('portal_id', '=', portalId)
      .where('thread_id', '=', threadId)
      .where('outcome', '=', 'replied')
      .where('taken_at', '>', sql<Date>`now() - interval '1 hour'`)
      .executeTakeFirstOrThrow();
    return replies;
  },

  async recentTurns(portalId, threadId) {
    const rows = await db
      .selectFrom('turns')
      .select(['outcome', 'posted_message_id', 'answered_message_id'])
      .where('portal_id', '=', portalId)
      .where('thread_id', '=', threadId)
      .orderBy('taken_at', 'desc')
      .limit(RECENT_TURNS)
      .execute();
    return rows.map((row) => ({
      outcome: row.outcome,
      postedMessageId: row.posted_message_id,
      answeredMessageId: row.answered_message_id,
    }));
  },

  findByTicket: (portalId, ticketId) => threadsWith(db, portalId, 'ticket_id', ticketId),

  async linkTicket(portalId, ticketId, threadIds) {
    if (threadIds.length === 0) return [];
    const rows = await db
      .updateTable('sessions')
      .set({ ticket_id: ticketId })
      .where('portal_id', '=', portalId)
      .where('thread_id', 'in', threadIds)
      .returning('thread_id')
      .execute();
    return rows.map((row) => row.thread_id).sort();
  },

  async setCustomData(portalId, threadId, { name, value, occurredAt }) {
    const { rows } = await sql`
      insert into session_properties (portal_id, thread_id, name, value, occurred_at)
      select portal_id, thread_id, ${storable(name)}::text, ${storable(value)}::text, ${occurredAt}::bigint
      from sessions where portal_id = ${portalId} and thread_id = ${threadId}
      on conflict (portal_id, thread_id, name)
      do update set value = excluded.value, occurred_at = excluded.occurred_at
      where excluded.occurred_at >= session_properties.occurred_at
      returning name
    `.execute(db);
    return rows.length > 0;
  },

  findByContact: (portalId, contactId) => threadsWith(db, portalId, 'contact_id', contactId),

  forget: (portalId, threadIds) =>
    erase(db, sql`select ${portalId}::text as portal_id, unnest(${threadIds}::text[]) as thread_id`),

  forgetInactive: (since, limit) =>
    erase(
      db,
      sql`
        select portal_id, thread_id from sessions where active_at < ${since.toISOString()}::timestamptz
        order by active_at limit ${limit}
      `,
    ),

  async ping() {
    await sql`select 1`.execute(db);
  },

  close,
});
