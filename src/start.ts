import { loadProcessConfig } from './config.ts';
import { createLogger } from './logging.ts';
import { startApi } from './processes/api.ts';
import { startEmbeddedTemporal } from './processes/embedded-temporal.ts';
import { runProcess, UNTIL_STOPPED } from './processes/lifecycle.ts';
import { startWorker } from './processes/worker.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';
import { installRuntime } from './temporal/runtime.ts';

await runProcess(async (resources) => {
  const config = loadProcessConfig();
  const logger = createLogger({ level: config.logLevel, pretty: process.stdout.isTTY });
  installRuntime(logger, { prometheusAddress: config.workerMetricsAddress });
  // Without a server of one's own, the first evening needs none: the embedded one keeps its data in DATA_DIR.
  const embedded = config.temporalConfigured
    ? undefined
    : await startEmbeddedTemporal(config, (line) => logger.info(line), resources);
  if (embedded)
    logger.info({ address: embedded.settings.address, ui: embedded.uiUrl }, 'Embedded Temporal server runs');
  const temporal = embedded?.settings ?? readTemporalSettings();
  const { work } = await startWorker(config, temporal, logger, resources);
  await startApi(config, temporal, logger, resources);
  return { work: Promise.race([work, embedded?.failed ?? UNTIL_STOPPED]) };
});
