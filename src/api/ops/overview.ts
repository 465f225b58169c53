import pMap from 'p-map';
import type { ActorId, PortalId } from '../../hubspot/ids.ts';
import type { Installation } from '../../installations/store.ts';
import { cached } from '../../lib/cached.ts';
import { withDeadline } from '../../lib/deadline.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import type { SessionOverview } from '../../sessions/session-overview.ts';
import type { AttentionRuns, RunOverview, Skips } from '../../temporal/run-overview.ts';

/** What could be read, or why not, in a line for people. */
export type Told<Value> = { known: Value } | { unknown: string };

/** How one portal is. */
export interface PortalHealth {
  portalId: PortalId;
  aiActorId: ActorId;
  /** Its token stands in the settings, or it installed the app, and somebody may have to connect it again. */
  connection: 'configured' | 'connected' | 'reconnect-needed';
  /** When the newest run of one of its events began, as far as Temporal remembers. */
  lastEvent: Date | null;
}

/** All that the operations page shows. */
export interface Overview {
  attention: Told<AttentionRuns>;
  sessions: Told<SessionOverview>;
  skips: Told<Skips>;
  portals: Told<PortalHealth[]>;
}

export interface OverviewSources {
  runs: Omit<RunOverview, 'repeat'>;
  /** `null`: the sessions are in another process's embedded database. */
  sessions: (() => Promise<SessionOverview>) | null;
  configured: readonly PortalSettings[];
  /** Those that installed the app; `null` where portals can't. */
  installed: {
    settings: () => Promise<readonly PortalSettings[]>;
    list: () => Promise<readonly Installation[]>;
  } | null;
}

/** Somebody waits for the page. */
const DEADLINE_MS = 8_000;
/** How long counts of skip reasons serve, in ms: some thirty and more calls of Temporal each. */
const SKIPS_MS = 10_000;
/** The same of portals, two calls each. */
const PORTALS_MS = 5_000;
const SKIP_DAYS = 7;
const AT_ONCE = 8;

const TEMPORAL_AWAY = "Temporal doesn't answer: check that it is up. The log says more.";
const DATABASE_AWAY = "The session database doesn't answer: check that it is up. The log says more.";
const EITHER_AWAY = "Temporal or the session database doesn't answer: check that both are up. The log says which.";
const SESSIONS_ELSEWHERE =
  'The sessions are in the embedded database of another process: with DATABASE_URL they can be seen here.';

/** Reads what there is. What can't be read says so in its place, and keeps nothing else from being shown; `failed` is told why. */
export const createOverview = (
  { runs, sessions, configured, installed }: OverviewSources,
  failed: (error: unknown) => void,
): (() => Promise<Overview>) => {
  const told = async <Value>(read: () => Promise<Value>, otherwise: string): Promise<Told<Value>> => {
    try {
      return { known: await withDeadline(read(), DEADLINE_MS) };
    } catch (error) {
      failed(error);
      return { unknown: otherwise };
    }
  };

  const skips = cached(() => runs.skips(SKIP_DAYS), SKIPS_MS);

  const portals = cached(async (): Promise<PortalHealth[]> => {
    const [others, installations] = installed ? await Promise.all([installed.settings(), installed.list()]) : [[], []];
    const broken = new Set(installations.filter(({ reconnect }) => reconnect !== null).map(({ portalId }) => portalId));
    const all = [
      ...configured.map((portal) => ({ ...portal, connection: 'configured' as const })),
      ...others.map((portal) => ({
        ...portal,
        connection: broken.has(portal.portalId) ? ('reconnect-needed' as const) : ('connected' as const),
      })),
    ];
    return await pMap(
      all,
      async ({ portalId, aiActorId, connection }) => {
        return { portalId, aiActorId, connection, lastEvent: await runs.lastEvent(portalId) };
      },
      { concurrency: AT_ONCE },
    );
  }, PORTALS_MS);

  return async () => {
    const [attention, sessionsNow, skipsNow, portalsNow] = await Promise.all([
      told(() => runs.needingAttention(), TEMPORAL_AWAY),
      sessions ? told(sessions, DATABASE_AWAY) : { unknown: SESSIONS_ELSEWHERE },
      told(skips, TEMPORAL_AWAY),
      told(portals, installed ? EITHER_AWAY : TEMPORAL_AWAY),
    ]);
    return { attention, sessions: sessionsNow, skips: skipsNow, portals: portalsNow };
  };
};
