import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '../../dev/simulator/simulator.ts';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { findFreePort } from '../../src/lib/ports.ts';
import type { Resources } from '../../src/processes/lifecycle.ts';
import { startSharedHubSpot } from '../../test/support/shared-hubspot.ts';
import { type Spawned, spawnNode } from '../../test/support/spawned.ts';
import { type ShopAi, startShopAi } from './ai.ts';

/** Two HubSpot accounts whose dashboards can be told apart. */
const PORTAL_IDS = ['62515', '62516'] as const;
const AI_ACTOR_ID = 'A-500';
const AGENT = { id: 'A-77', email: 'dana@example.com', name: 'Dana Wells' };

/** API and worker of the product, each a process, with two simulated HubSpot accounts and an AI of their own. */
export interface Stage {
  shops: [Simulator, Simulator];
  ai: ShopAi;
  /** Where metrics are, as `host:port`, by process. */
  metrics: { api: string; worker: string };
  /** SIGKILL: the worker gets no chance to finish anything. */
  killWorker(): Promise<void>;
  /** Resolves once there is a worker again. */
  startWorker(): Promise<void>;
  /** The agent takes the thread, and writes. */
  agentTakes(shop: Simulator, threadId: string): void;
  /** The AI's user owns the thread that an agent took first, if one did, and its customer asks again. */
  agentGivesBack(shop: Simulator): void;
}

/** How fast things happen. Durations as the settings have them, such as `30s`. */
export interface Pace {
  quietPeriod: string;
  /** So long agents have after a handoff. */
  pickUp: string;
  /** So long HubSpot may fail until a person must look. */
  attentionAfter: string;
  /** Of the second account, in the currency of the prices. */
  dailyBudget: number;
}

/**
 * Starts all of it into `resources`, on a Temporal server that is there. `ground`: the settings that say which, and
 * where sessions are kept.
 */
export const startStage = async (ground: Record<string, string>, pace: Pace, resources: Resources): Promise<Stage> => {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-dashboard-'));
  resources.add(() => rm(folder, { recursive: true, force: true }));
  const secret = randomBytes(16).toString('hex');
  const ai = await startShopAi(resources);
  const open = async (portalId: string) => {
    const accessToken = `pat-${portalId}`;
    const options = {
      portalId,
      accessToken,
      aiActorId: AI_ACTOR_ID,
      appId: '2438486',
      clientSecret: secret,
      webhookUrl: null,
    };
    const simulator = await startSimulator({ ...options, webhook: { batchSize: 5 } });
    resources.add(() => simulator.close());
    simulator.addUser(AGENT.id, AGENT.email, AGENT.name);
    return simulator;
  };
  const shops: [Simulator, Simulator] = [await open(PORTAL_IDS[0]), await open(PORTAL_IDS[1])];
  const hubspot = await startSharedHubSpot(
    (token) => shops[PORTAL_IDS.findIndex((portalId) => token === `pat-${portalId}`)],
  );
  resources.add(hubspot.close);

  const portal = (portalId: string) => ({
    portalId,
    accessToken: `pat-${portalId}`,
    aiActorId: AI_ACTOR_ID,
    quietPeriod: pace.quietPeriod,
    emailDelay: pace.quietPeriod,
    attentionAfter: pace.attentionAfter,
    // No webhook gets lost here, and a Temporal server has one schedule for each portal.
    catchUpInterval: '0s',
    minConfidence: 0.5,
    // Two machines that write to each other reach it soon.
    maxAiCallsPerHour: 6,
    handoff: { pickUp: pace.pickUp },
  });
  const portals = [portal(PORTAL_IDS[0]), { ...portal(PORTAL_IDS[1]), aiDailyBudget: pace.dailyBudget }];
  const PORTALS_FILE = join(folder, 'portals.json');
  await writeFile(PORTALS_FILE, JSON.stringify({ portals }));
  const metrics = {
    api: `127.0.0.1:${await findFreePort()}`,
    worker: `127.0.0.1:${await findFreePort()}`,
  };
  const publicUrl = `http://${metrics.api}${WEBHOOK_PATH}`;
  const environment = {
    ...ground,
    PORT: new URL(publicUrl).port,
    WORKER_METRICS_ADDRESS: metrics.worker,
    HUBSPOT_API_URL: hubspot.url,
    HUBSPOT_CLIENT_SECRET: secret,
    WEBHOOK_PUBLIC_URL: publicUrl,
    PORTALS_FILE,
    // The simulated HubSpot counts no calls.
    HUBSPOT_ACTIVITIES_PER_SECOND: '0',
    RESOLVED_AFTER: '1m',
    AI_BACKEND: 'http',
    AI_HTTP_URL: ai.url,
    AI_HTTP_SECRET: randomBytes(16).toString('hex'),
    LLM_INPUT_PRICE: '3',
    LLM_OUTPUT_PRICE: '15',
  };
  const start = (program: string): Spawned => {
    const spawned = spawnNode([program], environment);
    resources.add(() => spawned.ends('SIGKILL'));
    return spawned;
  };
  let worker: Spawned;
  const startWorker = async (): Promise<void> => {
    worker = start('src/worker.ts');
    await worker.says(/Worker polls/);
  };
  const api = start('src/api.ts');
  await Promise.all([startWorker(), api.says(/API listens/)]);
  for (const shop of shops) shop.setWebhookUrl(publicUrl);
  return {
    shops,
    ai,
    metrics,
    startWorker,
    killWorker: async () => void (await worker.ends('SIGKILL')),
    agentTakes: (shop, threadId) => {
      shop.assign(threadId, AGENT.id);
      shop.agentWrites(threadId, { actorId: AGENT.id, text: 'Hi, this is Dana. I look into it.' });
    },
    agentGivesBack: (shop) => {
      const taken = shop.threads().find(({ assignedTo }) => assignedTo === AGENT.id);
      if (!taken) return;
      shop.assign(taken.id, AI_ACTOR_ID);
      shop.customerWrites({ threadId: taken.id, text: 'How do I return an item?' });
    },
  };
};
