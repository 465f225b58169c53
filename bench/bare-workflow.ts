import { proxyActivities } from '@temporalio/workflow';

/** What Temporal itself takes: so many activities that do nothing, one after another, on these task queues. */
export async function bare(taskQueues: string[]): Promise<void> {
  for (const taskQueue of taskQueues) {
    const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ taskQueue, startToCloseTimeout: '10s' });
    await nothing();
  }
}
