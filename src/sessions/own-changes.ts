import { type Kysely, sql } from 'kysely';
import type { ActorId, MessageId, PortalId, ThreadId } from '../hubspot/ids.ts';
import type { Database } from './schema.ts';

interface OnThread {
  portalId: PortalId;
  threadId: ThreadId;
}

/** A message or comment of ours. */
export interface OwnMessage extends OnThread {
  messageId: MessageId;
}

/** A thread that a run of ours gave to somebody, or to nobody (`null`). */
export interface OwnAssignment extends OnThread {
  owner: ActorId | null;
  /** Workflow ID of the run that waits for the one that did it: it knows, and needs no signal. */
  knownTo: string;
}

/** An event about an owner of a thread. */
export interface OwnerChange extends OnThread {
  owner: ActorId | null;
  /** Milliseconds since the epoch, by HubSpot's clock. */
  at: number;
}

/**
 * What our own runs have just done on threads. HubSpot announces that like everything else; whoever takes such an event
 * finds here that it is news to nobody. Each note serves for one event: what comes again, or before its note, or an
 * hour later, is a change like any other. Throws the driver's errors.
 */
export interface OwnChanges {
  noteMessage(message: OwnMessage): Promise<void>;
  noteAssignment(assignment: OwnAssignment): Promise<void>;
  /** Gives those that are noted, and takes their notes away. */
  takeMessages(messages: readonly OwnMessage[]): Promise<ReadonlySet<MessageId>>;
  /** Gives the note of this change, made about the same time, and takes it away; `null`: there is none. */
  takeAssignment(change: OwnerChange): Promise<Pick<OwnAssignment, 'knownTo'> | null>;
}

/** HubSpot's clock and the database's may differ by this much, in s, the time of a call included. */
const CLOCKS_DIFFER_S = 60;

/** Notes that no event has taken are deleted after so many hours, and so many with each new one. */
const KEPT_HOURS = 1;
const DELETED_AT_ONCE = 20;

const messageKey = (messageId: MessageId): string => `message ${messageId}`;
const ownerKey = (owner: ActorId | null): string => `owner ${owner ?? 'nobody'}`;

export const createOwnChanges = (db: Kysely<Database>): OwnChanges => {
  const note = async ({ portalId, threadId }: OnThread, change: string, knownTo: string | null): Promise<void> => {
    await db
      .with('outdated', (db) =>
        db.deleteFrom('own_changes').where(
          sql<boolean>`ctid in (
            select ctid from own_changes where made_at < now() - make_interval(hours => ${KEPT_HOURS}::int)
            limit ${DELETED_AT_ONCE} for update skip locked
          )`,
        ),
      )
      .insertInto('own_changes')
      .values({ portal_id: portalId, thread_id: threadId, change, known_to: knownTo })
      .onConflict((conflict) =>
        conflict
          .columns(['portal_id', 'thread_id', 'change'])
          .doUpdateSet({ known_to: knownTo, made_at: sql<Date>`now()` }),
      )
      .execute();
  };

  return {
    noteMessage: (message) => note(message, messageKey(message.messageId), null),
    noteAssignment: ({ owner, knownTo, ...thread }) => note(thread, ownerKey(owner), knownTo),

    async takeMessages(messages) {
      if (messages.length === 0) return new Set();
      const { rows } = await sql<{ change: string }>`
        delete from own_changes own using unnest(
          ${messages.map(({ portalId }) => portalId)}::text[],
          ${messages.map(({ threadId }) => threadId)}::text[],
          ${messages.map(({ messageId }) => messageKey(messageId))}::text[]
        ) as event (portal_id, thread_id, change)
        where own.portal_id = event.portal_id and own.thread_id = event.thread_id and own.change = event.change
        returning own.change
      `.execute(db);
      const taken = new Set(rows.map(({ change }) => change));
      return new Set(messages.map(({ messageId }) => messageId).filter((id) => taken.has(messageKey(id))));
    },

    async takeAssignment({ portalId, threadId, owner, at }) {
      const row = await db
        .deleteFrom('own_changes')
        .where('portal_id', '=', portalId)
        .where('thread_id', '=', threadId)
        .where('change', '=', ownerKey(owner))
        .where(sql<boolean>`abs(extract(epoch from made_at) - ${at}::float8 / 1000) < ${CLOCKS_DIFFER_S}::int`)
        .returning('known_to')
        .executeTakeFirst();
      return row ? { knownTo: row.known_to ?? '' } : null;
    },
  };
};
