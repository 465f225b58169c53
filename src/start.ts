import { WEBHOOK_PATH } from './api/app.ts';
import { OPS_PATH } from './api/ops/paths.ts';
import { loadProcessConfig, processSettings } from './config.ts';
import { createLogger, logWarnings } from './logging.ts';
import { startApi } from './processes/api.ts';
import { startEmbeddedTemporal } from './processes/embedded-temporal.ts';
import { announceStop, runProcess, UNTIL_STOPPED } from './processes/lifecycle.ts';
import { watchProcess } from './processes/watchdog.ts';
import { startWorker } from './processes/worker.ts';
import { openWorkflows } from './processes/workflows.ts';
import { openDatabase } from './sessions/open-session-store.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';
import { installRuntime } from './temporal/runtime.ts';
import { openTracing } from './tracing/open-tracing.ts';

await runProcess(async (resources, stopping) => {
  const config = loadProcessConfig();
  const logger = createLogger({ level: config.logLevel, pretty: process.stdout.isTTY });
  announceStop(stopping, resources, (line) => logger.info(line));
  logWarnings(logger, config.warnings);
  installRuntime(logger, { prometheusAddress: config.workerMetricsAddress });
  const tracing = await openTracing(config.tracing, 'api and worker', logger);
  resources.add(() => tracing?.close());
  // Without a server of one's own, the first evening needs none: the embedded one keeps its data in DATA_DIR.
  const embedded = config.temporalConfigured
    ? undefined
    : await startEmbeddedTemporal(config, (line) => logger.info(line), resources);
  if (embedded)
    logger.info({ address: embedded.settings.address, ui: embedded.uiUrl }, 'Embedded Temporal server runs');
  const temporal = embedded?.settings ?? readTemporalSettings();
  // One process, one database: the embedded one can't be opened twice.
  const workflows = openWorkflows(config, () => logger.info('The workflows are being bundled, which takes seconds'));
  workflows.catch(() => undefined);
  const database = await openDatabase({ ...config, logger });
  resources.add(() => database.close());
  const { work, isPolling } = await startWorker(config, temporal, logger, resources, {
    database,
    tracing,
    workflows,
  });
  const temporalUiUrl = config.temporalUiUrl ?? embedded?.uiUrl;
  const settings = processSettings();
  const api = await startApi({ ...config, temporalUiUrl }, temporal, logger, resources, {
    database,
    tracing,
    settings,
  });
  const { watchdogMs: endAfterMs, workerHealthAddress: healthAddress } = config;
  resources.add(await watchProcess({ endAfterMs, healthAddress, isPolling }));
  logger.info(
    {
      webhooks: `${api.url}${WEBHOOK_PATH}`,
      ...(config.opsToken === undefined ? {} : { desk: `${api.url}${OPS_PATH}` }),
      ...(temporalUiUrl === undefined ? {} : { temporal: temporalUiUrl }),
      metrics: `${api.url}/metrics`,
    },
    'Ready',
  );
  return { work: Promise.race([work, embedded?.failed ?? UNTIL_STOPPED]) };
});
