import { PgBoss } from 'pg-boss';
import { answer, createAnswering, keyOf, type Question } from '../peer/answering.ts';
import { serveEndpoint } from '../peer/endpoint.ts';
import { CONCURRENCY, readPeerSettings, tellReady } from '../peer/settings.ts';

// timgit.github.io/pg-boss: singletonKey against duplicates, bulk insert, LISTEN/NOTIFY, heartbeats for workers that
// die.
const settings = readPeerSettings();
const QUEUE = 'events';

const boss = new PgBoss({
  connectionString: settings.store,
  useListenNotify: true,
  // How soon a job of a dead worker is noticed: 60 s each by default.
  superviseIntervalSeconds: 10,
  monitorIntervalSeconds: 10,
});
boss.on('error', (error) => process.stderr.write(`${error.message}\n`));
await boss.start();
await boss.createQueue(QUEUE, {
  notify: true,
  retryLimit: 10,
  retryDelay: 1,
  retryBackoff: true,
  expireInSeconds: 60,
  heartbeatSeconds: 10,
});

if (settings.role !== 'worker') {
  serveEndpoint(settings, (asked) =>
    boss.insert(
      QUEUE,
      asked.map(({ threadId, messageId }) => ({
        data: { threadId, messageId },
        singletonKey: keyOf({ threadId, messageId }),
        singletonSeconds: 3 * 24 * 3600,
      })),
    ),
  );
}

if (settings.role !== 'api') {
  const answering = createAnswering(settings);
  // Two jobs at a time in each of its workers, so that they fetch the next ones at once while there are more (a batch
  // of one can't be "full"); the fewer, the less begins again after a crash, since a batch is done when its last job
  // is. Where a queue notifies, a worker looks by itself every 30 s unless configured otherwise, and a job that is
  // tried again notifies nobody.
  const BATCH = 2;
  const options = {
    localConcurrency: CONCURRENCY / BATCH,
    batchSize: BATCH,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5,
    notifyPollingIntervalSeconds: 0.5,
  };
  await boss.work<Question>(QUEUE, options, async (jobs) => {
    if (settings.work) await Promise.all(jobs.map(({ data }) => answer(answering, data)));
  });
  tellReady();
}
