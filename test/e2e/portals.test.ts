import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { loadConfig } from '../../src/config.ts';
import { startApi } from '../../src/processes/api.ts';
import { Resources } from '../../src/processes/lifecycle.ts';
import { startWorker } from '../../src/processes/worker.ts';
import { PUBLIC_URL, ScriptedAi } from '../support/product.ts';
import { startSharedHubSpot } from '../support/shared-hubspot.ts';
import { AI_ACTOR_ID, CLIENT_SECRET, testSimulator } from '../support/simulator.ts';
import { suiteEnvironment } from '../support/suite-environment.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const PORTAL_IDS = ['62515', '62516'];
const tokenOf = (portalId: string): string => `pat-${portalId}`;

const temporal = useTemporal();
const resources = new Resources();
const simulators: Simulator[] = [];
let deliverTo: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-portals-'));
  resources.add(() => rm(folder, { recursive: true, force: true }));
  for (const portalId of PORTAL_IDS) {
    const simulator = await testSimulator({ portalId, accessToken: tokenOf(portalId) });
    simulators.push(simulator);
    resources.add(() => simulator.close());
  }
  const hubspot = await startSharedHubSpot(
    (token) => simulators[PORTAL_IDS.findIndex((portalId) => token === tokenOf(portalId))],
  );
  resources.add(() => hubspot.close());
  const PORTALS_FILE = join(folder, 'portals.json');
  const portals = PORTAL_IDS.map((portalId) => ({
    portalId,
    accessToken: tokenOf(portalId),
    aiActorId: AI_ACTOR_ID,
    quietPeriod: '0s',
    deliveryCheck: '0s',
    catchUpInterval: '0s',
  }));
  await writeFile(PORTALS_FILE, JSON.stringify({ portals }));
  const config = loadConfig({
    PORT: '0',
    TEMPORAL_TASK_QUEUE: uniqueName('portals'),
    HUBSPOT_API_URL: hubspot.url,
    HUBSPOT_CLIENT_SECRET: CLIENT_SECRET,
    WEBHOOK_PUBLIC_URL: PUBLIC_URL,
    PORTALS_FILE,
    ...(await suiteEnvironment(join(folder, 'data'))),
  });
  const logger = pino({ level: 'silent' });
  await temporal.workerConnection();
  const parts = { workflows: temporal.workflows, ai: new ScriptedAi() };
  const { work } = await startWorker(config, temporal.settings, logger, resources, parts);
  work.catch(() => undefined);
  const api = await startApi(config, temporal.settings, logger, resources);
  deliverTo = api.url + WEBHOOK_PATH;
});
afterAll(() => resources.close());

it('each run calls HubSpot with the token of its own portal, though their events share a delivery', async () => {
  const asked = simulators.map((simulator, at) => ({
    simulator,
    portalId: PORTAL_IDS[at] ?? '',
    ...simulator.customerWrites({ channel: 'chat', text: `A question for ${PORTAL_IDS[at]}` }),
  }));
  const events = asked.map(({ portalId, threadId, messageId }, at) => ({
    eventId: at,
    portalId: Number(portalId),
    subscriptionType: 'conversation.newMessage',
    attemptNumber: 0,
    occurredAt: Date.now(),
    objectId: Number(threadId),
    messageId,
    messageType: 'MESSAGE',
  }));
  const [sender] = simulators;
  sender?.setWebhookUrl(PUBLIC_URL, deliverTo);
  expect(await sender?.sendEvents(events)).toMatchObject({ status: 200, body: { accepted: 2 } });

  for (const { simulator, portalId, threadId, messageId } of asked) {
    const run = temporal.client.workflow.getHandle(`message:${portalId}:${threadId}-${messageId}`);
    expect(await run.result()).toMatchObject({ outcome: 'replied' });
    const [, ...posted] = simulator.messages(threadId);
    expect(posted).toMatchObject([{ text: `You asked: A question for ${portalId}` }]);
    // Nothing was asked of a portal that it doesn't know.
    expect(simulator.calls.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);
  }
});
