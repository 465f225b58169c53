import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { readNeededWorkers } from '../../src/temporal/roll-out.ts';
import {
  readCurrentVersion,
  setCurrentVersionCommand,
  setUnversionedCommand,
  type WorkerVersion,
} from '../../src/temporal/worker-version.ts';
import type { WorkflowSource } from '../../src/temporal/workflow-bundle.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';
import type { BuildActivities, Builds } from './fixtures/version-a.ts';

const ROLL_OUT = fileURLToPath(new URL('../../src/roll-out.ts', import.meta.url));

describe('A roll-out', () => {
  const temporal = useTemporal();
  const { namespace, address } = temporal.settings;
  const sources: Record<string, WorkflowSource> = {};
  beforeAll(async () => {
    for (const build of ['a', 'b']) {
      const workflowsPath = fileURLToPath(new URL(`./fixtures/version-${build}.ts`, import.meta.url));
      sources[build] = {
        workflowBundle: await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') }),
      };
    }
  });

  const runBuild = async (taskQueue: string, build: string, version: WorkerVersion | null) => {
    const activities: BuildActivities = { buildOfActivity: async () => build };
    return await temporal.runWorkers({
      taskQueue,
      version,
      workflows: sources[build] ?? temporal.workflows,
      activities: { main: activities, hubspot: activities },
    });
  };
  /** Runs a command as an operator would, again until the server has seen the first poll of both its Workers. */
  const obey = async (command: string): Promise<void> => {
    const [, ...words] = command.split(' ');
    for (;;) {
      try {
        await promisify(execFile)(suiteTemporal().cliPath, [...words, '--address', address]);
        return;
      } catch (error) {
        if (!/not found|no Worker|missing active task queues/i.test(String(error))) throw error;
        await sleep(200);
      }
    }
  };
  const starter = (taskQueue: string) => {
    const start = (sleepMs: number) =>
      temporal.client.workflow.start('sleepThenAsk', {
        taskQueue,
        workflowId: uniqueName('version'),
        args: [taskQueue, sleepMs],
      }) as Promise<WorkflowHandle<() => Promise<Builds>>>;
    return (count: number, sleepMs = 600_000) => Promise.all(Array.from({ length: count }, () => start(sleepMs)));
  };
  const resultsOf = (runs: WorkflowHandle[]) => Promise.all(runs.map((run) => run.result()));
  /** The results of runs that are asleep. */
  const wake = async (runs: WorkflowHandle[]) => {
    await Promise.all(runs.map((run) => run.signal('wake')));
    return await resultsOf(runs);
  };
  const allOf = (build: string) => ({ workflow: build, main: build, hubspot: build });
  /** Waits until new runs go to a build: the server tells the partitions of its task queues one after the other. */
  const untilRunsGoTo = async (build: string, start: ReturnType<typeof starter>): Promise<void> => {
    for (;;) {
      const probes = (await resultsOf(await start(4, 1))) as Builds[];
      if (probes.every(({ workflow }) => workflow === build)) return;
    }
  };
  const asleep = async (runs: WorkflowHandle[]): Promise<void> => {
    for (const run of runs) {
      while (((await run.describe()).historyLength ?? 0) < 5) await sleep(50);
    }
  };

  it('lets runs asleep end on the build that they began on, with its activities, and gives the others to the new one', async () => {
    const taskQueue = uniqueName('versions');
    const deploymentName = uniqueName('deployment');
    const [a, b] = ['a', 'b'].map((buildId) => ({ deploymentName, buildId })) as [WorkerVersion, WorkerVersion];
    const start = starter(taskQueue);
    const needed = () => readNeededWorkers(temporal.client.connection, { namespace, taskQueue }, deploymentName);
    expect(await needed()).toEqual([]);

    const stopA = await runBuild(taskQueue, 'a', a);
    await obey(setCurrentVersionCommand(namespace, a));
    expect(await readCurrentVersion(temporal.client.connection, { namespace, taskQueue })).toEqual(a);
    expect(await needed()).toEqual([{ version: a, need: 'gets new runs' }]);
    const old = await start(30);
    await asleep(old);

    const stopB = await runBuild(taskQueue, 'b', b);
    const between = await start(1);
    await obey(setCurrentVersionCommand(namespace, b));
    await untilRunsGoTo('b', start);
    expect(await needed()).toEqual([
      { version: b, need: 'gets new runs' },
      { version: a, need: 'still has runs' },
    ]);
    const young = await start(5);
    const rollOut = (...builds: string[]) =>
      promisify(execFile)(
        process.execPath,
        [ROLL_OUT, '--deployment', deploymentName, ...builds.flatMap((build) => ['--build', build])],
        { env: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TEMPORAL_TASK_QUEUE: taskQueue } },
      );
    await expect(rollOut('b')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('still has runs') });
    expect((await rollOut('b', 'a')).stdout).toContain('No workers that are needed go');

    expect(await resultsOf(young)).toEqual(Array(5).fill(allOf('b')));
    // All of them, and those that began while B was there but not current.
    expect(await wake([...old, ...between])).toEqual(Array(31).fill(allOf('a')));

    // And back.
    await obey(setCurrentVersionCommand(namespace, a));
    await untilRunsGoTo('a', start);
    expect(await resultsOf(await start(1, 1))).toEqual([allOf('a')]);
    await stopA();
    await stopB();
  });

  it('takes up versions and gives them up again while runs are asleep', async () => {
    const taskQueue = uniqueName('versions');
    const version = { deploymentName: uniqueName('deployment'), buildId: 'a' };
    const start = starter(taskQueue);

    const stopOld = await runBuild(taskQueue, 'a', null);
    const before = await start(2);
    await asleep(before);
    expect(await readNeededWorkers(temporal.client.connection, { namespace, taskQueue }, 'none')).toEqual([
      { version: null, need: 'gets new runs' },
    ]);
    const stopVersioned = await runBuild(taskQueue, 'a', version);
    await obey(setCurrentVersionCommand(namespace, version));
    await stopOld();
    await untilRunsGoTo('a', start);
    const versioned = await start(2);
    await asleep(versioned);
    expect(await wake(before)).toEqual(Array(2).fill(allOf('a')));

    const stopNew = await runBuild(taskQueue, 'b', null);
    await obey(setUnversionedCommand(namespace, version));
    await untilRunsGoTo('b', start);
    expect(await resultsOf(await start(1))).toEqual([allOf('b')]);
    expect(await wake(versioned)).toEqual(Array(2).fill(allOf('a')));
    await stopVersioned();
    await stopNew();
  });
});
