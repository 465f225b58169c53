import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { newPayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';
import { section } from '../docs/markdown.ts';
import { suiteBuild } from '../support/build.ts';
import { type Collector, startCollector } from '../support/collector.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { hasPostgres, startPostgres } from '../support/postgres.ts';
import { ACCESS_TOKEN, CLIENT_SECRET, PORTAL_ID, portalEnvironment, testSimulator } from '../support/simulator.ts';
import { type Spawned, spawnNode } from '../support/spawned.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();

const CUSTOMERS_WORD = 'pomegranate';
/** What the customer, the AI and a ticket say. */
const CUSTOMERS_WORDS = [CUSTOMERS_WORD, 'shipping take', 'working days'];
const PAYLOAD_KEYS = newPayloadKey(new Date());
// Here no portal has installed the app, the AI neither holds an answer back nor hands over, and nobody rates.
const ABSENT = [
  'threadkeeper_needs_attention_total',
  'temporal_activity_execution_failed',
  'temporal_request_failure',
  'threadkeeper_token_refreshes_total',
  'threadkeeper_escalations_total',
  'threadkeeper_handoffs_total',
  'threadkeeper_ratings_total',
];
const WORKER_METRICS = [...section('docs/metrics.md', 'Metrics of a worker').matchAll(/^- `(\w+_\w+)`/gm)]
  .map(([, name = '']) => name)
  .filter((name) => !ABSENT.includes(name));

describe('npm run build, npm run api, npm run worker', () => {
  let built: string;
  let simulator: Simulator;
  let collector: Collector;
  let environment: Record<string, string>;
  let port: number;
  const closers: (() => Promise<unknown>)[] = [];
  const running: Spawned[] = [];

  const start = (entry: string): Spawned => {
    const spawned = spawnNode([join(built, `${entry}.js`)], environment);
    running.push(spawned);
    return spawned;
  };

  beforeAll(async () => {
    built = await suiteBuild();
    const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-production-'));
    closers.push(() => rm(dataDir, { recursive: true, force: true }));
    simulator = await testSimulator();
    closers.push(() => simulator.close());
    collector = await startCollector();
    closers.push(() => collector.close());
    port = await freePort();
    const publicUrl = `http://localhost:${port}/webhooks/hubspot`;
    simulator.setWebhookUrl(publicUrl);
    environment = {
      PORT: String(port),
      DATA_DIR: dataDir,
      TEMPORAL_ADDRESS: suiteTemporal().address,
      TEMPORAL_TASK_QUEUE: uniqueName('production'),
      PAYLOAD_KEYS,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      // The suite's server is everyone's, and nobody else there has the key of its schedule.
      CATCH_UP_INTERVAL: '0s',
      ...portalEnvironment(simulator, publicUrl),
    };
    if (hasPostgres) {
      const postgres = await startPostgres();
      closers.push(() => postgres.stop());
      environment.DATABASE_URL = await postgres.createDatabase('sessions');
    }
  });
  afterAll(async () => {
    await Promise.all(running.map((spawned) => spawned.ends('SIGKILL')));
    for (const close of closers.reverse()) await close();
  });

  it('work apart: what one accepts the other answers, and both end with 0 on SIGTERM', async () => {
    const api = start('api');
    await api.says(/API listens/);
    const asked = simulator.customerWrites({ channel: 'chat', text: 'How long does shipping take?' });
    await simulator.settle();
    expect(simulator.deliveries.at(-1)).toMatchObject({ status: 200, body: { accepted: 1 } });

    const metricsAddress = `127.0.0.1:${await freePort()}`;
    environment.WORKER_METRICS_ADDRESS = metricsAddress;
    const worker = start('worker');
    await worker.says(/Worker polls/);
    const client = createClient(temporal.settings, readPayloadKeys(PAYLOAD_KEYS) ?? []);
    closers.push(() => client.connection.close());
    const run = client.workflow.getHandle(`message:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`);
    expect(await run.result()).toMatchObject({ outcome: 'replied' });
    // A run that fails by itself needs the failure converter in the bundle as well.
    const failing = { workflowId: uniqueName('failing'), taskQueue: environment.TEMPORAL_TASK_QUEUE ?? '', args: [{}] };
    await expect(client.workflow.execute('replyToMessage', failing)).rejects.toThrow();
    const { events } = await temporal.client.workflow.getHandle(failing.workflowId).fetchHistory();
    expect(events?.at(-1)?.workflowExecutionFailedEventAttributes?.failure?.message).toBe('Encoded failure');
    expect(simulator.messages(asked.threadId)).toContainEqual(
      expect.objectContaining({ text: expect.stringMatching(/^Standard shipping takes 2 to 4 working days/) }),
    );

    // A run is counted once the worker hears that Temporal has taken its end.
    await eventually(async () => {
      const metrics = await (await fetch(`http://${metricsAddress}/metrics`)).text();
      for (const name of WORKER_METRICS) expect(metrics).toMatch(new RegExp(`^${name}(_count)?{`, 'm'));
    });

    // More than are started one by one.
    const ticketId = simulator.createTicket();
    const changes = Array.from({ length: 11 }, (_, at) => ({
      subscriptionType: 'ticket.propertyChange',
      portalId: Number(PORTAL_ID),
      objectId: Number(ticketId),
      eventId: at + 1,
      propertyName: 'subject',
      propertyValue: `${CUSTOMERS_WORD} ${at}`,
      occurredAt: at + 1,
    }));
    expect(await simulator.sendEvents(changes)).toMatchObject({ status: 200, body: { accepted: 11 } });
    const last = `ticket:${PORTAL_ID}:${ticketId}-11:subject@11`;
    while (
      (await client.workflow
        .getHandle(last)
        .result()
        .catch(() => null)) === null
    )
      await sleep(100);

    expect(await api.ends('SIGTERM')).toBe(0);
    expect(await worker.ends('SIGTERM')).toBe(0);
    for (const { output } of [api, worker]) {
      expect(output()).not.toContain('shipping take');
      expect(output()).not.toContain(ACCESS_TOKEN);
      expect(output()).not.toContain(CLIENT_SECRET);
      expect(output()).not.toContain(PAYLOAD_KEYS);
    }
  });

  it('tell a collector of what they did: one trace from the delivery to the reply', () => {
    const { spans } = collector;
    const posted = spans.find(({ name }) => name === 'RunActivity:post');
    const way: [string, string][] = [];
    for (let span = posted; span; span = spans.find(({ spanId }) => spanId === span?.parentSpanId)) {
      way.push([span.process, span.name]);
    }
    expect(way).toEqual([
      ['worker', 'RunActivity:post'],
      ['api', 'StartWorkflow:replyToMessage'],
      ['api', 'POST /webhooks/hubspot'],
    ]);
    const inTrace = spans.filter(({ traceId }) => traceId === posted?.traceId);
    expect(inTrace.filter(({ parentSpanId }) => parentSpanId === '')).toHaveLength(1);
    expect(inTrace).toContainEqual(
      expect.objectContaining({
        name: 'POST /conversations/v3/conversations/threads/{threadId}/messages',
        parentSpanId: posted?.spanId,
        attributes: expect.objectContaining({ 'http.response.status_code': 201 }),
      }),
    );
    const asked = inTrace.find(({ name }) => name === 'AI');
    expect(inTrace.find(({ spanId }) => spanId === asked?.parentSpanId)?.name).toBe('RunActivity:generateReply');
  });

  it('tell it of a large delivery, whose runs another run starts, in one trace as well', () => {
    const { spans } = collector;
    const starts = spans.filter(({ name }) => name === 'StartWorkflow:syncTicketProperty');
    expect(starts).toHaveLength(11);
    const [traceId, ...others] = new Set(starts.map((span) => span.traceId));
    expect(others).toEqual([]);
    const names = spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['POST /webhooks/hubspot', 'StartWorkflow:dispatchDelivery', 'RunActivity:startRuns']),
    );
  });

  it("tell it no customer's word, no secret and no query", () => {
    const sent = collector.raw.join('\n');
    for (const word of [...CUSTOMERS_WORDS, ACCESS_TOKEN, CLIENT_SECRET, PAYLOAD_KEYS.split(':')[1] ?? '', '?limit']) {
      expect(sent).not.toContain(word);
    }
  });

  it('refuse to start without credentials, and name every setting that is missing', async () => {
    const all = ['WEBHOOK_PUBLIC_URL', 'HUBSPOT_PORTAL_ID', 'HUBSPOT_CLIENT_SECRET'];
    const started = [
      // The API calls nothing of HubSpot's, so it needs no access token.
      { entry: join(built, 'api.js'), names: all },
      { entry: join(built, 'worker.js'), names: [...all, 'HUBSPOT_ACCESS_TOKEN'] },
      { entry: 'src/start.ts', names: [...all, 'HUBSPOT_ACCESS_TOKEN'] },
    ].map(({ entry, names }) => ({ names, spawned: spawnNode([entry], {}) }));
    for (const { names, spawned } of started) {
      expect(await spawned.ends()).toBe(1);
      for (const name of names) expect(spawned.output()).toContain(`${name} is missing`);
    }
  });

  it('say in one line that a port is taken or Temporal away', async () => {
    const api = start('api');
    await api.says(/API listens/);
    const second = start('api');
    expect(await second.ends()).toBe(1);
    expect(second.output()).toContain(`Port ${port} is in use`);
    expect(await api.ends('SIGINT')).toBe(0);

    const lost = spawnNode([join(built, 'worker.js')], {
      ...environment,
      TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
    });
    expect(await lost.ends()).toBe(1);
    expect(lost.output()).toMatch(/Temporal at 127\.0\.0\.1:\d+ can't be reached/);
  });
});

describe('npm run setup', () => {
  it('makes a namespace ready, and says so', async () => {
    const setup = spawnNode(['src/setup.ts'], { TEMPORAL_ADDRESS: suiteTemporal().address });
    expect(await setup.ends()).toBe(0);
    expect(setup.output()).toMatch(
      /search attributes: all there\n\s+retention: 7 days\n\s+HubSpot activities: at most 12 a second/,
    );
  });
});
