import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import { createAnswering, keyOf, type Question } from '../peer/answering.ts';
import { serveEndpoint } from '../peer/endpoint.ts';
import { CONCURRENCY, readPeerSettings, tellReady } from '../peer/settings.ts';

// docs.dbos.dev: the workflow ID against duplicates, a queue, a step for each call, steps with retries.
const settings = readPeerSettings();
const QUEUE = 'events';

if (settings.role !== 'api') {
  const { fetchMessage, fetchConversation, decide, post } = createAnswering(settings);
  const step = <T>(name: string, call: () => Promise<T>): Promise<T> =>
    DBOS.runStep(call, { name, retriesAllowed: true, maxAttempts: 10 });
  const reply = async (question: Question): Promise<void> => {
    if (!settings.work) return;
    const message = await step('fetchMessage', () => fetchMessage(question));
    const conversation = await step('fetchConversation', () => fetchConversation(question));
    const text = decide(message, conversation);
    if (message !== null && text !== null) await step('post', () => post(question, message, text));
  };
  DBOS.registerWorkflow(reply, { name: 'reply' });
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: settings.store,
    applicationVersion: '1',
    executorID: 'local',
    logLevel: 'error',
  });
  await DBOS.launch();
  await DBOS.registerQueue(QUEUE, { workerConcurrency: CONCURRENCY, minPollingIntervalMs: 100 });
  tellReady();
}

if (settings.role !== 'worker') {
  const client = await DBOSClient.create({ systemDatabaseUrl: settings.store, applicationName: 'bench' });
  serveEndpoint(settings, (asked) =>
    Promise.all(
      asked.map(({ threadId, messageId }) =>
        client.enqueue<(question: Question) => Promise<void>>(
          { queueName: QUEUE, workflowName: 'reply', workflowID: keyOf({ threadId, messageId }) },
          { threadId, messageId },
        ),
      ),
    ),
  );
}
