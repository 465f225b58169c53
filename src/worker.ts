import { loadProcessConfig } from './config.ts';
import { createLogger, logWarnings } from './logging.ts';
import { announceStop, runProcess } from './processes/lifecycle.ts';
import { watchProcess } from './processes/watchdog.ts';
import { startWorker } from './processes/worker.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';
import { installRuntime } from './temporal/runtime.ts';
import { openTracing } from './tracing/open-tracing.ts';

await runProcess(async (resources, stopping) => {
  const config = loadProcessConfig();
  const logger = createLogger({ level: config.logLevel });
  announceStop(stopping, resources, (line) => logger.info(line));
  logWarnings(logger, config.warnings);
  installRuntime(logger, { prometheusAddress: config.workerMetricsAddress });
  const tracing = await openTracing(config.tracing, 'worker', logger);
  resources.add(() => tracing?.close());
  const started = await startWorker(config, readTemporalSettings(), logger, resources, { tracing });
  resources.add(
    await watchProcess({
      endAfterMs: config.watchdogMs,
      healthAddress: config.workerHealthAddress,
      isPolling: started.isPolling,
    }),
  );
  return started;
});
