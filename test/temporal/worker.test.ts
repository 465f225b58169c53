import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { activityInfo, cancellationSignal, cancelled, heartbeat } from '@temporalio/activity';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { hubspotTaskQueue } from '../../src/runs/task-queues.ts';
import type { WorkflowSource } from '../../src/temporal/workflow-bundle.ts';
import { deferred } from '../support/deferred.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';
import type { MainActivities, QueueActivities } from './fixtures/workflows.ts';

const workflowsPath = fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url));
let workflows: WorkflowSource;
beforeAll(async () => {
  workflows = { workflowBundle: await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') }) };
});
const queueActivities: QueueActivities = { taskQueueOfActivity: async () => activityInfo().taskQueue };

describe('createWorkers', () => {
  const temporal = useTemporal();

  it('runs HubSpot activities on a task queue of their own, and the others beside the workflows', async () => {
    const taskQueue = uniqueName('pair');
    const stop = await temporal.runWorkers({
      taskQueue,
      workflows,
      activities: { main: queueActivities, hubspot: queueActivities },
    });
    const queues = await temporal.client.workflow.execute('askBothQueues', {
      taskQueue,
      workflowId: taskQueue,
      args: [taskQueue],
    });
    expect(queues).toEqual([taskQueue, hubspotTaskQueue(taskQueue)]);
    await stop();
  });

  it('lets a running activity end at shutdown instead of cancelling it', async () => {
    const taskQueue = uniqueName('grace');
    const begun = deferred();
    const release = deferred();
    const main = {
      ...queueActivities,
      holdUntilReleased: async () => {
        const signal = cancellationSignal();
        begun.resolve();
        await release.promise;
        return signal.aborted ? 'cancelled' : 'finished';
      },
    } satisfies Partial<MainActivities>;
    const options = { taskQueue, workflows, activities: { main, hubspot: queueActivities } };
    const stop = await temporal.runWorkers(options);
    const handle = await temporal.client.workflow.start('holdOn', { taskQueue, workflowId: taskQueue });
    await begun.promise;
    const stopped = stop();
    // Without grace, the SDK cancels 10 ms after the shutdown began.
    await new Promise((later) => setTimeout(later, 200));
    release.resolve();
    await stopped;

    const next = await temporal.runWorkers(options);
    expect(await handle.result()).toBe('finished');
    await next();
  });

  it('tells an activity within seconds that its run cancelled it', async () => {
    const taskQueue = uniqueName('cancel');
    const main = {
      beatUntilCancelled: async () => {
        const beat = setInterval(heartbeat, 100);
        await cancelled().finally(() => clearInterval(beat));
      },
    } satisfies Partial<MainActivities>;
    const stop = await temporal.runWorkers({ taskQueue, workflows, activities: { main, hubspot: queueActivities } });
    expect(await temporal.client.workflow.execute('cancelMeanwhile', { taskQueue, workflowId: taskQueue })).toBe(true);
    await stop();
  });

  it('starts with the bundle that was built from the product’s workflows', async () => {
    const stop = await temporal.runWorkers({
      taskQueue: uniqueName('bundle'),
      activities: { main: {}, hubspot: queueActivities },
    });
    await stop();
  });
});
