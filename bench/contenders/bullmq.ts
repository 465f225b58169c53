import { Queue, Worker } from 'bullmq';
import { answer, createAnswering, keyOf, type Question } from '../peer/answering.ts';
import { serveEndpoint } from '../peer/endpoint.ts';
import { CONCURRENCY, readPeerSettings, tellReady } from '../peer/settings.ts';

// docs.bullmq.io: custom job ids against duplicates, bulk adding, retries with backoff, `maxRetriesPerRequest: null`
// for workers.
const settings = readPeerSettings();
const { hostname: host, port } = new URL(settings.store);
const connection = { host, port: Number(port) };

if (settings.role !== 'worker') {
  const queue = new Queue<Question>('events', { connection });
  queue.on('error', () => {});
  serveEndpoint(settings, (asked) =>
    queue.addBulk(
      asked.map(({ threadId, messageId }) => ({
        name: 'event',
        data: { threadId, messageId },
        opts: {
          jobId: keyOf({ threadId, messageId }),
          attempts: 10,
          backoff: { type: 'exponential', delay: 500 },
          // Kept as long as HubSpot redelivers, or a redelivery would run again.
          removeOnComplete: { age: 3 * 24 * 3600 },
        },
      })),
    ),
  );
}

if (settings.role !== 'api') {
  const answering = createAnswering(settings);
  const worker = new Worker<Question>(
    'events',
    async ({ data }) => {
      if (settings.work) await answer(answering, data);
    },
    {
      connection: { ...connection, maxRetriesPerRequest: null },
      concurrency: CONCURRENCY,
      // By default a job that was interrupted twice is given up.
      maxStalledCount: 10,
    },
  );
  worker.on('error', () => {});
  await worker.waitUntilReady();
  tellReady();
}
