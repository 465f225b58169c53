import { answerHelpOnly } from './command-line.ts';
import { loadProcessConfig } from './config.ts';
import { createLogger, logWarnings } from './logging.ts';
import { runProcess } from './processes/lifecycle.ts';
import { watchProcess } from './processes/watchdog.ts';
import { startWorker } from './processes/worker.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';
import { installRuntime } from './temporal/runtime.ts';
import { openTracing } from './tracing/open-tracing.ts';

answerHelpOnly('worker');

await runProcess(async (resources) => {
  const config = loadProcessConfig();
  const logger = createLogger({ level: config.logLevel });
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
