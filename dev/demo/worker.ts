import type { AiBackend } from '../../src/ai/backend.ts';
import { AiUnavailable } from '../../src/ai/errors.ts';
import { openPortalAis } from '../../src/ai/index.ts';
import { type Config, loadDemoConfig } from '../../src/config.ts';
import { userCacheDir } from '../../src/lib/user-cache-dir.ts';
import { createLogger } from '../../src/logging.ts';
import { type Resources, runProcess } from '../../src/processes/lifecycle.ts';
import { startWorker } from '../../src/processes/worker.ts';
import { openWorkflows } from '../../src/processes/workflows.ts';
import { type OpenDatabase, openDatabase } from '../../src/sessions/open-session-store.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import { installRuntime } from '../../src/temporal/runtime.ts';
import { openTracing } from '../../src/tracing/open-tracing.ts';
import { freshDatabase } from './fresh-database.ts';
import { type Asked, answerFrom, isAsked } from './worker-database.ts';
import { isPreparation, type Order, type Preparation, type Step } from './worker-process.ts';

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

// However the demo ends, its worker ends too.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// It may have ended while this one was loading.
if (!process.connected) process.exit();
let order: Order | undefined;
const prepared = Promise.withResolvers<Preparation | null>();
const ordered = Promise.withResolvers<Order>();
let changed = (_order: Order): void => undefined;
let answer = (_asked: Asked): void => undefined;
process.on('message', (message) => {
  if (isAsked(message)) return answer(message);
  if (isPreparation(message)) return prepared.resolve(message);
  order = message as Order;
  prepared.resolve(null);
  ordered.resolve(order);
  changed(order);
});

/** Says to the demo what has been done of the start. Before its order it hears nothing. */
const say = (step: string): void => {
  const said: Step = { step };
  void ordered.promise.then(() => process.send?.(said));
};

/** What takes long and needs no more than the settings that are known early. */
const open = (config: Config, resources: Resources) => {
  const logger = createLogger({ level: config.logLevel, pretty: true });
  const workflows = openWorkflows(config, () => say('The workflows are being bundled. Later starts find the bundle'));
  workflows.catch(() => undefined);
  const openAll = async (): Promise<OpenDatabase> => {
    if (config.databaseUrl === undefined) {
      await freshDatabase(config.dataDir, userCacheDir(config.xdgCacheHome), () =>
        say('The database is being made. Later starts copy it'),
      );
    }
    const database = await openDatabase({ ...config, logger });
    resources.add(() => database.close());
    return database;
  };
  const database = openAll();
  // Whoever waits for it sees why it failed.
  database.catch(() => undefined);
  return { workflows, database };
};

await runProcess(async (resources) => {
  const early = await prepared.promise;
  const opened = early && open(loadDemoConfig(early.prepare), resources);
  const { settings: own, temporalAddress } = await ordered.promise;
  const config = loadDemoConfig(own);
  const { settings } = portalIn(config);
  const logger = createLogger({ level: config.logLevel, pretty: true });
  const { workflows, database: opening } = opened ?? open(config, resources);
  const database = await opening;
  say('The database is open');
  answer = async (asked) => void process.send?.(await answerFrom(database.db, asked));
  changed = (next) => {
    // Every run looks into these at its start.
    Object.assign(settings, portalIn(loadDemoConfig(next.settings)).settings);
  };
  if (order) changed(order);
  installRuntime(logger);
  const tracing = await openTracing(config.tracing, 'worker', logger);
  resources.add(() => tracing?.close());
  const ai = (await openPortalAis(config)).backendOf(settings.portalId);
  const { work } = await startWorker(config, plainSettings(temporalAddress), logger, resources, {
    ai: unlessDown(ai, () => order?.aiIsDown ?? false),
    database,
    tracing,
    workflows,
  });
  process.send?.('polls');
  return { work };
});
