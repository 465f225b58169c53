import { loadProcessConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logging.ts';
import { runProcess } from '../../src/processes/lifecycle.ts';
import { startWorker } from '../../src/processes/worker.ts';
import { readTemporalSettings } from '../../src/temporal/envconfig.ts';
import { installRuntime } from '../../src/temporal/runtime.ts';
import { shopTools } from './shop.ts';

/** A worker process with the tools of the shop at the first argument, and the workflow bundle at the second one. */
const [, , shopUrl = '', codePath = ''] = process.argv;

await runProcess(async (resources) => {
  const config = loadProcessConfig();
  const logger = createLogger({ level: 'info' });
  installRuntime(logger);
  const toolbox = shopTools(shopUrl);
  return await startWorker(config, readTemporalSettings(), logger, resources, {
    workflows: { workflowBundle: { codePath } },
    toolboxOf: () => toolbox,
  });
});
