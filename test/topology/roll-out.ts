import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { pino } from 'pino';
import type { Resources } from '../../src/processes/lifecycle.ts';
import { connectWorkers, createClient } from '../../src/temporal/connection.ts';
import { installRuntime } from '../../src/temporal/runtime.ts';
import { createWorkers } from '../../src/temporal/worker.ts';
import { setCurrentVersionCommand, type WorkerVersion } from '../../src/temporal/worker-version.ts';
import { uniqueName } from '../support/unique-name.ts';
import type { BuildActivities, Builds } from '../temporal/fixtures/version-a.ts';
import type { ServerOnPostgres } from './temporal-server.ts';

export interface RollOut {
  /** Runs that slept while the new version became the current one. */
  asleep: number;
  /** So many of them ended, all of their steps, on the version that they began on. */
  endedOnTheirs: number;
  /** Runs that began afterwards, and how many of them were the new version's. */
  young: number;
  endedOnTheNew: number;
  /** Longer than it takes to roll out; no history of one version could be replayed by the other. */
  sleepMs: number;
  seconds: number;
  passed: boolean;
}

const SLEEP_MS = 30_000;
const YOUNG = 20;

const isAllOf = (build: string, { workflow, main, hubspot }: Builds): boolean =>
  [workflow, main, hubspot].every((one) => one === build);

/** Puts another version of the workers in force while runs of the first are asleep (Worker Versioning). */
export const rollOut = async (
  { runs }: { runs: number },
  { settings, cliPath }: Pick<ServerOnPostgres, 'settings' | 'cliPath'>,
  resources: Resources,
  tell: (line: string) => void,
): Promise<RollOut> => {
  const began = Date.now();
  installRuntime(pino({ level: 'silent' }), { prometheusAddress: undefined });
  const client = createClient(settings, []);
  resources.add(() => client.connection.close());
  const connection = await connectWorkers(settings);
  resources.add(() => connection.close());
  const taskQueue = uniqueName('roll-out');
  const deploymentName = uniqueName('deployment');

  const runBuild = async (buildId: string): Promise<void> => {
    const workflowsPath = fileURLToPath(new URL(`../temporal/fixtures/version-${buildId}.ts`, import.meta.url));
    const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
    const activities: BuildActivities = { buildOfActivity: async () => buildId };
    const workers = await createWorkers({
      connection,
      namespace: settings.namespace,
      taskQueue,
      workflows: { workflowBundle },
      payloadKeys: [],
      version: { deploymentName, buildId },
      activities: { main: activities, hubspot: activities },
    });
    const work = workers.run();
    resources.add(async () => {
      await workers.shutdown();
      await work;
    });
  };
  /** Again until the server has seen the first poll of both Workers. */
  const makeCurrent = async (version: WorkerVersion): Promise<void> => {
    const [, ...words] = setCurrentVersionCommand(settings.namespace, version).split(' ');
    for (;;) {
      try {
        await promisify(execFile)(cliPath, [...words, '--address', settings.address]);
        return;
      } catch (error) {
        if (!/not found|no Worker|missing active task queues/i.test(String(error))) throw error;
        await sleep(200);
      }
    }
  };
  const start = (count: number, sleepMs: number): Promise<WorkflowHandle<() => Promise<Builds>>[]> =>
    Promise.all(
      Array.from({ length: count }, () =>
        client.workflow.start('sleepThenAsk', { taskQueue, workflowId: uniqueName('run'), args: [taskQueue, sleepMs] }),
      ),
    );
  const resultsOf = (handles: WorkflowHandle<() => Promise<Builds>>[]): Promise<Builds[]> =>
    Promise.all(handles.map((handle) => handle.result()));

  await runBuild('a');
  await makeCurrent({ deploymentName, buildId: 'a' });
  const old = await start(runs, SLEEP_MS);
  for (const handle of old) while (((await handle.describe()).historyLength ?? 0) < 5) await sleep(50);
  tell(`${runs} runs of version a are asleep`);

  await runBuild('b');
  await makeCurrent({ deploymentName, buildId: 'b' });
  // The server tells its parts one after the other.
  while (!(await resultsOf(await start(4, 1))).every(({ workflow }) => workflow === 'b')) await sleep(100);
  const stillAsleep = (await Promise.all(old.map((handle) => handle.describe()))).filter(
    ({ status }) => status.name === 'RUNNING',
  ).length;
  tell(`version b is current, ${stillAsleep} runs of a are still asleep`);
  const young = await resultsOf(await start(YOUNG, 1));
  const olds = await Promise.allSettled(old.map((handle) => handle.result()));
  const endedOnTheirs = olds.filter((ended) => ended.status === 'fulfilled' && isAllOf('a', ended.value)).length;
  const endedOnTheNew = young.filter((builds) => isAllOf('b', builds)).length;
  return {
    asleep: stillAsleep,
    endedOnTheirs,
    young: YOUNG,
    endedOnTheNew,
    sleepMs: SLEEP_MS,
    seconds: Math.round((Date.now() - began) / 1_000),
    passed: stillAsleep === runs && endedOnTheirs === runs && endedOnTheNew === YOUNG,
  };
};
