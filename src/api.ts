import { loadApiConfig, processSettings } from './config.ts';
import { createLogger, logWarnings } from './logging.ts';
import { startApi } from './processes/api.ts';
import { announceStop, runProcess, UNTIL_STOPPED } from './processes/lifecycle.ts';
import { watchProcess } from './processes/watchdog.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';
import { openTracing } from './tracing/open-tracing.ts';

await runProcess(async (resources, stopping) => {
  const config = loadApiConfig();
  const logger = createLogger({ level: config.logLevel });
  announceStop(stopping, resources, (line) => logger.info(line));
  logWarnings(logger, config.warnings);
  const tracing = await openTracing(config.tracing, 'api', logger);
  resources.add(() => tracing?.close());
  await startApi(config, readTemporalSettings(), logger, resources, {
    tracing,
    settings: processSettings(),
  });
  resources.add(await watchProcess({ endAfterMs: config.watchdogMs }));
  return { work: UNTIL_STOPPED };
});
