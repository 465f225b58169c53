import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { findTemporalCli, userCacheDir } from '../../src/temporal/cli.ts';
import { startDevServer } from '../../src/temporal/dev-server.ts';
import { findFreePort } from '../../src/temporal/ports.ts';
import { WORKFLOW_INTERCEPTORS } from '../../src/temporal/workflow-bundle.ts';
import { type SuiteTemporal, shareWithTests } from './suite-temporal.ts';

const startServer = async (folder: string, env: NodeJS.ProcessEnv) => {
  const cli = await findTemporalCli({
    configuredPath: env.TEMPORAL_CLI_PATH || undefined,
    cacheDir: userCacheDir(env.XDG_CACHE_HOME),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  const [port, uiPort] = await Promise.all([findFreePort(), findFreePort()]);
  return { cli, server: await startDevServer({ cliPath: cli.path, dataDir: folder, port, uiPort }) };
};

// Workflows that can't be bundled fail the tests that run them, each by name, and no others.
const bundleWorkflows = async (path: string): Promise<void> => {
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      workflowInterceptorModules: WORKFLOW_INTERCEPTORS,
      logger: new DefaultLogger('WARN'),
    });
    await writeFile(path, code);
  } catch (error) {
    process.stderr.write(`The workflows can't be bundled: ${(error as Error).message}\n`);
  }
};

/** One Temporal server and one workflow bundle for all tests of a run (jest's `globalSetup`). */
export default async (): Promise<void> => {
  // biome-ignore lint/style/noProcessEnv: as the product's own processes are told, so are its tests
  const env = process.env;
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-tests-'));
  const workflowBundlePath = join(folder, 'workflow-bundle.js');
  const [{ cli, server }] = await Promise.all([startServer(folder, env), bundleWorkflows(workflowBundlePath)]);
  const suite: SuiteTemporal = { address: server.settings.address, cliPath: cli.path, workflowBundlePath, folder };
  shareWithTests(suite);
  // The processes that tests start are the same few programs again and again.
  env.NODE_COMPILE_CACHE = join(folder, 'compile-cache');
  Object.assign(globalThis, { suiteServer: server, suiteFolder: folder });
};
