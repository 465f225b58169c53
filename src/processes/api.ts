import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { createApp, START_DEADLINE_MS } from '../api/app.ts';
import { type Listening, listen } from '../api/server.ts';
import type { Config } from '../config.ts';
import { boundCalls } from '../temporal/bounded-calls.ts';
import { createClient } from '../temporal/connection.ts';
import type { TemporalSettings } from '../temporal/envconfig.ts';
import { createRunStarter } from '../temporal/run-starter.ts';
import type { Resources } from './lifecycle.ts';

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
): Promise<Listening> => {
  const client = createClient(temporal, config.payloadKeys);
  const calls = boundCalls(client.connection, START_DEADLINE_MS);
  resources.add(() => calls.close());
  const starter = createRunStarter(client, config.taskQueue, logger);
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
    registry: new Registry(),
    logger,
  });
  const listening = await listen(app, { port: config.port });
  resources.add(() => listening.close());
  logger.info({ url: listening.url, webhookPublicUrl: config.webhookPublicUrl }, 'API listens');
  return listening;
};
