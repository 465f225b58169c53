import { type Kysely, sql, type UpdateObject } from 'kysely';
import type { ActorId, PortalId } from '../hubspot/ids.ts';
import type { Grant } from '../hubspot/oauth.ts';
import type { Database } from '../sessions/schema.ts';
import type { Seal } from './seal.ts';

/** A portal that installed the app. */
export interface Installation {
  portalId: PortalId;
  /** Chosen when it was installed. */
  aiActorId: ActorId;
  /** The reason why somebody has to connect the portal again; `null` while its tokens are good. */
  reconnect: string | null;
  /** The reason why its tokens can't be renewed, though HubSpot has not refused them. Absent while they can. */
  trouble?: string;
}

/** The tokens of an installation as they are now. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** ms since the epoch. */
  expiresAt: number;
  reconnect: string | null;
  /** When HubSpot refused the refresh token last, in ms since the epoch; `null`: never, since it was installed. */
  refusedAt: number | null;
}

/**
 * An installation's tokens become one of these: new ones, none any more, they stay though new ones were asked for, or
 * they stay.
 */
export type Renewal =
  | { grant: Grant; at: number }
  | { reconnect: string; at: number }
  | { trouble: string }
  | 'as-they-are';

/** An installation meets this. */
export interface Standing {
  /** So many other portals have installed the app. */
  others: number;
  /** The installation of the same portal, where there is one. `scopes` are sorted; `null`: not known. */
  before: { aiActorId: ActorId; scopes: readonly string[] | null } | null;
}

/** An installation ends as one of these: it counts, waits until somebody confirms it, or is none. */
export type Decision = 'install' | 'wait' | 'refuse';

/**
 * An installation that changes the one that is there, and waits until somebody confirms it. Its tokens are not used
 * until then.
 */
export interface WaitingInstallation {
  portalId: PortalId;
  aiActorId: ActorId;
  scopes: readonly string[] | null;
  /** ms since the epoch; with the portal it names this one and no later one. */
  askedAt: number;
  before: NonNullable<Standing['before']>;
}

/** The installations in the session database. Tokens are in it sealed only. Throws the driver's errors. */
export interface InstallationStore {
  list(): Promise<Installation[]>;
  /** `null`: not installed. @throws {SealBroken} */
  tokens(portalId: PortalId): Promise<Tokens | null>;
  /** A new installation, or one that is made good again. `at`: ms since the epoch. */
  save(grant: Grant, aiActorId: ActorId, at: number): Promise<void>;
  /** Gives what an installation of this portal would meet now. */
  standing(portalId: PortalId): Promise<Standing>;
  /**
   * Does what `decide` says, and gives it back. Of several at once each sees what became of the one before. `at`: ms
   * since the epoch.
   */
  install(grant: Grant, aiActorId: ActorId, at: number, decide: (standing: Standing) => Decision): Promise<Decision>;
  /** Those that wait for somebody's word since `since` (ms since the epoch) or later, the oldest first. */
  waiting(since: number): Promise<WaitingInstallation[]>;
  /**
   * Ends the waiting of one that has waited since `since` or later: it counts from now on, or is forgotten. `null`: it
   * waits no more, or is another one by now. `askedAt`, `since`: ms since the epoch.
   */
  settle(
    portalId: PortalId,
    askedAt: number,
    as: 'confirmed' | 'refused',
    since: number,
  ): Promise<WaitingInstallation | null>;
  /**
   * Lets one process at a time change a portal's tokens: the others wait, and then see what it made of them. Gives the
   * tokens as they are after `renew`.
   */
  renewing(portalId: PortalId, renew: (tokens: Tokens) => Promise<Renewal>): Promise<Tokens | null>;
  /** Says whether this state of OAuth comes back for the first time. */
  useState(nonce: string): Promise<boolean>;
}

/** A state is refused by its age long before. */
const STATES_KEPT = '1 day';

/** One installation at a time is decided on, by this number of PostgreSQL's advisory locks. */
const INSTALLING = 7_031_966;

const purposeOf = (portalId: PortalId, what: 'access' | 'refresh'): string => `${what}-token:${portalId}`;

const scopesIn = (column: string | null): string[] | null =>
  column === null ? null : column.split(' ').filter((scope) => scope !== '');

/** As they are stored and compared: in order, each once. `undefined`: HubSpot did not say. */
const storedScopes = (scopes: readonly string[] | undefined) =>
  scopes === undefined ? {} : { scopes: [...new Set(scopes)].sort().join(' ') };

export const createInstallationStore = (db: Kysely<Database>, seal: Seal): InstallationStore => {
  const sealed = ({ portalId, accessToken, refreshToken, expiresInMs, scopes }: Grant, at: number) => ({
    access_token: seal.seal(accessToken, purposeOf(portalId, 'access')),
    refresh_token: seal.seal(refreshToken, purposeOf(portalId, 'refresh')),
    expires_at: new Date(at + expiresInMs),
    ...storedScopes(scopes),
  });
  const good = { reconnect: null, trouble: null, refused_at: null };

  const read = (on: Kysely<Database>, portalId: PortalId) =>
    on
      .selectFrom('installations')
      .select(['access_token', 'refresh_token', 'expires_at', 'reconnect', 'refused_at', 'trouble'])
      .where('portal_id', '=', portalId);

  const opened = (
    portalId: PortalId,
    row: {
      access_token: string;
      refresh_token: string;
      expires_at: Date;
      reconnect: string | null;
      refused_at: Date | null;
    },
  ): Tokens => ({
    accessToken: seal.open(row.access_token, purposeOf(portalId, 'access')),
    refreshToken: seal.open(row.refresh_token, purposeOf(portalId, 'refresh')),
    expiresAt: row.expires_at.getTime(),
    reconnect: row.reconnect,
    refusedAt: row.refused_at?.getTime() ?? null,
  });

  const put = async (
    on: Kysely<Database>,
    portalId: PortalId,
    tokens: { access_token: string; refresh_token: string; expires_at: Date; scopes?: string | null },
    aiActorId: ActorId,
  ): Promise<void> => {
    const values = { ...tokens, ...good, ai_actor_id: aiActorId };
    await on
      .insertInto('installations')
      .values({ portal_id: portalId, ...values })
      .onConflict((conflict) => conflict.column('portal_id').doUpdateSet(values))
      .execute();
    await on.deleteFrom('waiting_installations').where('portal_id', '=', portalId).execute();
  };

  const standing = async (on: Kysely<Database>, portalId: PortalId): Promise<Standing> => {
    const rows = await on.selectFrom('installations').select(['portal_id', 'ai_actor_id', 'scopes']).execute();
    const before = rows.find((row) => row.portal_id === portalId);
    return {
      others: rows.length - (before ? 1 : 0),
      before: before ? { aiActorId: before.ai_actor_id, scopes: scopesIn(before.scopes) } : null,
    };
  };

  const waitingRows = (on: Kysely<Database>) =>
    on
      .selectFrom('waiting_installations as waiting')
      .innerJoin('installations as before', 'before.portal_id', 'waiting.portal_id')
      .selectAll('waiting')
      .select(['before.ai_actor_id as actor_before', 'before.scopes as scopes_before'])
      .orderBy('waiting.asked_at');
  const waitingIn = (row: Awaited<ReturnType<ReturnType<typeof waitingRows>['execute']>>[number]) => ({
    portalId: row.portal_id,
    aiActorId: row.ai_actor_id,
    scopes: scopesIn(row.scopes),
    askedAt: row.asked_at.getTime(),
    before: { aiActorId: row.actor_before, scopes: scopesIn(row.scopes_before) },
  });

  const forgetBefore = async (on: Kysely<Database>, since: number): Promise<void> => {
    await on.deleteFrom('waiting_installations').where('asked_at', '<', new Date(since)).execute();
  };

  const oneAtATime = async (on: Kysely<Database>): Promise<void> => {
    await sql`select pg_advisory_xact_lock(${sql.lit(INSTALLING)})`.execute(on);
  };

  return {
    async list() {
      const rows = await db
        .selectFrom('installations')
        .select(['portal_id as portalId', 'ai_actor_id as aiActorId', 'reconnect', 'trouble'])
        .orderBy('installed_at')
        .execute();
      return rows.map(({ trouble, ...row }) => (trouble === null ? row : { ...row, trouble }));
    },

    async tokens(portalId) {
      const row = await read(db, portalId).executeTakeFirst();
      return row ? opened(portalId, row) : null;
    },

    save: (grant, aiActorId, at) => put(db, grant.portalId, sealed(grant, at), aiActorId),

    standing: (portalId) => standing(db, portalId),

    install: (grant, aiActorId, at, decide) =>
      db.transaction().execute(async (transaction) => {
        await oneAtATime(transaction);
        const { portalId } = grant;
        const decision = decide(await standing(transaction, portalId));
        if (decision === 'install') await put(transaction, portalId, sealed(grant, at), aiActorId);
        if (decision === 'wait') {
          const values = { scopes: null, ...sealed(grant, at), ai_actor_id: aiActorId, asked_at: new Date(at) };
          await transaction
            .insertInto('waiting_installations')
            .values({ portal_id: portalId, ...values })
            .onConflict((conflict) => conflict.column('portal_id').doUpdateSet(values))
            .execute();
        }
        return decision;
      }),

    async waiting(since) {
      await forgetBefore(db, since);
      return (await waitingRows(db).execute()).map(waitingIn);
    },

    settle: (portalId, askedAt, as, since) =>
      db.transaction().execute(async (transaction) => {
        await oneAtATime(transaction);
        await forgetBefore(transaction, since);
        const row = await waitingRows(transaction).where('waiting.portal_id', '=', portalId).executeTakeFirst();
        if (!row || row.asked_at.getTime() !== askedAt) return null;
        const { access_token, refresh_token, expires_at, scopes, ai_actor_id } = row;
        const tokens = { access_token, refresh_token, expires_at, scopes };
        if (as === 'confirmed') await put(transaction, portalId, tokens, ai_actor_id);
        await transaction.deleteFrom('waiting_installations').where('portal_id', '=', portalId).execute();
        return waitingIn(row);
      }),

    renewing: (portalId, renew) =>
      db.transaction().execute(async (transaction) => {
        const row = await read(transaction, portalId).forUpdate().executeTakeFirst();
        if (!row) return null;
        const tokens = opened(portalId, row);
        const renewal = await renew(tokens);
        if (renewal === 'as-they-are') return tokens;
        const update = async (change: UpdateObject<Database, 'installations'>): Promise<void> => {
          await transaction.updateTable('installations').set(change).where('portal_id', '=', portalId).execute();
        };
        if ('trouble' in renewal) {
          if (renewal.trouble !== row.trouble) await update({ trouble: renewal.trouble });
          return tokens;
        }
        if ('grant' in renewal) {
          const grant = { ...renewal.grant, portalId };
          await update({ ...sealed(grant, renewal.at), ...good });
          return { ...grant, expiresAt: renewal.at + grant.expiresInMs, reconnect: null, refusedAt: null };
        }
        const { reconnect, at } = renewal;
        await update({ reconnect, trouble: null, refused_at: new Date(at) });
        return { ...tokens, reconnect, refusedAt: at };
      }),

    async useState(nonce) {
      await db
        .deleteFrom('used_install_states')
        .where('used_at', '<', sql<Date>`now() - ${sql.lit(STATES_KEPT)}::interval`)
        .execute();
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('used_install_states')
        .values({ nonce })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },
  };
};
