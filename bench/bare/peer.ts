import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createClient } from '../../src/temporal/connection.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import { createAnswering, keyOf } from '../peer/answering.ts';
import { serveEndpoint } from '../peer/endpoint.ts';
import { CONCURRENCY, readPeerSettings, tellReady } from '../peer/settings.ts';
import { createBareActivities } from './activities.ts';

// Temporal by the book: the endpoint starts a workflow for each event, its ID the dedup key.
const settings = readPeerSettings();
const taskQueue = 'bare';
Runtime.install({ logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} } });

if (settings.role !== 'worker') {
  const client = createClient(plainSettings(settings.store), []);
  const start = async (workflowId: string, question: object): Promise<void> => {
    try {
      await client.workflow.start(settings.activities === 3 ? 'bareReplyOfThree' : 'bareReply', {
        taskQueue,
        workflowId,
        args: [question],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  };
  serveEndpoint(settings, (asked) =>
    Promise.all(asked.map(({ threadId, messageId }) => start(keyOf({ threadId, messageId }), { threadId, messageId }))),
  );
}

if (settings.role !== 'api') {
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address: settings.store }),
    taskQueue,
    workflowBundle: { codePath: settings.bundlePath },
    activities: createBareActivities(createAnswering(settings)),
    maxConcurrentActivityTaskExecutions: CONCURRENCY,
  });
  tellReady();
  await worker.run();
}
