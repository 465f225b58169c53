import { type Kysely, sql } from 'kysely';
import type { MessageId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { ReplyAdmission, ReplyAdmissions, ReplyVerdict } from './replies.ts';
import type { Database } from './schema.ts';

const HOUR_MS = 60 * 60_000;
/** An answer is on its way for so long at most, mostly; what takes longer counts again once it is recorded. */
const IN_FLIGHT_MS = 10 * 60_000;
/** Copies of one mail reach two mailboxes within so long. */
const SAME_MAIL_MS = 10 * 60_000;
const KEPT_MS = 2 * HOUR_MS;

interface Counted {
  replies: number;
  elsewhere: number;
  is_capped: boolean | null;
  is_repeated: boolean | null;
  ticket_id: TicketId | null;
}

/** The {@link ReplyAdmissions} in SQL. */
export const createSqlReplyAdmissions = (db: Kysely<Database>): ReplyAdmissions => ({
  admitReply: (asked, mostPerHour) =>
    db.transaction().execute(async (turn): Promise<ReplyAdmission> => {
      const { portalId, threadId, messageId, address, words, gist, mailbox, writtenAt, at, alone } = asked;
      // To count and to admit are one step for all who write to this address: the others wait here.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`replies ${portalId} ${address}`}, 0))`.execute(turn);
      const known = await turn
        .selectFrom('admitted_replies')
        .select(['place', 'verdict'])
        .where('portal_id', '=', portalId)
        .where('thread_id', '=', threadId)
        .where('message_id', '=', messageId)
        .executeTakeFirst();
      const { rows: counts } = await sql<Counted>`
        select
          (count(*) filter (where verdict = 'admitted' and settled)
            + count(distinct thread_id) filter (
              where verdict = 'admitted' and not settled and thread_id <> ${threadId} and asked_at > ${at - IN_FLIGHT_MS}::bigint
            ))::int as replies,
          (count(*) filter (
            where verdict = 'admitted' and thread_id <> ${threadId} and (settled or asked_at > ${at - IN_FLIGHT_MS}::bigint)
          ))::int as elsewhere,
          bool_or(verdict = 'capped') as is_capped,
          bool_or(gist = ${gist}::text) as is_repeated,
          (array_agg(ticket_id order by place desc) filter (where gist = ${gist}::text and ticket_id is not null))[1]
            as ticket_id
        from admitted_replies left join sessions using (portal_id, thread_id)
        where portal_id = ${portalId} and address = ${address} and asked_at > ${at - HOUR_MS}::bigint
          and (thread_id, message_id) <> (${threadId}, ${messageId})
      `.execute(turn);
      const { replies, elsewhere, is_capped, is_repeated, ticket_id: ticketId } = counts[0] as Counted;
      const isCapped = is_capped === true;
      const { rows: copies } = await sql<{ thread_id: ThreadId; message_id: MessageId }>`
        select thread_id, message_id from admitted_replies
        where portal_id = ${portalId} and address = ${address} and words = ${words}::text and thread_id <> ${threadId}
          and verdict = 'admitted' and place < ${known?.place ?? Number.MAX_SAFE_INTEGER}::bigint
          and abs(written_at - ${writtenAt}::bigint) <= ${SAME_MAIL_MS}::bigint
          and (mailbox is distinct from ${mailbox}::text or not settled)
        order by place limit 1
      `.execute(turn);
      const first = alone ? undefined : copies[0];
      const found = { replies, isRepeated: is_repeated === true, ticketId };
      if (first) {
        const sameAs = { threadId: first.thread_id, messageId: first.message_id };
        return { ...found, verdict: 'admitted', sameAs };
      }
      if (known) return { ...found, verdict: known.verdict, sameAs: null };

      // Where all of it is on one thread, what HubSpot shows of that thread decides.
      const isFull = replies >= mostPerHour && elsewhere > 0;
      const verdict: ReplyVerdict = isCapped ? 'over' : isFull ? 'capped' : 'admitted';
      await turn
        .with('old', (db) =>
          db
            .deleteFrom('admitted_replies')
            .where('portal_id', '=', portalId)
            .where('asked_at', '<', at - KEPT_MS),
        )
        .insertInto('admitted_replies')
        .values({
          portal_id: portalId,
          thread_id: threadId,
          message_id: messageId,
          address,
          words,
          gist,
          mailbox,
          written_at: writtenAt,
          asked_at: at,
          verdict,
        })
        .execute();
      return { ...found, verdict, sameAs: null };
    }),
});
