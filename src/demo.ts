import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WEBHOOK_PATH } from './api/app.ts';
import { answerHelp } from './command-line.ts';
import { loadDemoConfig } from './config.ts';
import { playConversation } from './demo/story.ts';
import { createTerminal } from './demo/terminal.ts';
import { createLogger } from './logging.ts';
import { startApi } from './processes/api.ts';
import { startEmbeddedTemporal } from './processes/embedded-temporal.ts';
import { runProcess } from './processes/lifecycle.ts';
import { startWorker } from './processes/worker.ts';
import { startSimulator } from './simulator/simulator.ts';
import { createClient } from './temporal/connection.ts';
import { choosePort } from './temporal/ports.ts';
import { installRuntime } from './temporal/runtime.ts';

const PORTAL_ID = '62515';
const APP_ID = '2438486';
const AI_ACTOR_ID = 'A-500';
const SIMULATOR_PORT = 3001;

/** The conversation did not go as it should. */
class DemoFailed extends Error {
  override readonly name = 'DemoFailed';
}

answerHelp('demo');

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
const terminal = createTerminal((text) => process.stdout.write(text));

await runProcess(async (resources) => {
  terminal.title('Threadkeeper, with everything embedded: Temporal, HubSpot (simulated), worker and API');
  // The simulated HubSpot forgets everything when it ends, so the rest does too.
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-demo-'));
  resources.add(() => rm(dataDir, { recursive: true, force: true }));

  const secret = randomBytes(16).toString('hex');
  const accessToken = `pat-demo-${randomBytes(8).toString('hex')}`;
  const own = (webhookPublicUrl: string, hubspotApiUrl: string, port?: number) =>
    loadDemoConfig({
      DATA_DIR: dataDir,
      HUBSPOT_API_URL: hubspotApiUrl,
      HUBSPOT_PORTAL_ID: PORTAL_ID,
      HUBSPOT_ACCESS_TOKEN: accessToken,
      HUBSPOT_CLIENT_SECRET: secret,
      HUBSPOT_AI_ACTOR_ID: AI_ACTOR_ID,
      WEBHOOK_PUBLIC_URL: webhookPublicUrl,
      // The simulated HubSpot counts no calls.
      HUBSPOT_ACTIVITIES_PER_SECOND: '0',
      ...(port === undefined ? {} : { PORT: String(port) }),
    });
  // Wrong settings are named before anything takes time.
  const wanted = own('http://localhost', 'http://localhost');
  const port = await choosePort(wanted.port);
  if (port !== wanted.port) terminal.progress(`Port ${wanted.port} is in use, the API takes ${port}`);

  const temporal = await startEmbeddedTemporal(wanted, terminal.progress, resources);
  const simulator = await startSimulator({
    portalId: PORTAL_ID,
    appId: APP_ID,
    clientSecret: secret,
    accessToken,
    aiActorId: AI_ACTOR_ID,
    webhookUrl: `http://localhost:${port}${WEBHOOK_PATH}`,
    port: await choosePort(SIMULATOR_PORT),
    temporalUiUrl: temporal.uiUrl,
    temporalNamespace: temporal.settings.namespace,
  });
  resources.add(() => simulator.close());

  const config = own(`http://localhost:${port}${WEBHOOK_PATH}`, simulator.url, port);
  const logger = createLogger({ level: config.logLevel, pretty: true });
  installRuntime(logger);
  const { work } = await startWorker(config, temporal.settings, logger, resources);
  const api = await startApi(config, temporal.settings, logger, resources);
  const client = createClient(temporal.settings, config.payloadKeys);
  resources.add(() => client.connection.close());

  terminal.fact('Playground', `${simulator.url}  write as the customer, take over as an agent`);
  terminal.fact('Temporal', `${temporal.uiUrl}  every run, step by step`);
  terminal.fact('API', `${api.url}  webhooks, health, metrics`);

  const failed = Promise.race([work, temporal.failed]);
  const went = await Promise.race([
    playConversation({ simulator, client, portalId: PORTAL_ID, uiUrl: temporal.uiUrl, terminal }),
    failed,
  ]);
  if (!went) throw new DemoFailed('\nThe conversation did not go as it should: the run above says why.');
  if (values.once) return { work: Promise.resolve() };
  terminal.line(
    `\nIt stays up: open ${simulator.url} and write as the customer. Ctrl-C ends it and leaves nothing behind.`,
  );
  return { work: failed };
});
