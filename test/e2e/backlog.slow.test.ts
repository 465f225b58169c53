import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { loadConfig } from '../../src/config.ts';
import { Resources } from '../../src/processes/lifecycle.ts';
import { startWorker } from '../../src/processes/worker.ts';
import { plannedReply } from '../../src/runs/planned-start.ts';
import { createRunStarter } from '../../src/temporal/run-starter.ts';
import { portalId as toPortalId } from '../api/support.ts';
import { PUBLIC_URL, ScriptedAi } from '../support/product.ts';
import { startSharedHubSpot } from '../support/shared-hubspot.ts';
import { AI_ACTOR_ID, CLIENT_SECRET, testSimulator } from '../support/simulator.ts';
import { suiteEnvironment } from '../support/suite-environment.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const [LOUD, QUIET] = ['62515', '62516'];
const BACKLOG = 200;

const temporal = useTemporal();
const resources = new Resources();
const simulators = new Map<string, Simulator>();
const taskQueue = uniqueName('backlog');
const logger = pino({ level: 'silent' });

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-backlog-'));
  resources.add(() => rm(folder, { recursive: true, force: true }));
  const portals = [];
  for (const portalId of [LOUD, QUIET]) {
    const accessToken = `pat-${portalId}`;
    const simulator = await testSimulator({ portalId, accessToken });
    simulators.set(portalId, simulator);
    resources.add(() => simulator.close());
    const none = { quietPeriod: '0s', deliveryCheck: '0s', catchUpInterval: '0s' };
    portals.push({ portalId, accessToken, aiActorId: AI_ACTOR_ID, ...none });
  }
  const hubspot = await startSharedHubSpot((token) => simulators.get(token.replace('pat-', '')));
  resources.add(() => hubspot.close());
  const PORTALS_FILE = join(folder, 'portals.json');
  await writeFile(PORTALS_FILE, JSON.stringify({ portals }));
  // The limits are those by default.
  const config = loadConfig({
    TEMPORAL_TASK_QUEUE: taskQueue,
    HUBSPOT_API_URL: hubspot.url,
    HUBSPOT_CLIENT_SECRET: CLIENT_SECRET,
    WEBHOOK_PUBLIC_URL: PUBLIC_URL,
    PORTALS_FILE,
    ...(await suiteEnvironment(join(folder, 'data'))),
  });
  await temporal.workerConnection();
  const parts = { workflows: temporal.workflows, ai: new ScriptedAi() };
  const { work } = await startWorker(config, temporal.settings, logger, resources, parts);
  work.catch(() => undefined);
});
afterAll(() => resources.close());

const hubspotOf = (portalId: string): Simulator => {
  const simulator = simulators.get(portalId);
  if (!simulator) throw new Error(`No portal ${portalId}`);
  return simulator;
};
const asks = async (portalId: string): Promise<void> => {
  const written = hubspotOf(portalId).customerWrites({ channel: 'chat', text: 'How long?' });
  const starter = createRunStarter(temporal.client, taskQueue, logger);
  await starter.start(plannedReply({ portalId: toPortalId(portalId), ...written } as never));
};

it('a portal’s backlog is answered run by run, and keeps no other portal on the worker waiting', async () => {
  const [loud, quiet] = [hubspotOf(LOUD), hubspotOf(QUIET)];
  await Promise.all(Array.from({ length: BACKLOG }, () => asks(LOUD)));
  while (loud.ledger.length < 10) await delay(10);
  for (let question = 1; question <= 5; question += 1) {
    const before = loud.ledger.length;
    await asks(QUIET);
    while (quiet.ledger.length < question) await delay(5);
    // In the order of coming it would be all that was there before. How many it is depends on how long a reply takes:
    // the loud portal gets some three answers a second.
    expect(loud.ledger.length - before).toBeLessThan((BACKLOG - before) / 2);
  }
  const answered = loud.ledger.length;
  const begun = loud.calls.filter(({ method, path }) => method === 'GET' && /messages\/\w+$/.test(path)).length;
  // Those at work, and not the whole backlog.
  expect(begun - answered).toBeLessThan(40);
});
