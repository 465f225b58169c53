import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { PortalId } from '../hubspot/ids.ts';
import type { Database } from './schema.ts';

/** How far a portal's threads have been looked through. ISO times. */
export interface CaughtUp {
  portalId: PortalId;
  /** What is older has been looked at, by HubSpot's clock. */
  checkedUntil: string;
  /** When it was looked at last, by a worker's clock; `null`: never. */
  lookedAt: string | null;
  /** When a look found a message last, or looking began; `null`: it has not. */
  newsAt: string | null;
}

/** What a look at a portal has found. */
export interface Look {
  portalId: PortalId;
  /** ISO time, a worker's clock. */
  at: string;
  /** There were messages. */
  hadNews: boolean;
  /** The next look begins there; absent: where this one began. ISO time, HubSpot's clock. */
  checkedUntil?: string;
}

/** A batch of portals that is looked through now and then. Times in ms. */
export interface Turn {
  batch: number;
  everyMs: number;
  /** A batch that is new has its first turn so long from now. */
  firstInMs: number;
}

/**
 * How far each portal is caught up. Kept here and not in Temporal, so that a portal may be looked at by one schedule
 * today and by another tomorrow. Everything throws the driver's errors.
 */
export interface CatchUps {
  /** Begins with portals that are not known yet, each from a moment (ISO time) on; the others stay as they are. */
  begin(portals: readonly { portalId: PortalId; since: string }[]): Promise<void>;
  /** Forgets every portal but these: should it be looked at again, it begins anew. */
  keepOnly(portalIds: readonly PortalId[]): Promise<void>;
  of(portalIds: readonly PortalId[]): Promise<CaughtUp[]>;
  /** Notes looks; a portal that is unknown stays so, and none goes back. */
  note(looks: readonly Look[]): Promise<void>;
  /** Notes how far a portal was looked through; it never goes back. */
  advance(portalId: PortalId, checkedUntil: string): Promise<void>;
  /**
   * Takes a turn that is due, for this worker alone; where none is, says in how many ms the next one will be. A turn
   * that is not settled comes again after ten minutes: its worker has died.
   */
  takeTurn(turns: readonly Turn[]): Promise<{ batch: number } | { inMs: number }>;
  /** A batch that was taken has its next turn so long from now, in ms. */
  settleTurn(batch: number, inMs: number): Promise<void>;
}

/** A statement takes so many rows: PostgreSQL's limit is 65,535 parameters. */
const ROWS = 5_000;

const inParts = async <Item>(items: readonly Item[], work: (part: Item[]) => Promise<unknown>): Promise<void> => {
  for (let at = 0; at < items.length; at += ROWS) await work(items.slice(at, at + ROWS));
};

/** A look at a batch takes less, in ms: a worker that has not settled its turn by then is dead. */
const TURN_MS = 10 * 60_000;

/** A worker whose clock is ahead has looked at nothing that is still to come: the database's clock says what is. */
const notAhead = (time: RawBuilder<unknown>) =>
  sql`case when ${time} > clock_timestamp() then clock_timestamp() else ${time} end`;

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export const createCatchUps = (db: Kysely<Database>): CatchUps => ({
  begin: (portals) =>
    inParts(portals, (part) =>
      db
        .insertInto('catch_ups')
        .values(part.map(({ portalId, since }) => ({ portal_id: portalId, checked_until: new Date(since) })))
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    ),
  async keepOnly(portalIds) {
    await db
      .deleteFrom('catch_ups')
      .where(sql<boolean>`not (portal_id = any(${[...portalIds]}::text[]))`)
      .execute();
  },
  async of(portalIds) {
    const rows = await db
      .selectFrom('catch_ups')
      .selectAll()
      .where(sql<boolean>`portal_id = any(${[...portalIds]}::text[])`)
      .execute();
    return rows.map(({ portal_id, checked_until, looked_at, news_at }) => ({
      portalId: portal_id,
      checkedUntil: checked_until.toISOString(),
      lookedAt: iso(looked_at),
      newsAt: iso(news_at),
    }));
  },
  async note(looks) {
    if (looks.length === 0) return;
    const at = (time: string | undefined): string | null => time ?? null;
    await sql`
      update catch_ups as known set
        checked_until = greatest(known.checked_until, ${notAhead(sql`look.checked_until`)}),
        looked_at = greatest(known.looked_at, ${notAhead(sql`look.at`)}),
        news_at = case
          when look.had_news or known.news_at is null then greatest(known.news_at, ${notAhead(sql`look.at`)})
          else known.news_at
        end
      from unnest(
        ${looks.map(({ portalId }) => portalId)}::text[],
        ${looks.map((look) => look.at)}::timestamptz[],
        ${looks.map(({ hadNews }) => hadNews)}::boolean[],
        ${looks.map(({ checkedUntil }) => at(checkedUntil))}::timestamptz[]
      ) as look (portal_id, at, had_news, checked_until)
      where known.portal_id = look.portal_id`.execute(db);
  },
  async advance(portalId, checkedUntil) {
    await db
      .updateTable('catch_ups')
      .set({ checked_until: sql`greatest(checked_until, ${notAhead(sql`${new Date(checkedUntil)}::timestamptz`)})` })
      .where('portal_id', '=', portalId)
      .execute();
  },
  async takeTurn(turns) {
    const wanted = sql`unnest(
      ${turns.map(({ batch }) => batch)}::int[],
      ${turns.map(({ everyMs }) => everyMs)}::float8[],
      ${turns.map(({ firstInMs }) => firstInMs)}::float8[]
    ) as wanted (batch, every_ms, first_in_ms)`;
    await sql`
      insert into catch_up_turns (batch, due_at)
      select batch, clock_timestamp() + first_in_ms * interval '1 millisecond' from ${wanted}
      on conflict do nothing`.execute(db);
    // One that is due later than ever was made by another setting.
    const { rows: taken } = await sql<{ batch: number }>`
      update catch_up_turns set due_at = clock_timestamp() + ${TURN_MS} * interval '1 millisecond'
      where batch = (
        select batch from catch_up_turns join ${wanted} using (batch)
        where due_at <= clock_timestamp()
          or due_at > clock_timestamp() + greatest(every_ms, ${TURN_MS}) * interval '1 millisecond'
        order by due_at for update of catch_up_turns skip locked limit 1
      )
      returning batch`.execute(db);
    const [turn] = taken;
    if (turn) return { batch: turn.batch };
    const { rows } = await sql<{ in_ms: number | null }>`
      select (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::float8 as in_ms
      from catch_up_turns join ${wanted} using (batch)`.execute(db);
    return { inMs: Math.max(0, rows[0]?.in_ms ?? TURN_MS) };
  },
  async settleTurn(batch, inMs) {
    await db
      .updateTable('catch_up_turns')
      .set({ due_at: sql`clock_timestamp() + ${inMs}::float8 * interval '1 millisecond'` })
      .where('batch', '=', batch)
      .execute();
  },
});
