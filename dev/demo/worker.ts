import { once } from 'node:events';
import type { AiBackend } from '../../src/ai/backend.ts';
import { AiUnavailable } from '../../src/ai/errors.ts';
import { openPortalAis } from '../../src/ai/index.ts';
import { type Config, loadDemoConfig } from '../../src/config.ts';
import { userCacheDir } from '../../src/lib/user-cache-dir.ts';
import { createLogger } from '../../src/logging.ts';
import { runProcess } from '../../src/processes/lifecycle.ts';
import { startWorker } from '../../src/processes/worker.ts';
import { openWorkflows } from '../../src/processes/workflows.ts';
import { openDatabase } from '../../src/sessions/open-session-store.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import { installRuntime } from '../../src/temporal/runtime.ts';
import { openTracing } from '../../src/tracing/open-tracing.ts';
import { freshDatabase } from './fresh-database.ts';
import { answerFrom, isAsked } from './worker-database.ts';
import type { Order, Step } from './worker-process.ts';

/** The one portal of the demo. */
const portalIn = ({ portals: [portal] }: Config) => {
  if (!portal) throw new Error('The demo has a portal');
  return portal;
};

/** The AI, as long as it isn't down. */
const unlessDown = (ai: AiBackend, isDown: () => boolean): AiBackend => {
  const check = (): void => {
    if (isDown()) throw new AiUnavailable('The AI is switched off in the playground');
  };
  const { stepwise } = ai;
  return {
    ...ai,
    generate: async (request, context) => {
      check();
      return await ai.generate(request, context);
    },
    ...(stepwise
      ? {
          stepwise: {
            ...stepwise,
            next: async (request, context) => {
              check();
              return await stepwise.next(request, context);
            },
          },
        }
      : {}),
  };
};

/** Says to the demo what has been done of the start. */
const say = (step: string): void => {
  const said: Step = { step };
  process.send?.(said);
};

// However the demo ends, its worker ends too.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// It may have ended while this one was loading.
if (!process.connected) process.exit();
const ordered = once(process, 'message') as Promise<[Order]>;

await runProcess(async (resources) => {
  let [order] = await ordered;
  const config = loadDemoConfig(order.settings);
  const { settings } = portalIn(config);
  const logger = createLogger({ level: config.logLevel, pretty: true });
  const workflows = openWorkflows(config, () => say('The workflows are being bundled. Later starts find the bundle'));
  workflows.catch(() => undefined);
  if (config.databaseUrl === undefined) {
    await freshDatabase(config.dataDir, userCacheDir(config.xdgCacheHome), () =>
      say('The database is being made. Later starts copy it'),
    );
  }
  const database = await openDatabase({ ...config, logger });
  resources.add(() => database.close());
  say('The database is open');
  process.on('message', async (next: Order | object) => {
    if (isAsked(next)) return void process.send?.(await answerFrom(database.db, next));
    order = next as Order;
    // Every run looks into these at its start.
    Object.assign(settings, portalIn(loadDemoConfig(order.settings)).settings);
  });
  installRuntime(logger);
  const tracing = await openTracing(config.tracing, 'worker', logger);
  resources.add(() => tracing?.close());
  const ai = (await openPortalAis(config)).backendOf(settings.portalId);
  const { work } = await startWorker(config, plainSettings(order.temporalAddress), logger, resources, {
    ai: unlessDown(ai, () => order.aiIsDown),
    database,
    tracing,
    workflows,
  });
  process.send?.('polls');
  return { work };
});
