import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';
import type { ShadowStore } from './shadow.ts';
import { storable } from './storable.ts';

/** Customers' affairs stand in them: no longer than it takes to judge an AI. */
const KEPT_DAYS = 90;

/** In characters. More of an agent's answer says nothing new of how alike the two are. */
const HUMAN_WORDS = 20_000;

const COLUMNS = [
  'portal_id as portalId',
  'thread_id as threadId',
  'answered_message_id as answeredMessageId',
  'action',
  'words',
  'human_words as human',
] as const;

/** The {@link ShadowStore} in SQL, one statement a call. */
export const createSqlShadowStore = (db: Kysely<Database>): ShadowStore => ({
  async keepShadowDraft({ portalId, threadId, answeredMessageId, askedAt, action, words }) {
    await db
      .with('outdated', (db) =>
        db.deleteFrom('shadow_drafts').where('drafted_at', '<', sql<Date>`now() - make_interval(days => ${KEPT_DAYS})`),
      )
      .insertInto('shadow_drafts')
      .values({
        portal_id: portalId,
        thread_id: threadId,
        answered_message_id: answeredMessageId,
        asked_at: askedAt,
        action,
        words: storable(words),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['portal_id', 'thread_id', 'answered_message_id'])
          .doUpdateSet({ action, words: storable(words), drafted_at: sql`now()` }),
      )
      .execute();
  },

  async noteHumanWords({ portalId, threadId, messageId, at, words }) {
    const isNew = sql`not ${messageId}::text = any(human_message_ids)`;
    const joined = sql`left(concat_ws(E'\n', nullif(human_words, ''), ${storable(words)}::text), ${HUMAN_WORDS}::int)`;
    const pair = await db
      .updateTable('shadow_drafts')
      .set({
        human_words: sql`case when ${isNew} then ${joined} else human_words end`,
        human_message_ids: sql`case when ${isNew} then array_append(human_message_ids, ${messageId}::text) else human_message_ids end`,
      })
      .where('portal_id', '=', portalId)
      .where('thread_id', '=', threadId)
      .where('answered_message_id', '=', (db) =>
        db
          .selectFrom('shadow_drafts as newest')
          .select('newest.answered_message_id')
          .where('newest.portal_id', '=', portalId)
          .where('newest.thread_id', '=', threadId)
          .where(sql<boolean>`newest.asked_at <= ${at}::bigint`)
          .orderBy('newest.asked_at', 'desc')
          .limit(1),
      )
      .returning(COLUMNS)
      .executeTakeFirst();
    return pair ?? null;
  },

  shadowPairs: (days) =>
    db
      .selectFrom('shadow_drafts')
      .select(COLUMNS)
      .where('drafted_at', '>', sql<Date>`now() - make_interval(days => ${days}::int)`)
      .orderBy('drafted_at', 'desc')
      .orderBy('answered_message_id')
      .execute(),
});
