import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { createApp, START_DEADLINE_MS, WEBHOOK_PATH } from '../api/app.ts';
import { registerDroppedConnections, registerInstallations } from '../api/metrics.ts';
import { createOverview } from '../api/ops/overview.ts';
import { type OpsDependencies, opsRoutes } from '../api/ops/routes.ts';
import { temporalLinks } from '../api/ops/temporal-links.ts';
import { createVisits } from '../api/ops/visits.ts';
import { type Listening, listen } from '../api/server.ts';
import type { Config } from '../config.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { remembered } from '../hubspot/remembered.ts';
import type { OpenDatabase } from '../sessions/open-session-store.ts';
import { type BoundedCalls, boundCalls } from '../temporal/bounded-calls.ts';
import { createClient } from '../temporal/connection.ts';
import type { TemporalSettings } from '../temporal/envconfig.ts';
import { createRunOverview } from '../temporal/run-overview.ts';
import { createRunStarter } from '../temporal/run-starter.ts';
import { tracedRequests } from '../tracing/http.ts';
import { tracedStarts } from '../tracing/temporal.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Installations } from './installations.ts';
import type { Resources } from './lifecycle.ts';

/** So many threads stand on the operations page. */
const LATEST_SESSIONS = 20;

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

/**
 * The database for whoever of the API needs it: one for all, opened when it is first asked for, and asked for again after a failure.
 */
const databaseOf = (config: Config, given: OpenDatabase | undefined, logger: Logger, resources: Resources): Opens => {
  const opened = remembered(async () => {
    const database = given ?? (await openNow(config, logger));
    if (!given) resources.add(() => database.close());
    return database;
  }, Number.POSITIVE_INFINITY);
  return opened;
};

const opsDependencies = (
  config: Config & { opsToken: string },
  {
    client,
    calls,
    open,
    installations,
    logger,
  }: {
    client: Client;
    calls: BoundedCalls;
    open: Opens | null;
    installations: Installations | null;
    logger: Logger;
  },
): OpsDependencies => {
  const runs = createRunOverview(client, config.taskQueue);
  const sources = {
    runs: {
      needingAttention: () => calls.call(() => runs.needingAttention()),
      skips: (days: number) => calls.call(() => runs.skips(days)),
      lastEvent: (portalId: PortalId) => calls.call(() => runs.lastEvent(portalId)),
    },
    sessions: open ? () => sessionsNow(open) : null,
    configured: config.portals.map(({ settings }) => settings),
    installed: installations,
  };
  return {
    visits: createVisits(config.opsToken, Date.now),
    overview: createOverview(sources, (err) => logger.warn({ err }, 'The operations page could not be filled')),
    repeat: (workflowId, runId) => calls.call(() => runs.repeat(workflowId, runId)),
    links: temporalLinks(config.temporalUiUrl ?? null, client.options.namespace),
    logger,
    clock: Date.now,
  };
};

/**
 * Opens the HTTP side into `resources`. It listens before Temporal is up: until then deliveries are answered with 503, and
 * HubSpot brings them again.
 * @throws {CannotListen}
 */
export const startApi = async (
  config: Config,
  temporal: TemporalSettings,
  logger: Logger,
  resources: Resources,
  parts: { database?: OpenDatabase; tracing?: Tracing | null } = {},
): Promise<Listening> => {
  const { tracing } = parts;
  const client = createClient(
    temporal,
    config.payloadKeys,
    tracing ? { workflow: [tracedStarts(tracing)] } : undefined,
  );
  const calls = boundCalls(client.connection, START_DEADLINE_MS);
  resources.add(() => calls.close());
  const starter = createRunStarter(client, config.taskQueue, logger);
  const registry = new Registry();
  const open = databaseOf(config, parts.database, logger, resources);
  const oauth = config.oauth ? (await import('./api-oauth.ts')).openOAuth(config, await open(), logger) : null;
  const installations = oauth?.installations ?? null;
  if (installations) registerInstallations(registry, installations.list);
  const app = createApp({
    settings: {
      publicUrl: config.webhookPublicUrl,
      secrets: config.webhookSecrets,
      allowSignatureV1: config.allowSignatureV1,
      portals: config.portals.map(({ settings }) => settings),
      crowdRunsPerSecond: config.hubspotActivitiesPerSecond,
    },
    starter: {
      start: (planned) => calls.call(() => starter.start(planned)),
      dispatch: (workflowId, starts, beginsInMs) => calls.call(() => starter.dispatch(workflowId, starts, beginsInMs)),
    },
    readiness: () => calls.call(() => client.workflowService.describeNamespace({ namespace: temporal.namespace })),
    registry,
    logger,
    ...(config.opsToken
      ? {
          ops: opsRoutes(
            opsDependencies(
              { ...config, opsToken: config.opsToken },
              {
                client,
                calls,
                // An embedded database belongs to one process.
                open: parts.database || installations || config.databaseUrl ? open : null,
                installations,
                logger,
              },
            ),
          ),
        }
      : {}),
    ...(tracing ? { traced: tracedRequests(tracing, WEBHOOK_PATH) } : {}),
    ...(oauth ? { installed: oauth.installations.settings, oauth: oauth.routes } : {}),
  });
  const listening = await listen(app, { port: config.port, onDropped: registerDroppedConnections(registry) });
  resources.add(() => listening.close());
  logger.info({ url: listening.url, webhookPublicUrl: config.webhookPublicUrl }, 'API listens');
  return listening;
};
