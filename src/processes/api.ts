import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { createApp, createOpsApp, START_DEADLINE_MS, WEBHOOK_PATH } from '../api/app.ts';
import { createApiMetrics, registerDroppedConnections, registerInstallations } from '../api/metrics.ts';
import { createOverview } from '../api/ops/overview.ts';
import { DRAFTS_SHOWN } from '../api/ops/page.ts';
import { isOperator, type OpsDependencies, opsRoutes } from '../api/ops/routes.ts';
import { temporalLinks } from '../api/ops/temporal-links.ts';
import { createVisits, type Visits } from '../api/ops/visits.ts';
import { ratingRoutes } from '../api/rating/routes.ts';
import { type Listening, listen } from '../api/server.ts';
import { createFindOwn, type OwnNotes } from '../api/webhook/own-changes.ts';
import type { Config, SettingInForce } from '../config.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { cached } from '../lib/cached.ts';
import { asksForRatings } from '../rules/rating/may-ask.ts';
import type { OpenDatabase } from '../sessions/open-session-store.ts';
import type { OutcomeStore } from '../sessions/outcomes.ts';
import type { RatingStore } from '../sessions/ratings.ts';
import type { StopScope } from '../sessions/stops.ts';
import { type BoundedCalls, boundCalls } from '../temporal/bounded-calls.ts';
import { createClient } from '../temporal/connection.ts';
import type { TemporalSettings } from '../temporal/envconfig.ts';
import { createRate, type Rate } from '../temporal/ratings.ts';
import { createRunOverview } from '../temporal/run-overview.ts';
import { createRunStarter } from '../temporal/run-starter.ts';
import { tracedRequests } from '../tracing/http.ts';
import { tracedStarts } from '../tracing/temporal.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { openDesk } from './api-desk.ts';
import type { Installations } from './installations.ts';
import type { Resources } from './lifecycle.ts';

/** The desk shows this many threads. */
const LATEST_SESSIONS = 20;
/** And this many customers who wait, gaps and articles, of so many days. */
const MOST_SHOWN = 10;
const OUTCOME_WINDOWS = [1, 7, 30];
/** An installation waits so long for somebody's word, in ms. */
const WAITING_MS = 24 * 60 * 60_000;

type Opens = () => Promise<OpenDatabase>;

// A process is up sooner without the code that it has no use for: an API that only takes webhooks has no database.
const openNow = async (config: Config, logger: Logger): Promise<OpenDatabase> => {
  const { openDatabase } = await import('../sessions/open-session-store.ts');
  return await openDatabase({ ...config, logger });
};
const sessionsNow = async (open: Opens) => {
  const { readSessions } = await import('../sessions/session-overview.ts');
  return await readSessions((await open()).db, { now: Date.now(), limit: LATEST_SESSIONS });
};

const outcomesIn = async (open: Opens): Promise<OutcomeStore & RatingStore> => {
  const { createSqlOutcomeStore } = await import('../sessions/sql-outcome-store.ts');
  const { createSqlRatingStore } = await import('../sessions/sql-rating-store.ts');
  const { db } = await open();
  return { ...createSqlOutcomeStore(db), ...createSqlRatingStore(db) };
};
const waitsNow = async (open: Opens) => {
  const { waitingSince } = await import('../reports/outcome-report.ts');
  return await (await outcomesIn(open)).waitingCustomers(waitingSince(Date.now()), MOST_SHOWN);
};
const outcomesNow = async (open: Opens, { resolvedAfterMs, opsShowText: showText }: Config) => {
  const { readOutcomes } = await import('../reports/outcome-report.ts');
  const asked = { windows: OUTCOME_WINDOWS, top: MOST_SHOWN, now: Date.now() };
  return await readOutcomes(await outcomesIn(open), { ...asked, resolvedAfterMs, showText });
};

const knowledgeNow = async (open: Opens) => {
  const { createSqlKnowledgeStore } = await import('../sessions/sql-knowledge-store.ts');
  return await createSqlKnowledgeStore((await open()).db).states(null);
};
/** What our own runs have noted, in the database that the workers have too. */
const ownNotesIn = (open: Opens): OwnNotes & { open(): Promise<unknown> } => {
  const opened = cached(async () => {
    const { createOwnChanges } = await import('../sessions/own-changes.ts');
    const { createSqlSessionStore } = await import('../sessions/sql-session-store.ts');
    const { db, close } = await open();
    return { ...createOwnChanges(db), noteMode: createSqlSessionStore(db, close).noteMode };
  }, Number.POSITIVE_INFINITY);
  return {
    open: opened,
    takeMessages: async (messages) => await (await opened()).takeMessages(messages),
    takeAssignment: async (change) => await (await opened()).takeAssignment(change),
    noteMode: async (noted) => await (await opened()).noteMode(noted),
  };
};
const stopsIn = async (open: Opens) => {
  const { createStops } = await import('../sessions/stops.ts');
  return createStops((await open()).db);
};
const changeStopIn = (open: Opens) => async (scope: StopScope, by: string | null) => {
  const stops = await stopsIn(open);
  return by === null ? await stops.release(scope) : await stops.stop(scope, by);
};

/**
 * The database for whoever of the API needs it: one for all, opened when it is first asked for, and asked for again
 * after a failure.
 */
const databaseOf = (config: Config, given: OpenDatabase | undefined, logger: Logger, resources: Resources): Opens => {
  const opened = cached(async () => {
    const database = given ?? (await openNow(config, logger));
    if (!given) resources.add(() => database.close());
    return database;
  }, Number.POSITIVE_INFINITY);
  return opened;
};

/**
 * Decides who may see the desk. Those who signed out are known to all processes where there is a database
 * that all reach.
 */
const visitsOf = (opsToken: string, open: Opens | null, logger: Logger): Visits => {
  if (!open) return createVisits(opsToken, Date.now, { onlyHere: true });
  const kept = async () => {
    const { createEndedVisits } = await import('../sessions/ended-visits.ts');
    return createEndedVisits((await open()).db);
  };
  return createVisits(opsToken, Date.now, {
    ended: {
      add: async (id, until) => await (await kept()).add(id, until),
      has: async (id) => await (await kept()).has(id),
    },
    failed: (err) => logger.warn({ err }, 'Whether a visit of the desk has ended could not be looked up'),
  });
};

/** Says whether the world reaches the API by https. */
const isOverHttps = ({ webhookPublicUrl, oauth }: Config): boolean =>
  [webhookPublicUrl, oauth?.app.redirectUrl ?? ''].some((url) => url.startsWith('https:'));

const opsDependencies = (
  config: Config,
  {
    visits,
    client,
    calls,
    open,
    installations,
    settings,
    logger,
  }: {
    visits: Visits;
    client: Client;
    calls: BoundedCalls;
    open: Opens | null;
    installations: Installations | null;
    settings: readonly SettingInForce[];
    logger: Logger;
  },
): OpsDependencies => {
  const runs = createRunOverview(client, config.taskQueue);
  const repeat = (workflowId: string, runId: string) => calls.call(() => runs.repeat(workflowId, runId));
  const portals = async (): Promise<PortalId[]> => {
    const all = [...config.portals.map((portal) => portal.settings), ...((await installations?.settings()) ?? [])];
    return all.map(({ portalId }) => portalId);
  };
  const desk = openDesk(config, { client, calls, open, repeat, portals, settings, logger });
  const sources = {
    runs: {
      needingAttention: () => calls.call(() => runs.needingAttention()),
      skips: (days: number) => calls.call(() => runs.skips(days)),
      lastEvent: (portalId: PortalId) => calls.call(() => runs.lastEvent(portalId)),
    },
    waits: open ? () => waitsNow(open) : null,
    outcomes: open ? () => outcomesNow(open, config) : null,
    sessions: open ? () => sessionsNow(open) : null,
    knowledge: open ? () => knowledgeNow(open) : null,
    drafts: () => desk.desk.drafts(DRAFTS_SHOWN),
    stops: open ? async () => await (await stopsIn(open)).list() : null,
    configured: config.portals.map(({ settings }) => settings),
    installed: installations && {
      ...installations,
      waiting: () => installations.store.waiting(Date.now() - WAITING_MS),
    },
  };
  return {
    visits,
    overHttps: isOverHttps(config),
    ...(installations
      ? {
          settle: (portalId, askedAt, as) => installations.store.settle(portalId, askedAt, as, Date.now() - WAITING_MS),
          installCookiePath: new URL('.', installations.oauth.app.redirectUrl).pathname,
        }
      : {}),
    overview: createOverview(sources, (err) => logger.warn({ err }, 'The desk could not be filled')),
    ...(open ? { stop: changeStopIn(open) } : {}),
    repeat,
    desk,
    links: temporalLinks(config.temporalUiUrl ?? null, client.options.namespace),
    logger,
    clock: Date.now,
  };
};

/** Says whether any portal, configured or installed, asks its customers for ratings. */
const mayAskForRatings = ({ portals, oauth }: Config): boolean =>
  [...portals.map(({ settings }) => settings), ...(oauth ? [oauth.portalDefaults] : [])].some(asksForRatings);

const ratingParts = (config: Config, client: Client, calls: BoundedCalls, installations: Installations | null) => {
  const rate = createRate(client);
  const bounded: Rate = (closing, rating) => calls.call(() => rate(closing, rating));
  const asks = async (portalId: PortalId): Promise<boolean> => {
    const configured = config.portals.map(({ settings }) => settings);
    const settings =
      configured.find((one) => one.portalId === portalId) ??
      (await installations?.settings())?.find((one) => one.portalId === portalId);
    return settings !== undefined && asksForRatings(settings);
  };
  return { rate: bounded, asks };
};

/**
 * Opens the HTTP side into `resources`. It listens before Temporal is up: until then deliveries are answered with 503,
 * and HubSpot brings them again. `settings`: those that the desk shows.
 * @throws {CannotListen}
 */
export const startApi = async (
  config: Config,
  temporal: TemporalSettings,
  logger: Logger,
  resources: Resources,
  parts: { database?: OpenDatabase; tracing?: Tracing | null; settings?: readonly SettingInForce[] } = {},
): Promise<Listening> => {
  const { tracing, settings = [] } = parts;
  const client = createClient(temporal, config.payloadKeys, {
    encryption: config.encryption,
    interceptors: tracing ? { workflow: [tracedStarts(tracing)] } : undefined,
  });
  const calls = boundCalls(client.connection, START_DEADLINE_MS);
  resources.add(() => calls.close());
  const starter = createRunStarter(client, config.taskQueue, logger);
  const registry = new Registry();
  const open = databaseOf(config, parts.database, logger, resources);
  // An embedded database belongs to one process.
  const reachable = parts.database || config.oauth || config.databaseUrl ? open : null;
  const visits = config.opsToken ? visitsOf(config.opsToken, reachable, logger) : null;
  const mayInstall = visits ? (cookies: string | undefined) => isOperator(visits, cookies) : undefined;
  const oauth = config.oauth
    ? (await import('./api-oauth.ts')).openOAuth(config, await open(), logger, mayInstall)
    : null;
  const installations = oauth?.installations ?? null;
  if (installations) registerInstallations(registry, installations.list);
  const metrics = createApiMetrics(registry);
  const ops = visits
    ? opsRoutes(opsDependencies(config, { visits, client, calls, open: reachable, installations, settings, logger }))
    : undefined;
  const opsApart = config.opsPort !== undefined;
  const ownNotes = reachable && ownNotesIn(reachable);
  const app = createApp({
    findOwn: createFindOwn(ownNotes, { logger }),
    settings: {
      publicUrl: config.webhookPublicUrl,
      secrets: config.webhookSecrets,
      allowSignatureV1: config.allowSignatureV1,
      portals: config.portals.map(({ settings }) => settings),
      bulkRunsPerSecond: config.bulkRunsPerSecond,
    },
    starter: {
      start: (planned) => calls.call(() => starter.start(planned)),
      dispatch: (workflowId, starts, beginsInMs) => calls.call(() => starter.dispatch(workflowId, starts, beginsInMs)),
    },
    readiness: () => calls.call(() => client.workflowService.describeNamespace({ namespace: temporal.namespace })),
    registry,
    metrics,
    logger,
    ...(ops ? { ops } : {}),
    opsApart,
    ...(mayAskForRatings(config)
      ? { rating: ratingRoutes({ ...ratingParts(config, client, calls, installations), logger }) }
      : {}),
    ...(tracing ? { traced: tracedRequests(tracing, WEBHOOK_PATH) } : {}),
    ...(oauth ? { installed: oauth.installations.settings, oauth: oauth.routes } : {}),
  });
  const listening = await listen(app, { port: config.port, onDropped: registerDroppedConnections(registry) });
  resources.add(() => listening.close());
  // So that the first delivery finds it open. Where that fails, the look does, and says so.
  ownNotes?.open().catch(() => undefined);
  if (config.opsPort !== undefined) {
    const opsApp = createOpsApp({ registry, metrics, logger, ...(ops ? { ops } : {}) });
    const opsListening = await listen(opsApp, { port: config.opsPort, setting: 'OPS_PORT' });
    resources.add(() => opsListening.close());
    logger.info({ url: opsListening.url }, 'Desk and metrics listen');
  }
  // A query could hold a secret.
  const [webhookPublicUrl] = config.webhookPublicUrl.split(/[?#]/);
  logger.info({ url: listening.url, webhookPublicUrl }, 'API listens');
  return listening;
};
