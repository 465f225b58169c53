import { loadProcessConfig } from './config.ts';
import { createLogger } from './logging.ts';
import { startApi } from './processes/api.ts';
import { runProcess, UNTIL_STOPPED } from './processes/lifecycle.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';

await runProcess(async (resources) => {
  const config = loadProcessConfig();
  await startApi(config, readTemporalSettings(), createLogger({ level: config.logLevel }), resources);
  return { work: UNTIL_STOPPED };
});
