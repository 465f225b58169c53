import { loadProcessConfig } from './config.ts';
import { createLogger } from './logging.ts';
import { runProcess } from './processes/lifecycle.ts';
import { startWorker } from './processes/worker.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';
import { installRuntime } from './temporal/runtime.ts';

await runProcess(async (resources) => {
  const config = loadProcessConfig();
  const logger = createLogger({ level: config.logLevel });
  installRuntime(logger, { prometheusAddress: config.workerMetricsAddress });
  return await startWorker(config, readTemporalSettings(), logger, resources);
});
