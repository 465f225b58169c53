import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Runtime } from '@temporalio/worker';

/**
 * A process of its own, run by `downloadTemporalCli` with a folder as its argument: the SDK downloads the program into
 * it on the way to a server, which is not wanted and stopped. Ends with 0, or says why not on stderr.
 */
const [, , downloadDir = '.'] = process.argv;
Runtime.install({ shutdownSignals: [] });
try {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir } },
  });
  await environment.teardown();
} catch (error) {
  const { message } = error as Error;
  // The reason stands last, behind a chain of repeated URLs.
  process.stderr.write(`${message.split(': ').slice(-2).join(': ')}\n`);
  process.exitCode = 1;
}
