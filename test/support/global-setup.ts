import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { userCacheDir } from '../../src/lib/user-cache-dir.ts';
import { findTemporalCli } from '../../src/temporal/embedded/cli.ts';
import { startDevServer } from '../../src/temporal/embedded/dev-server.ts';
import { FAILURE_CONVERTER_PATH } from '../../src/temporal/payload-codec.ts';
import { PRELOADED_WORKFLOWS, WORKFLOW_INTERCEPTORS, WORKFLOWS_PATH } from '../../src/temporal/workflow-bundle.ts';
import { freePort } from './free-port.ts';
import { hasPostgres, startPostgres } from './postgres.ts';
import { type SuiteTemporal, shareWithTests } from './suite-temporal.ts';

/** A server that is there already (TEST_TEMPORAL_ADDRESS), or one of our own. */
const findServer = async (folder: string, env: NodeJS.ProcessEnv) => {
  const cli = await findTemporalCli({
    configuredPath: env.TEMPORAL_CLI_PATH || undefined,
    cacheDir: userCacheDir(env.XDG_CACHE_HOME),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  const given = env.TEST_TEMPORAL_ADDRESS;
  if (given) return { cli, address: given, stop: async () => undefined };
  const [port, uiPort] = await Promise.all([freePort(), freePort()]);
  const { settings, stop } = await startDevServer({ cliPath: cli.path, dataDir: folder, port, uiPort });
  return { cli, address: settings.address, stop };
};

/**
 * A PostgreSQL that is there already (TEST_DATABASE_URL), or one of our own where it can be had: opening a database on
 * it costs a product a tenth of what an embedded one does.
 */
const findDatabases = async ({ TEST_DATABASE_URL: given }: NodeJS.ProcessEnv) => {
  if (given) return { url: given, stop: async () => undefined };
  if (!hasPostgres) return { url: null, stop: async () => undefined };
  const server = await startPostgres(['fsync=off', 'max_connections=300']);
  return { url: server.url(), stop: server.stop };
};

// Workflows that can't be bundled fail the tests that run them, each by name, and no others.
const bundleWorkflows = async (path: string, payloadKeys: string): Promise<void> => {
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath: WORKFLOWS_PATH,
      workflowInterceptorModules: WORKFLOW_INTERCEPTORS,
      preloadModules: PRELOADED_WORKFLOWS,
      logger: new DefaultLogger('WARN'),
      ...(payloadKeys === '' ? {} : { failureConverterPath: FAILURE_CONVERTER_PATH }),
    });
    await writeFile(path, code);
  } catch (error) {
    process.stderr.write(`The workflows can't be bundled: ${(error as Error).message}\n`);
  }
};

/**
 * One Temporal server, one PostgreSQL and one workflow bundle for all tests of a run (jest's `globalSetup`).
 * TEST_TEMPORAL_ADDRESS, TEST_DATABASE_URL and TEST_PAYLOAD_KEYS put the tests on other ground than a fresh machine's:
 * test/README.md.
 */
export default async (): Promise<void> => {
  // biome-ignore lint/style/noProcessEnv: as the product's own processes are told, so are its tests
  const env = process.env;
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-tests-'));
  const workflowBundlePath = join(folder, 'workflow-bundle.js');
  const { TEST_PAYLOAD_KEYS: payloadKeys = '' } = env;
  const [{ cli, address, stop }, databases] = await Promise.all([
    findServer(folder, env),
    findDatabases(env),
    bundleWorkflows(workflowBundlePath, payloadKeys),
  ]);
  const { url: databaseUrl } = databases;
  const suite: SuiteTemporal = { address, cliPath: cli.path, workflowBundlePath, payloadKeys, databaseUrl, folder };
  shareWithTests(suite);
  // The processes that tests start are the same few programs again and again.
  env.NODE_COMPILE_CACHE = join(folder, 'compile-cache');
  Object.assign(globalThis, { stopSuiteServers: () => Promise.all([stop(), databases.stop()]), suiteFolder: folder });
};
