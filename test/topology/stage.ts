import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import type { Resources } from '../../src/processes/lifecycle.ts';
import { createClient } from '../../src/temporal/connection.ts';
import type { TemporalSettings } from '../../src/temporal/envconfig.ts';
import { newPayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';
import { type AiServer, startAiServer } from '../chaos/ai-server.ts';
import { Supervised } from '../chaos/supervisor.ts';
import { startProcess } from '../chaos/topology.ts';
import { freePort } from '../support/free-port.ts';
import {
  ACCESS_TOKEN,
  AI_ACTOR_ID,
  CLIENT_SECRET,
  PORTAL_ID,
  portalEnvironment,
  testSimulator,
} from '../support/simulator.ts';
import { uniqueName } from '../support/unique-name.ts';

/** What HubSpot has been told to call: a load balancer, which the script itself takes the place of. */
export const PUBLIC_URL = 'https://threadkeeper.example.com/webhooks/hubspot';

export interface StageOptions {
  /** The folder of `api.js` and `worker.js`. */
  built: string;
  temporal: TemporalSettings;
  databaseUrl: string;
  /** One simulated HubSpot stands for all of them. */
  portalIds?: string[];
  apis: number;
  workers: number;
  /** Of each portal, as in PORTALS_FILE, and of the processes: over those that every stage has. */
  portal?: Record<string, string>;
  settings?: Record<string, string>;
}

/** The product's processes, built, as a process manager keeps them running, and the world around them. */
export interface Stage {
  simulator: Simulator;
  ai: AiServer;
  /** With the product's keys. */
  client: Client;
  taskQueue: string;
  /** Where each API takes webhooks. */
  webhooks: string[];
  apis: Supervised[];
  workers: Supervised[];
}

/** Starts everything into `resources`, payloads encrypted, on a task queue of its own, and waits until it works. */
export const startStage = async (
  { built, temporal, databaseUrl, portalIds = [PORTAL_ID], apis, workers, portal = {}, settings = {} }: StageOptions,
  folder: string,
  resources: Resources,
  signal: AbortSignal,
): Promise<Stage> => {
  const simulator = await testSimulator();
  resources.add(() => simulator.close());
  const ai = await startAiServer();
  resources.add(() => ai.close());
  const taskQueue = uniqueName('topology');
  const PAYLOAD_KEYS = newPayloadKey(new Date());
  const PORTALS_FILE = join(folder, `${taskQueue}.json`);
  await writeFile(
    PORTALS_FILE,
    JSON.stringify({
      portals: portalIds.map((portalId) => ({
        portalId,
        accessToken: ACCESS_TOKEN,
        aiActorId: AI_ACTOR_ID,
        catchUpInterval: '0s',
        ...portal,
      })),
    }),
  );
  const { HUBSPOT_API_URL } = portalEnvironment(simulator, PUBLIC_URL);
  const environment = {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_TASK_QUEUE: taskQueue,
    DATABASE_URL: databaseUrl,
    DATA_DIR: join(folder, 'data'),
    PAYLOAD_KEYS,
    HUBSPOT_API_URL,
    HUBSPOT_CLIENT_SECRET: CLIENT_SECRET,
    WEBHOOK_PUBLIC_URL: PUBLIC_URL,
    PORTALS_FILE,
    AI_BACKEND: 'opencx',
    OPENCX_API_URL: ai.url,
    OPENCX_API_KEY: 'key',
    ...settings,
  };
  const client = createClient(temporal, readPayloadKeys(PAYLOAD_KEYS) ?? []);
  resources.add(() => client.connection.close());

  const hopeless = new AbortController();
  const supervise = async (name: string, script: string, ready: RegExp, own: Record<string, string>) => {
    const one = new Supervised(name, startProcess(join(built, script), ready, { ...environment, ...own }));
    resources.add(() => one.stop());
    const looking = setInterval(() => {
      const [last] = one.endedByItself;
      if (last !== undefined) hopeless.abort(new Error(`${name} ended: ${last}`));
    }, 100);
    await one.untilReady(AbortSignal.any([signal, hopeless.signal])).finally(() => clearInterval(looking));
    return one;
  };
  const stage: Stage = { simulator, ai, client, taskQueue, webhooks: [], apis: [], workers: [] };
  for (let number = 1; number <= apis; number += 1) {
    const PORT = String(await freePort());
    stage.webhooks.push(`http://127.0.0.1:${PORT}/webhooks/hubspot`);
    stage.apis.push(await supervise(`api-${number}`, 'api.js', /API listens/, { PORT }));
  }
  for (let number = 1; number <= workers; number += 1) {
    stage.workers.push(await supervise(`worker-${number}`, 'worker.js', /Worker polls/, {}));
  }
  return stage;
};
