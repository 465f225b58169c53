import { type Kysely, sql } from 'kysely';
import type { HandoffCause, Source } from '../ai/backend.ts';
import { channelName } from '../hubspot/channels.ts';
import type {
  AnswerTimes,
  ArticleUse,
  ConversationCount,
  Gap,
  OutcomeStore,
  OutcomesAsked,
  WaitingCustomer,
} from './outcomes.ts';
import type { Database } from './schema.ts';

/** A timestamp in ms since the epoch. */
const inMs = (column: string) => sql<number>`(extract(epoch from ${sql.ref(column)}) * 1000)::float8`;
const moment = (at: number) => sql<Date>`to_timestamp(${at}::float8 / 1000)`;
const utcDayOf = (column: string) => sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD')`;

/**
 * Conversations that began since then, as a table expression: the turns of a thread in their order, cut where the
 * customer's next message came later than the silence after which one is over. Of a thread that has one of them all
 * turns are looked at: what came before decides where one begins.
 */
const conversations = ({ since, now, resolvedAfterMs }: OutcomesAsked) => sql`
  at_work as (
    select distinct portal_id, thread_id from turns where taken_at >= ${moment(since)}
  ),
  marked as (
    select turns.*, ${inMs('taken_at')} as taken_ms,
      case when coalesce(asked_at::float8, ${inMs('taken_at')})
        - lag(${inMs('taken_at')}) over in_order <= ${resolvedAfterMs}::float8 then 0 else 1 end as begins
    from turns join at_work using (portal_id, thread_id)
    window in_order as (partition by portal_id, thread_id order by taken_at, answered_message_id)
  ),
  numbered as (
    select *, sum(begins) over (
      partition by portal_id, thread_id order by taken_at, answered_message_id rows unbounded preceding
    ) as matter from marked
  ),
  gathered as (
    select portal_id, thread_id, matter,
      min(taken_at) as began,
      max(taken_ms) as last_ms,
      max(newest_at)::float8 as newest_ms,
      (array_agg(outcome order by taken_at desc))[1] as last_outcome,
      bool_or(outcome = 'replied') as has_replied,
      bool_or(outcome = 'handed-off') as is_handed_off,
      (array_agg(cause order by taken_at desc) filter (where outcome = 'handed-off'))[1] as cause,
      bool_or(coalesce(agent_wrote_at::float8 <= taken_ms + ${resolvedAfterMs}::float8, false)) as agent_wrote,
      (array_agg(asks_back order by taken_at desc))[1] as asks_back,
      (array_agg(channel order by taken_at desc) filter (where channel is not null))[1] as channel,
      (array_agg(language order by taken_at desc) filter (where language is not null))[1] as language,
      (array_agg(greatest(taken_ms - asked_at, 0) order by taken_at)
        filter (where outcome = 'replied' and asked_at is not null))[1] as first_answer_ms
    from numbered group by portal_id, thread_id, matter
  ),
  in_sequence as (
    select gathered.*, lead(gathered.began) over (
      partition by gathered.portal_id, gathered.thread_id order by matter
    ) as next_began,
    -- A turn takes its run's name away: where one is left, a later message was looked at, and nothing posted.
    case when sessions.asking is not null and sessions.mode = 'ai' then sessions.mode_since::float8 end as unanswered_ms
    from gathered left join sessions using (portal_id, thread_id)
  ),
  judged as (
    select *,
      next_began is null and unanswered_ms is not null and unanswered_ms - last_ms <= ${resolvedAfterMs}::float8
        as is_unanswered
    from in_sequence
  ),
  conversations as (
    select portal_id, thread_id, began, channel, language, first_answer_ms,
      case
        when is_handed_off then 'handed-off'
        when not has_replied then 'drafted'
        when agent_wrote then 'handed-off'
        when last_outcome = 'drafted' then 'drafted'
        when next_began is null
          and greatest(last_ms, case when is_unanswered then unanswered_ms end) > ${now - resolvedAfterMs}::float8
          then 'open'
        when is_unanswered then 'skipped'
        when asks_back then 'asked-back'
        else 'resolved'
      end as outcome,
      case when is_handed_off then coalesce(cause, 'unknown') else 'agent-took-over' end as reason,
      next_began is not null or (unanswered_ms is not null and not is_unanswered) as came_back
    from judged where began >= ${moment(since)}
  )
`;

/**
 * Threads that the AI was asked about, and has taken no turn on. What an agent alone has touched has no channel: nobody
 * asked the AI there.
 */
const withoutTurns = (since: number) => sql`
  select portal_id, created_at as began, channel_id,
    case when exists (
      select 1 from shadow_drafts draft
      where draft.portal_id = sessions.portal_id and draft.thread_id = sessions.thread_id
    ) then 'shadow' else 'skipped' end as outcome
  from sessions
  where created_at >= ${moment(since)} and channel_id is not null and not exists (
    select 1 from turns where turns.portal_id = sessions.portal_id and turns.thread_id = sessions.thread_id
  )
`;

/** The {@link OutcomeStore} in SQL, read at once from what turns have left: nothing else is written for it. */
export const createSqlOutcomeStore = (db: Kysely<Database>): OutcomeStore => ({
  async conversationCounts(asked) {
    const { rows } = await sql<ConversationCount>`
      with ${conversations(asked)}
      select ${utcDayOf('began')} as day, portal_id as "portalId", coalesce(channel, 'unknown') as channel,
        lower(split_part(coalesce(language, 'unknown'), '-', 1)) as language, outcome,
        case when outcome = 'handed-off' then reason end as reason,
        count(*)::int as count,
        (count(*) filter (where outcome = 'resolved' and came_back))::int as reopened
      from conversations
      group by 1, 2, 3, 4, 5, 6 order by 1 desc, 2, 3, 4, 5, 6
    `.execute(db);
    const { rows: others } = await sql<Omit<ConversationCount, 'channel'> & { channelId: string }>`
      select ${utcDayOf('began')} as day, portal_id as "portalId", channel_id as "channelId", 'unknown' as language,
        outcome, null as reason, count(*)::int as count, 0 as reopened
      from (${withoutTurns(asked.since)}) untouched
      group by 1, 2, 3, outcome order by 1 desc, 2, 3, outcome
    `.execute(db);
    return [...rows, ...others.map(({ channelId, ...rest }) => ({ ...rest, channel: channelName(channelId) }))];
  },

  async answerTimes(asked) {
    const { rows } = await sql<AnswerTimes>`
      with ${conversations(asked)}
      select count(first_answer_ms)::int as answered,
        (percentile_cont(0.5) within group (order by first_answer_ms::float8))::float8 as "medianMs"
      from conversations
    `.execute(db);
    return rows[0] ?? { answered: 0, medianMs: null };
  },

  async waitingCustomers(since, limit) {
    const { rows } = await sql<
      Omit<WaitingCustomer, 'channel'> & { channel: string | null; channelId: string | null; total: number }
    >`
      with handed as (
        select sessions.portal_id, sessions.thread_id, sessions.channel_id, sessions.agent_wrote_at,
          case when latest.is_handoff then latest.channel end as channel,
          case when latest.is_handoff then latest.cause end as cause,
          -- An agent who hands over, or gives back, has been there; so has one who pauses the AI.
          case when silenced = 'handed-off' then greatest(silenced_at, case when latest.is_handoff then latest.newest_at end)
            when latest.is_handoff and latest.newest_at > silenced_at then latest.newest_at
          end as handed_at,
          case when latest.is_handoff then latest.asked_at end as asked_at
        from sessions left join lateral (
          select outcome = 'handed-off' as is_handoff, channel, cause, asked_at, newest_at from turns
          where turns.portal_id = sessions.portal_id and turns.thread_id = sessions.thread_id
          order by taken_at desc, answered_message_id desc limit 1
        ) latest on true
        where active_at >= ${moment(since)} or silenced_at >= ${Math.round(since)}::bigint
      )
      select portal_id as "portalId", thread_id as "threadId", channel, channel_id as "channelId", cause,
        coalesce(asked_at, handed_at)::float8 as since, (count(*) over ())::int as total
      from handed
      where handed_at >= ${Math.round(since)}::bigint and coalesce(agent_wrote_at < handed_at, true)
      order by since, thread_id limit ${limit}
    `.execute(db);
    return {
      count: rows[0]?.total ?? 0,
      longest: rows.map(({ total, channel, channelId, ...rest }) => ({
        ...rest,
        channel: channel ?? channelName(channelId),
      })),
    };
  },

  async gaps(since, limit) {
    const { rows } = await sql<Omit<Gap, 'nearest'> & { sources: Source[] | null; cause: HandoffCause }>`
      select portal_id as "portalId", thread_id as "threadId", ${inMs('taken_at')} as at, language, cause,
        coalesce(question, '') as question, sources
      from turns
      where taken_at >= ${moment(since)} and outcome = 'handed-off' and cause in ('no-answer', 'unclear', 'unsure', 'ai-decided')
      order by taken_at desc, answered_message_id limit ${limit}
    `.execute(db);
    return rows.map(({ sources, ...gap }) => ({ ...gap, nearest: sources?.[0] ?? null }));
  },

  async articleUses({ since, resolvedAfterMs }, limit) {
    const { rows } = await sql<ArticleUse>`
      with replies as (
        select turns.*, ${inMs('taken_at')} + ${resolvedAfterMs}::float8 as until_ms from turns
        where taken_at >= ${moment(since)} and outcome = 'replied' and jsonb_typeof(sources) = 'array'
      ),
      judged as (
        select sources, coalesce(agent_wrote_at::float8 <= until_ms, false) or exists (
          select 1 from turns later
          where later.portal_id = replies.portal_id and later.thread_id = replies.thread_id
            and later.outcome = 'handed-off' and later.taken_at > replies.taken_at
            and coalesce(later.asked_at::float8, ${inMs('later.taken_at')}) <= until_ms
        ) as failed from replies
      )
      select max(source ->> 'title') as title, source ->> 'path' as path, count(*)::int as uses,
        (count(*) filter (where failed))::int as failures
      from judged, jsonb_array_elements(sources) source
      group by source ->> 'path' order by uses desc, failures desc, path limit ${limit}
    `.execute(db);
    return rows;
  },
});
