import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { type CallLedger, createLocalLedger, retryInMs, WINDOW_MS } from '../hubspot/call-ledger.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { Database } from './schema.ts';

/** What a worker has leased and not made is everybody's again after so long, in ms, also where the worker has died. */
const LEASE_MS = 500;

/** The database is waited for so long, in ms, and left alone for so long after it did not answer. */
const DEADLINE_MS = 2_000;
const LEFT_ALONE_MS = 1_000;

/**
 * For so long, in ms, a worker makes no call where the database does not answer. It may be slow, or out of reach for
 * this worker alone, while the others use the whole limit.
 */
const SILENT_MS = 10_000;

/** Without the database, a worker takes this part of the limit for its share. */
const SHARE = 4;

/** Calls that were made are of the lease '', whoever made them. */
const NO_LEASE = 'none';

interface Row {
  granted: number;
  /** Milliseconds since the epoch, the database's clock, as all of them. */
  asked_at: number | string;
  closed_until: number | string;
  untils: (number | string)[];
}

/**
 * The ledger of one portal's calls that all workers of the database share, in one statement for each lease. All times
 * are the database's; of its own clock a worker only says how long ago something was.
 *
 * Where the database does not answer in time, the worker makes no call for {@link SILENT_MS}. From then on, until the
 * database answers, it keeps to a quarter of the limit by itself. `onTrouble` gets the reason, once each time.
 */
export const createSqlCallLedger = (
  db: Kysely<Database>,
  portalId: PortalId,
  { onTrouble = () => undefined, silentMs = SILENT_MS }: { onTrouble?: (error: unknown) => void; silentMs?: number },
): CallLedger => {
  const own = createLocalLedger();
  /** What this worker has leased last. */
  let before = NO_LEASE;
  /** Since when the database has not answered, and until when it is left alone. */
  let trouble: { since: number; until: number } | null = null;

  const ask = async (lease: string, limits: readonly number[], made: readonly number[]): Promise<Row> => {
    // A new row's calls are within every limit, or the limit is none.
    const first = limits.findIndex((limit, place) => place + 1 > limit);
    const granted = first === -1 ? limits.length : first;
    const { rows } = await sql<Row>`
      insert into hubspot_calls as known (portal_id, leases, untils, granted, asked_at)
      select
        ${portalId}, array_fill(${lease}::text, array[${granted}::int]),
        array_fill(clock.now + ${LEASE_MS}::bigint, array[${granted}::int]), ${granted}::int, clock.now
      from (select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now) as clock
      on conflict (portal_id) do update set (leases, untils, granted, asked_at) = (
        select
          kept.leases || array_fill(${lease}::text, array[allowed.calls]),
          kept.untils || array_fill(clock.now + ${LEASE_MS}::bigint, array[allowed.calls]),
          allowed.calls,
          clock.now
        from (select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now) as clock
        cross join lateral (
          select coalesce(array_agg(call.lease), '{}') as leases, coalesce(array_agg(call.until), '{}') as untils
          from (
            select * from unnest(known.leases, known.untils) as leased(lease, until) where lease <> ${before}::text
            union all
            select '', clock.now - age from unnest(${[...made]}::int[]) as age
          ) as call
          where call.until > clock.now - ${WINDOW_MS}::bigint and call.until <= clock.now + ${LEASE_MS}::bigint
        ) as kept
        cross join lateral (
          select
            case when known.closed_until > clock.now then 0 else count(*)::int end as calls
          from unnest(${[...limits]}::int[]) with ordinality as waiting(most, place)
          where cardinality(kept.untils) + place <= most
        ) as allowed
      )
      returning granted, asked_at, closed_until, untils`.execute(db);
    return rows[0] as Row;
  };

  return {
    isDear: true,
    async lease({ limits, made }) {
      if (trouble === null || performance.now() >= trouble.until) {
        const lease = randomUUID();
        const askedAt = performance.now();
        try {
          const row = await withDeadline(ask(lease, limits, made), DEADLINE_MS);
          before = lease;
          trouble = null;
          own.count(row.granted);
          const now = Number(row.asked_at);
          const left = limits.slice(row.granted);
          return {
            calls: row.granted,
            forMs: LEASE_MS,
            retryInMs: retryInMs(
              left,
              row.untils.map((until) => Number(until) + WINDOW_MS - now),
            ),
            closedForMs: Math.max(0, Number(row.closed_until) - now),
          };
        } catch (error) {
          // What it has leased, if anything, comes back by itself.
          before = NO_LEASE;
          if (trouble === null) onTrouble(error);
          trouble = { since: trouble?.since ?? askedAt, until: performance.now() + LEFT_ALONE_MS };
        }
      }
      const isSilent = performance.now() < trouble.since + silentMs;
      const share = limits.map((limit) => (isSilent ? 0 : Math.max(1, Math.floor(limit / SHARE))));
      const lease = await own.lease({ limits: share, made });
      return isSilent ? { ...lease, retryInMs: LEFT_ALONE_MS } : lease;
    },
    async close(forMs) {
      await own.close(forMs);
      const until = sql`floor(extract(epoch from clock_timestamp()) * 1000)::bigint + ${Math.ceil(forMs)}::bigint`;
      try {
        await sql`
          insert into hubspot_calls as known (portal_id, leases, untils, granted, asked_at, closed_until)
          values (${portalId}, '{}', '{}', 0, 0, ${until})
          on conflict (portal_id) do update set closed_until = greatest(known.closed_until, excluded.closed_until)
        `.execute(db);
      } catch (error) {
        // This worker keeps to it by itself; HubSpot refuses the others' calls, too.
        onTrouble(error);
      }
    },
  };
};
