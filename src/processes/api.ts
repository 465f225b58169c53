import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { createApp, START_DEADLINE_MS } from '../api/app.ts';
import { registerInstallations } from '../api/metrics.ts';
import { type OAuthDependencies, oauthRoutes } from '../api/oauth.ts';
import { type Listening, listen } from '../api/server.ts';
import type { Config } from '../config.ts';
import { authorizeUrl } from '../hubspot/oauth.ts';
import { SCOPES } from '../hubspot/scopes.ts';
import { createConnect } from '../installations/connect.ts';
import { type OpenDatabase, openDatabase } from '../sessions/open-session-store.ts';
import { boundCalls } from '../temporal/bounded-calls.ts';
import { createClient } from '../temporal/connection.ts';
import type { TemporalSettings } from '../temporal/envconfig.ts';
import { createRunStarter } from '../temporal/run-starter.ts';
import { type Installations, openInstallations } from './installations.ts';
import type { Resources } from './lifecycle.ts';

/** Bounds the look for the AI's user while somebody waits for the page, in ms. */
const CONNECT_TIMEOUT_MS = 10_000;

const openApiInstallations = async (
  config: Config,
  given: OpenDatabase | undefined,
  logger: Logger,
  resources: Resources,
): Promise<Installations | null> => {
  const database = given ?? (await openDatabase({ ...config, logger }));
  if (!given) resources.add(() => database.close());
  return openInstallations(config, database);
};

const oauthDependencies = (
  { hubspotApiUrl: apiUrl, hubspotApiVersion: apiVersion }: Config,
  { oauth, seal, store, client, list }: Installations,
  logger: Logger,
): OAuthDependencies => ({
  authorizeUrl: (state) => authorizeUrl(apiUrl, oauth.app, { scopes: SCOPES, state }),
  connect: createConnect({
    store,
    oauth: client,
    hubspot: { apiUrl, apiVersion, timeoutMs: CONNECT_TIMEOUT_MS },
  }),
  useState: store.useState,
  list,
  seal,
  aiActorId: oauth.aiActorId,
  redirectUrl: oauth.app.redirectUrl,
  logger,
  clock: Date.now,
});

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
  parts: { database?: OpenDatabase } = {},
): Promise<Listening> => {
  const client = createClient(temporal, config.payloadKeys);
  const calls = boundCalls(client.connection, START_DEADLINE_MS);
  resources.add(() => calls.close());
  const starter = createRunStarter(client, config.taskQueue, logger);
  const registry = new Registry();
  const installations = config.oauth ? await openApiInstallations(config, parts.database, logger, resources) : null;
  if (installations) registerInstallations(registry, installations.list);
  const app = createApp({
    settings: {
      publicUrl: config.webhookPublicUrl,
      secrets: config.webhookSecrets,
      allowSignatureV1: config.allowSignatureV1,
      portals: config.portals.map(({ settings }) => settings),
    },
    starter: {
      start: (planned) => calls.call(() => starter.start(planned)),
      dispatch: (workflowId, starts) => calls.call(() => starter.dispatch(workflowId, starts)),
    },
    readiness: () => calls.call(() => client.workflowService.describeNamespace({ namespace: temporal.namespace })),
    registry,
    logger,
    ...(installations
      ? { installed: installations.settings, oauth: oauthRoutes(oauthDependencies(config, installations, logger)) }
      : {}),
  });
  const listening = await listen(app, { port: config.port });
  resources.add(() => listening.close());
  logger.info({ url: listening.url, webhookPublicUrl: config.webhookPublicUrl }, 'API listens');
  return listening;
};
