import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { OPS_PATH } from '../../src/api/ops/paths.ts';
import { type Config, demoSettings, loadDemoConfig } from '../../src/config.ts';
import { onFreePort } from '../../src/lib/ports.ts';
import { createLogger } from '../../src/logging.ts';
import { startApi } from '../../src/processes/api.ts';
import { startEmbeddedTemporal } from '../../src/processes/embedded-temporal.ts';
import { announceStop, Resources, runProcess } from '../../src/processes/lifecycle.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { openTracing } from '../../src/tracing/open-tracing.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { startShop } from './shop/shop.ts';
import { startPlayground } from './start-playground.ts';
import { playConversation } from './story.ts';
import { createTerminal } from './terminal.ts';
import { workerDatabase } from './worker-database.ts';
import { type DemoWorker, endWaiting, prepareWorker } from './worker-process.ts';

const PORTAL_ID = '62515';
const APP_ID = '2438486';
const AI_ACTOR_ID = 'A-500';
const PLAYGROUND_PORT = 3001;
const LONGEST_END_MS = 1_000;
const SHOP_TOOLS = fileURLToPath(new URL('shop/tools.yaml', import.meta.url));

/** The conversation did not go as it should. */
class DemoFailed extends Error {
  override readonly name = 'DemoFailed';
}

/** The settings of a made-up shop's tools, where a language model can use them and no others are set. */
const openShop = async ({ ai, tools }: Config, resources: Resources): Promise<Record<string, string>> => {
  if (!('model' in ai) || tools !== null) return {};
  const token = randomBytes(16).toString('hex');
  const shop = await startShop(token);
  resources.add(() => shop.close());
  return { TOOLS_FILE: SHOP_TOOLS, DEMO_SHOP_URL: shop.url, DEMO_SHOP_TOKEN: token };
};

/**
 * The demo: Temporal, a simulated HubSpot, worker and API on this machine, and a conversation that plays on them. Ends
 * the process: after the conversation with `once`, else after a signal. `firstWorker` is a process of the worker's that
 * waits for its order; it belongs to the demo from now on.
 */
export const runDemo = async ({ once, firstWorker }: { once: boolean; firstWorker: ChildProcess }): Promise<never> => {
  const terminal = createTerminal((text) => process.stdout.write(text));
  return await runProcess(async (resources, stopping) => {
    announceStop(stopping, resources, (line) => terminal.line(`\n${line}.`));
    terminal.title('Threadkeeper, with everything embedded: Temporal, HubSpot (simulated), worker and API');
    // The simulated HubSpot forgets everything when it ends, so the rest does too.
    // At once: a Ctrl-C just now would leave it behind.
    const dataDir = mkdtempSync(join(tmpdir(), 'threadkeeper-demo-'));
    resources.add(() => rm(dataDir, { recursive: true, force: true }));
    // Nothing to end where it has become the demo's worker, which ends before this.
    resources.add(() => endWaiting(firstWorker));

    const secret = randomBytes(16).toString('hex');
    const opsToken = randomBytes(18).toString('base64url');
    const accessToken = `pat-demo-${randomBytes(8).toString('hex')}`;
    let uiUrl = 'http://localhost';
    const own = (webhookPublicUrl: string, hubspotApiUrl: string, port?: number): Record<string, string> => ({
      DATA_DIR: dataDir,
      HUBSPOT_API_URL: hubspotApiUrl,
      HUBSPOT_PORTAL_ID: PORTAL_ID,
      HUBSPOT_ACCESS_TOKEN: accessToken,
      HUBSPOT_CLIENT_SECRET: secret,
      HUBSPOT_AI_ACTOR_ID: AI_ACTOR_ID,
      WEBHOOK_PUBLIC_URL: webhookPublicUrl,
      // The simulated HubSpot counts no calls.
      HUBSPOT_ACTIVITIES_PER_SECOND: '0',
      OPS_TOKEN: opsToken,
      // Nobody's words but those of whoever plays with the demo.
      OPS_SHOW_TEXT: 'true',
      TEMPORAL_UI_URL: uiUrl,
      ...(port === undefined ? {} : { PORT: String(port) }),
    });
    // Wrong settings are named before anything takes time.
    const known = own('http://localhost', 'http://localhost');
    const wanted = loadDemoConfig(known);
    prepareWorker(firstWorker, known);
    const shop = await openShop(wanted, resources);
    const temporal = await startEmbeddedTemporal(wanted, terminal.progress, resources);
    uiUrl = temporal.uiUrl;
    const simulator = await startSimulator({
      portalId: PORTAL_ID,
      appId: APP_ID,
      clientSecret: secret,
      accessToken,
      aiActorId: AI_ACTOR_ID,
      // Known once the API has its port.
      webhookUrl: null,
      // Each event by itself: the playground shows what became of it, and the API's answer only counts.
      webhook: { batchSize: 1 },
    });
    resources.add(() => simulator.close());

    const logger = createLogger({ level: wanted.logLevel, pretty: true });
    const tracing = await openTracing(wanted.tracing, 'api', logger);
    resources.add(() => tracing?.close());
    // It starts after the API, whose desk looks into the database in its process.
    let demoWorker: DemoWorker | undefined;
    const database = workerDatabase(async (sql, parameters) => {
      if (!demoWorker) throw new Error('The worker has not started yet');
      return await demoWorker.ask(sql, parameters);
    });
    const { api, settings, config } = await onFreePort(wanted.port, async (port) => {
      const webhookUrl = `http://localhost:${port}${WEBHOOK_PATH}`;
      const settings = { ...own(webhookUrl, simulator.url, port), ...shop };
      const config = loadDemoConfig(settings);
      const opened = new Resources();
      try {
        const api = await startApi(config, temporal.settings, logger, opened, {
          tracing,
          database,
          settings: demoSettings(settings),
        });
        resources.add(() => opened.close());
        simulator.setWebhookUrl(webhookUrl);
        return { api, settings, config };
      } catch (error) {
        await opened.close();
        throw error;
      }
    });
    if (wanted.port !== 0 && config.port !== wanted.port)
      terminal.progress(`Port ${wanted.port} is in use, the API takes ${config.port}`);

    const [portal] = config.portals;
    if (!portal) throw new DemoFailed('The demo has no portal.');
    const client = createClient(temporal.settings, config.payloadKeys);
    resources.add(() => client.connection.close());
    const { worker, url: playgroundUrl } = await startPlayground(
      {
        simulator,
        client,
        portal: portal.settings,
        appId: APP_ID,
        uiUrl: temporal.uiUrl,
        namespace: temporal.settings.namespace,
        opsUrl: `${api.url}${OPS_PATH}`,
        port: PLAYGROUND_PORT,
        temporalAddress: temporal.settings.address,
        settings,
        database,
        onProgress: terminal.progress,
        firstWorker,
      },
      resources,
    );

    demoWorker = worker;

    terminal.fact('Playground', `${playgroundUrl}  be the customer and the agent, and break things`);
    terminal.fact('Desk', `${api.url}${OPS_PATH}  what the AI did, who waits, drafts to approve, questions to try`);
    terminal.fact('', `${opsToken}  is its token, until the demo ends`);
    terminal.fact('Temporal', `${temporal.uiUrl}  every run, step by step`);
    const { address } = temporal.settings;
    terminal.fact('', `${address}  is its address: npm run temporal -- workflow list --address ${address}`);
    terminal.fact('API', `${api.url}  webhooks, health, metrics`);
    if (shop.TOOLS_FILE)
      terminal.fact('Shop', `${shop.DEMO_SHOP_URL}  the AI looks orders up there: ask where order 10234 is`);

    terminal.line('');
    const startedAt = performance.now();
    if (worker.state !== 'polls') terminal.progress('The worker is starting');
    const failed = Promise.race([worker.failed, temporal.failed]);
    await Promise.race([worker.polls, failed]);
    terminal.progress(`The worker runs after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    const ending = new AbortController();
    const conversation = playConversation({
      simulator,
      client,
      portalId: PORTAL_ID,
      uiUrl: temporal.uiUrl,
      playgroundUrl,
      terminal,
      isForeseeable: config.ai.backend === 'knowledge' && config.ai.clarifyingQuestions !== 0,
      ending: ending.signal,
    });
    // A call that is tried again on a closed connection would end the process with a stack.
    resources.add(async () => {
      ending.abort();
      await Promise.race([conversation.catch(() => undefined), sleep(LONGEST_END_MS)]);
    });
    const went = await Promise.race([conversation, failed]);
    if (!went) throw new DemoFailed('\nThe conversation did not go as it should: the run above says why.');
    if (once) return { work: Promise.resolve() };
    terminal.line(
      `\nIt stays up: open ${playgroundUrl} and write as the customer. Ctrl-C ends it and deletes its data.`,
    );
    return { work: failed };
  });
};
