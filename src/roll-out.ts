import { Connection } from '@temporalio/client';
import { readCall } from './command-line.ts';
import { loadQueueSettings } from './config.ts';
import { runProcess } from './processes/lifecycle.ts';
import { TemporalUnreachable } from './temporal/connection.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';
import { readNeededWorkers, tooEarly } from './temporal/roll-out.ts';

const { values } = readCall('roll-out', {
  options: {
    deployment: { type: 'string', default: 'threadkeeper' },
    build: { type: 'string', multiple: true, default: [] },
    unversioned: { type: 'boolean', default: false },
  },
});
const { deployment: deploymentName, build: buildIds, unversioned } = values;

/** The roll-out would take away workers that are needed. */
class RolledOutTooEarly extends Error {
  override name = 'RolledOutTooEarly';
}

await runProcess(async (resources) => {
  const temporal = readTemporalSettings();
  const { taskQueue } = loadQueueSettings();
  const { namespace } = temporal;
  const connection = await Connection.connect({ ...temporal.connectionOptions, connectTimeout: '5s' }).catch(
    (error: unknown) => {
      throw new TemporalUnreachable(temporal.address, error);
    },
  );
  resources.add(() => connection.close());
  const needed = await readNeededWorkers(connection, { namespace, taskQueue }, deploymentName);
  const problems = tooEarly(namespace, { deploymentName, buildIds, unversioned }, needed);
  if (problems.length > 0) throw new RolledOutTooEarly(problems.join('\n'));
  process.stdout.write('No workers that are needed go.\n');
  return { work: Promise.resolve() };
});
