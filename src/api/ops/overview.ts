import pMap from 'p-map';
import type { ActorId, PortalId } from '../../hubspot/ids.ts';
import type { Installation, WaitingInstallation } from '../../installations/store.ts';
import { cached } from '../../lib/cached.ts';
import { withDeadline } from '../../lib/deadline.ts';
import type { OutcomeReport } from '../../reports/outcome-report.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import type { SourceState } from '../../sessions/knowledge.ts';
import type { WaitingCustomers } from '../../sessions/outcomes.ts';
import type { SessionOverview } from '../../sessions/session-overview.ts';
import type { Stop } from '../../sessions/stops.ts';
import type { AttentionRuns, RunOverview, Skips } from '../../temporal/run-overview.ts';
import type { Drafts } from './drafts.ts';

/** A part that could be read, or the reason why not, in a line for people. */
export type Reading<Value> = { known: Value } | { unknown: string };

/** The state of one portal. */
export interface PortalHealth {
  portalId: PortalId;
  aiActorId: ActorId;
  /**
   * Its token stands in the settings, or it installed the app, and somebody may have to connect it again, or to correct
   * what keeps its tokens from being renewed.
   */
  connection: 'configured' | 'connected' | 'reconnect-needed' | 'token-trouble';
  /** The advice for `token-trouble`: what to do. */
  trouble?: string;
  /** When the newest run of one of its events began, as far as Temporal remembers. */
  lastEvent: Date | null;
}

/** All that the desk shows. */
export interface Overview {
  /** Customers whom the AI handed to agents, and who wait for one. */
  waits: Reading<WaitingCustomers>;
  outcomes: Reading<OutcomeReport>;
  /** Drafts that wait for a person; absent where they can't be decided here. */
  drafts?: Reading<Drafts>;
  /** Where an operator has stopped the AI. */
  stops: Reading<Stop[]>;
  attention: Reading<AttentionRuns>;
  sessions: Reading<SessionOverview>;
  skips: Reading<Skips>;
  portals: Reading<PortalHealth[]>;
  /** How the sources of articles are; absent where the database can't be seen from here, which `sessions` says. */
  knowledge?: Reading<SourceState[]>;
  /** Installations that wait until somebody confirms them; absent where portals can't install the app. */
  waiting?: Reading<WaitingInstallation[]>;
}

export interface OverviewSources {
  runs: Omit<RunOverview, 'repeat'>;
  /** `null`: the sessions are in another process's embedded database. */
  sessions: (() => Promise<SessionOverview>) | null;
  knowledge?: (() => Promise<SourceState[]>) | null;
  drafts?: () => Promise<Drafts>;
  /** `null`: as the sessions. */
  waits: (() => Promise<WaitingCustomers>) | null;
  /** `null`: as the sessions. */
  outcomes: (() => Promise<OutcomeReport>) | null;
  /** `null`: as the sessions. */
  stops: (() => Promise<Stop[]>) | null;
  configured: readonly PortalSettings[];
  /** Portals that installed the app are here; `null` where none can. */
  installed: {
    settings: () => Promise<readonly PortalSettings[]>;
    list: () => Promise<readonly Installation[]>;
    waiting?: () => Promise<WaitingInstallation[]>;
  } | null;
}

/** Somebody waits for the page. */
const DEADLINE_MS = 8_000;
/** Counts of skip reasons serve this long, in ms: some thirty and more calls of Temporal each. */
const SKIPS_MS = 10_000;
/** How long outcomes serve, in ms: they change with each conversation, and nobody acts on one. */
const OUTCOMES_MS = 30_000;
/** The portals are read anew after this long, in ms: each takes two calls. */
const PORTALS_MS = 5_000;
const SKIP_DAYS = 7;
const AT_ONCE = 8;

const TEMPORAL_AWAY = "Temporal doesn't answer: check that it is up. The log says more.";
const DATABASE_AWAY = "The session database doesn't answer: check that it is up. The log says more.";
const EITHER_AWAY = "Temporal or the session database doesn't answer: check that both are up. The log says which.";
const SESSIONS_ELSEWHERE =
  'The sessions are in the embedded database of another process: with DATABASE_URL they can be seen here.';

const STOPS_ELSEWHERE =
  'The AI can be stopped from here once the API has the database (DATABASE_URL). Until then: npm run stop, ' +
  'where the worker runs.';

const connectionOf = (installation: Installation | undefined): Pick<PortalHealth, 'connection' | 'trouble'> => {
  if (installation && installation.reconnect !== null) return { connection: 'reconnect-needed' };
  const trouble = installation?.trouble;
  return trouble === undefined ? { connection: 'connected' } : { connection: 'token-trouble', trouble };
};

/**
 * Reads what there is. What can't be read says so in its place, and keeps nothing else from being shown; `failed` gets
 * the error.
 */
export const createOverview = (
  { runs, waits, outcomes, sessions, stops, knowledge, drafts, configured, installed }: OverviewSources,
  failed: (error: unknown) => void,
): (() => Promise<Overview>) => {
  const tryReading = async <Value>(read: () => Promise<Value>, otherwise: string): Promise<Reading<Value>> => {
    try {
      return { known: await withDeadline(read(), DEADLINE_MS) };
    } catch (error) {
      failed(error);
      return { unknown: otherwise };
    }
  };

  const skips = cached(() => runs.skips(SKIP_DAYS), SKIPS_MS);

  const outcomesNow = outcomes && cached(outcomes, OUTCOMES_MS);

  const portals = cached(async (): Promise<PortalHealth[]> => {
    const [others, installations] = installed ? await Promise.all([installed.settings(), installed.list()]) : [[], []];
    const installationOf = new Map(installations.map((installation) => [installation.portalId, installation]));
    const all: Omit<PortalHealth, 'lastEvent'>[] = [
      ...configured.map(({ portalId, aiActorId }) => ({ portalId, aiActorId, connection: 'configured' as const })),
      ...others.map(({ portalId, aiActorId }) => ({
        portalId,
        aiActorId,
        ...connectionOf(installationOf.get(portalId)),
      })),
    ];
    return await pMap(all, async (portal) => ({ ...portal, lastEvent: await runs.lastEvent(portal.portalId) }), {
      concurrency: AT_ONCE,
    });
  }, PORTALS_MS);

  return async () => {
    const [waitsNow, outcomesRead, stopsNow, attention, sessionsNow, skipsNow, portalsNow, ...others] =
      await Promise.all([
        waits ? tryReading(waits, DATABASE_AWAY) : { unknown: SESSIONS_ELSEWHERE },
        outcomesNow ? tryReading(outcomesNow, DATABASE_AWAY) : { unknown: SESSIONS_ELSEWHERE },
        stops ? tryReading(stops, DATABASE_AWAY) : { unknown: STOPS_ELSEWHERE },
        tryReading(() => runs.needingAttention(), TEMPORAL_AWAY),
        sessions ? tryReading(sessions, DATABASE_AWAY) : { unknown: SESSIONS_ELSEWHERE },
        tryReading(skips, TEMPORAL_AWAY),
        tryReading(portals, installed ? EITHER_AWAY : TEMPORAL_AWAY),
        installed?.waiting ? tryReading(installed.waiting, DATABASE_AWAY) : undefined,
        knowledge ? tryReading(knowledge, DATABASE_AWAY) : undefined,
        drafts ? tryReading(drafts, TEMPORAL_AWAY) : undefined,
      ]);
    const [waiting, knowledgeNow, draftsNow] = others;
    return {
      waits: waitsNow,
      outcomes: outcomesRead,
      stops: stopsNow,
      attention,
      sessions: sessionsNow,
      skips: skipsNow,
      portals: portalsNow,
      ...(knowledgeNow ? { knowledge: knowledgeNow } : {}),
      ...(waiting ? { waiting } : {}),
      ...(draftsNow ? { drafts: draftsNow } : {}),
    };
  };
};
