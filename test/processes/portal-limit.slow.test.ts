import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mostWithin } from '../../bench/windows.ts';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { suiteBuild } from '../support/build.ts';
import { hasPostgres, startPostgres } from '../support/postgres.ts';
import { PORTAL_ID, portalEnvironment, testSimulator } from '../support/simulator.ts';
import { type Spawned, spawnNode } from '../support/spawned.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const QUESTIONS = 45;

if (!hasPostgres) {
  process.stderr.write('\nSKIPPED: no PostgreSQL server is installed here, so no two workers share a limit.\n\n');
}

(hasPostgres ? describe : describe.skip)('two workers, one portal, and the settings as they are by default', () => {
  let simulator: Simulator;
  const workers: Spawned[] = [];
  const taskQueue = uniqueName('portal-limit');
  const noteSentCalls = fileURLToPath(new URL('../support/note-sent-calls.ts', import.meta.url));
  let sentCalls = '';
  const closers: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const built = await suiteBuild();
    const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-limit-'));
    closers.push(() => rm(dataDir, { recursive: true, force: true }));
    sentCalls = join(dataDir, 'sent-calls');
    const postgres = await startPostgres();
    closers.push(() => postgres.stop());
    simulator = await testSimulator();
    closers.push(() => simulator.close());
    const { payloadKeys, address } = suiteTemporal();
    const environment: Record<string, string> = {
      ...portalEnvironment(simulator, 'http://localhost/webhooks/hubspot'),
      TEMPORAL_ADDRESS: address,
      TEMPORAL_TASK_QUEUE: taskQueue,
      DATABASE_URL: await postgres.createDatabase('limit'),
      DATA_DIR: dataDir,
      DELIVERY_CHECK: '0s',
      CATCH_UP_INTERVAL: '0s',
      SENT_CALLS: sentCalls,
      ...(payloadKeys === '' ? {} : { PAYLOAD_KEYS: payloadKeys }),
    };
    for (let number = 0; number < 2; number += 1) {
      const worker = spawnNode(['--import', noteSentCalls, join(built, 'worker.js')], environment);
      closers.push(() => worker.ends('SIGKILL'));
      workers.push(worker);
    }
    await Promise.all(workers.map((worker) => worker.says(/Worker polls/)));
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  it('answer everybody, never call more often than 19 times in a second, and have HubSpot’s refusal hold for all calls', async () => {
    const { workflow } = temporal.client;
    const asked = Array.from({ length: QUESTIONS }, () => simulator.customerWrites({ text: 'How long is shipping?' }));
    const runs = await Promise.all(
      asked.map((message) =>
        workflow.start('replyToMessage', {
          workflowId: `message:${PORTAL_ID}:${message.threadId}-${message.messageId}`,
          taskQueue,
          args: [{ portalId: PORTAL_ID, ...message }],
        }),
      ),
    );
    while (simulator.calls.length < 80) await delay(20);
    simulator.faults.add({ kind: 'rate-limit', retryAfter: 3 });
    const results = await Promise.all(runs.map((run) => run.result()));
    expect(results.filter(({ outcome }) => outcome === 'replied')).toHaveLength(QUESTIONS);

    // As the workers have sent them: this process takes those together that come while other tests hold it up.
    const times = (await readFile(sentCalls, 'utf8'))
      .trim()
      .split('\n')
      .map(Number)
      .toSorted((a, b) => a - b);
    expect(times).toHaveLength(simulator.calls.length);
    expect(mostWithin(times, 10_000)).toBeLessThanOrEqual(190);
    expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(19);
    const at = simulator.calls.find(({ status }) => status === 429)?.time ?? 0;
    expect(at).toBeGreaterThan(0);
    // First comes what was on its way already, and what the other worker had leased by then. How long after the refusal
    // that ends depends on how busy the machine is.
    const pauses = times.flatMap((time, place) => {
      const from = Math.max(at, times[place - 1] ?? 0);
      return from < at + 3_000 ? [time - from] : [];
    });
    expect(Math.max(...pauses)).toBeGreaterThan(1_400);
  });
});
