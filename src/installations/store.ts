import { type Kysely, sql } from 'kysely';
import type { ActorId, PortalId } from '../hubspot/ids.ts';
import type { Grant } from '../hubspot/oauth.ts';
import type { Database } from '../sessions/schema.ts';
import type { Seal } from './seal.ts';

/** A portal that installed the app. */
export interface Installation {
  portalId: PortalId;
  /** Chosen when it was installed. */
  aiActorId: ActorId;
  /** Why somebody has to connect the portal again; `null` while its tokens are good. */
  reconnect: string | null;
}

/** The tokens of an installation as they are now. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** ms since the epoch. */
  expiresAt: number;
  reconnect: string | null;
}

/** What becomes of an installation's tokens: new ones, none any more, or they stay. */
export type Renewal = { grant: Grant; at: number } | { reconnect: string } | 'as-they-are';

/** The installations in the session database. Tokens are in it sealed only. Throws the driver's errors. */
export interface InstallationStore {
  list(): Promise<Installation[]>;
  /** `null`: not installed. @throws {SealBroken} */
  tokens(portalId: PortalId): Promise<Tokens | null>;
  /** A new installation, or one that is made good again. `at`: ms since the epoch. */
  save(grant: Grant, aiActorId: ActorId, at: number): Promise<void>;
  /**
   * Lets one process at a time change a portal's tokens: the others wait, and then see what it made of them. Gives the
   * tokens as they are after `renew`.
   */
  renewing(portalId: PortalId, renew: (tokens: Tokens) => Promise<Renewal>): Promise<Tokens | null>;
  /** Whether this state of OAuth comes back for the first time. */
  useState(nonce: string): Promise<boolean>;
}

/** A state is refused by its age long before. */
const STATES_KEPT = '1 day';

const purposeOf = (portalId: PortalId, what: 'access' | 'refresh'): string => `${what}-token:${portalId}`;

export const createInstallationStore = (db: Kysely<Database>, seal: Seal): InstallationStore => {
  const sealed = ({ portalId, accessToken, refreshToken, expiresInMs }: Grant, at: number) => ({
    access_token: seal.seal(accessToken, purposeOf(portalId, 'access')),
    refresh_token: seal.seal(refreshToken, purposeOf(portalId, 'refresh')),
    expires_at: new Date(at + expiresInMs),
    reconnect: null,
  });

  const read = (on: Kysely<Database>, portalId: PortalId) =>
    on
      .selectFrom('installations')
      .select(['access_token', 'refresh_token', 'expires_at', 'reconnect'])
      .where('portal_id', '=', portalId);

  const opened = (
    portalId: PortalId,
    row: { access_token: string; refresh_token: string; expires_at: Date; reconnect: string | null },
  ): Tokens => ({
    accessToken: seal.open(row.access_token, purposeOf(portalId, 'access')),
    refreshToken: seal.open(row.refresh_token, purposeOf(portalId, 'refresh')),
    expiresAt: row.expires_at.getTime(),
    reconnect: row.reconnect,
  });

  return {
    list: () =>
      db
        .selectFrom('installations')
        .select(['portal_id as portalId', 'ai_actor_id as aiActorId', 'reconnect'])
        .orderBy('installed_at')
        .execute(),

    async tokens(portalId) {
      const row = await read(db, portalId).executeTakeFirst();
      return row ? opened(portalId, row) : null;
    },

    async save(grant, aiActorId, at) {
      const values = { ...sealed(grant, at), ai_actor_id: aiActorId };
      await db
        .insertInto('installations')
        .values({ portal_id: grant.portalId, ...values })
        .onConflict((conflict) => conflict.column('portal_id').doUpdateSet(values))
        .execute();
    },

    renewing: (portalId, renew) =>
      db.transaction().execute(async (transaction) => {
        const row = await read(transaction, portalId).forUpdate().executeTakeFirst();
        if (!row) return null;
        const tokens = opened(portalId, row);
        const renewal = await renew(tokens);
        if (renewal === 'as-they-are') return tokens;
        const change = 'grant' in renewal ? sealed({ ...renewal.grant, portalId }, renewal.at) : renewal;
        await transaction.updateTable('installations').set(change).where('portal_id', '=', portalId).execute();
        return 'grant' in renewal
          ? { ...renewal.grant, expiresAt: renewal.at + renewal.grant.expiresInMs, reconnect: null }
          : { ...tokens, ...renewal };
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
