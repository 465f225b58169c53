import type { Logger } from 'pino';
import { createAiActivities } from '../activities/ai/ai.ts';
import type { AiLimitsOf } from '../activities/ai/ai-admission.ts';
import { createEscalation } from '../activities/ai/ai-escalation.ts';
import { createAiReading } from '../activities/ai/ai-reading.ts';
import { createToolsOf } from '../activities/ai/caller-tools.ts';
import { createNearArticleActivities } from '../activities/ai/near-articles.ts';
import { createToolActivities } from '../activities/ai/tool-calls.ts';
import { callAsker } from '../activities/call-asker.ts';
import { createCatchUpActivities, createPortalLookActivities, createPortalLooks } from '../activities/catch-ups.ts';
import { createCrmActivities } from '../activities/crm.ts';
import { createFirstReads } from '../activities/first-reads.ts';
import { createHandoffActivities } from '../activities/handoffs.ts';
import { createHistoryActivities } from '../activities/histories.ts';
import { createHubSpotActivities, type HubSpotActivityOptions } from '../activities/hubspot.ts';
import { createKnowledgeActivities } from '../activities/knowledge.ts';
import { createNotificationActivities, type NotifyTarget } from '../activities/notifications.ts';
import { noteOwnChanges } from '../activities/own-changes.ts';
import { createPortalActivities } from '../activities/portals.ts';
import { createRatingActivities } from '../activities/ratings.ts';
import { createRunActivities } from '../activities/runs.ts';
import { createSessionActivities } from '../activities/sessions.ts';
import { createShadowActivities } from '../activities/shadow.ts';
import { createThreadRunActivities } from '../activities/thread-runs.ts';
import { createThreadActivities } from '../activities/threads.ts';
import type { AiBackend } from '../ai/backend.ts';
import { type AiParts, openPortalAis, type PortalAis } from '../ai/index.ts';
import { openToolboxes } from '../ai/tools/index.ts';
import type { Toolbox } from '../ai/tools/tool.ts';
import type { Config } from '../config.ts';
import type { AccessTokens } from '../hubspot/access-tokens.ts';
import { createCallBudget } from '../hubspot/call-budget.ts';
import { type CallLedger, createLocalLedger } from '../hubspot/call-ledger.ts';
import { createHubSpotClient, type HubSpotClient } from '../hubspot/client.ts';
import { type CrmClient, createCrmClient } from '../hubspot/crm.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { createKnowledgeBase, type KnowledgeBase } from '../hubspot/knowledge-base.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { notifyRun } from '../runs/notify.ts';
import { createCatchUps } from '../sessions/catch-ups.ts';
import { type OpenDatabase, openDatabase } from '../sessions/open-session-store.ts';
import type { OutcomeStore } from '../sessions/outcomes.ts';
import { createOwnChanges } from '../sessions/own-changes.ts';
import { createSqlCallLedger } from '../sessions/sql-call-ledger.ts';
import { createSqlKnowledgeStore } from '../sessions/sql-knowledge-store.ts';
import { createSqlSessionStore } from '../sessions/sql-session-store.ts';
import { createSqlVectorStore } from '../sessions/sql-vector-store.ts';
import { createStops, type Stops } from '../sessions/stops.ts';
import type { SessionStore } from '../sessions/store.ts';
import { isCatchUpPaused, startCatchUp, turnsOf } from '../temporal/catch-up-schedules.ts';
import { connectWorkers, createClient } from '../temporal/connection.ts';
import type { TemporalSettings } from '../temporal/envconfig.ts';
import { prepareNamespace } from '../temporal/namespace.ts';
import { limitRate } from '../temporal/rate-limit.ts';
import { createRunStarter } from '../temporal/run-starter.ts';
import {
  conversationsCounted,
  customersWaiting,
  hubspotCalls,
  stopsInForce,
  tokenRefreshes,
} from '../temporal/runtime.ts';
import { prepareSchedules } from '../temporal/schedules.ts';
import { createThreadRuns } from '../temporal/thread-runs.ts';
import { createWorkers, MOST_READS_AT_ONCE, type WorkersOptions } from '../temporal/worker.ts';
import { readCurrentVersion, versionInWords, versionWarnings } from '../temporal/worker-version.ts';
import type { WorkflowSource } from '../temporal/workflow-bundle.ts';
import { withWorkflowStacks } from '../temporal/workflow-stacks.ts';
import { tracedAis } from '../tracing/ai.ts';
import { tracedCalls } from '../tracing/hubspot.ts';
import { tracedActivities, tracedStarts } from '../tracing/temporal.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { type Installations, openInstallations, watchPortals } from './installations.ts';
import { openLiveAis } from './knowledge.ts';
import type { Resources } from './lifecycle.ts';
import { noticesOfStop } from './notify-stops.ts';
import { type ConversationGauges, watchConversations } from './watch-conversations.ts';
import { watchLostWebhooks } from './watch-lost-webhooks.ts';
import { watchStops } from './watch-stops.ts';
import { openWorkflows } from './workflows.ts';

/**
 * Bounds one call of HubSpot's API, in ms. Well below the activities' startToClose, so that a slow answer is ours to
 * name.
 */
const HUBSPOT_TIMEOUT_MS = 20_000;

const sendersIn = ({
  colleagueDomains = [],
  colleaguesByDomain = true,
  answerSenders = [],
  ignoreSenders = [],
}: PortalSettings) => ({
  colleagueDomains,
  colleaguesByDomain,
  answerSenders,
  ignoreSenders,
});

/**
 * A portal by its id, configured or installed. Every run has checked its portal first (`portalSettings`), though maybe
 * in another process, which heard of a new installation a moment before: then Temporal tries again.
 */
const portalsOf = (
  config: Config,
  installations: Installations | null,
  tracing: Tracing | null,
  ledgerOf: (portalId: PortalId) => CallLedger,
) => {
  const calls = hubspotCalls();
  const perSecond = config.hubspotCallsPerSecond;
  const clientsOf = (portalId: PortalId, accessToken: string | AccessTokens) => {
    const budget =
      perSecond > 0 ? createCallBudget({ perSecond, ledger: ledgerOf(portalId), asker: callAsker }) : undefined;
    const http = {
      accessToken,
      budget,
      apiUrl: config.hubspotApiUrl,
      apiVersion: config.hubspotApiVersion,
      timeoutMs: HUBSPOT_TIMEOUT_MS,
      onAnswer: (status: number | 'none') => {
        calls.add(1, { portal: portalId, status: String(status) });
        if (status !== 'none') tracing?.note({ 'http.response.status_code': status });
      },
      ...(tracing ? { around: tracedCalls(tracing, config.hubspotApiUrl) } : {}),
    };
    return {
      client: createHubSpotClient({ portalId, ...http }),
      crm: createCrmClient(http),
      knowledgeBase: createKnowledgeBase(http),
    };
  };
  const portals = new Map(
    config.portals.map(({ settings, accessToken, aiFields, escalation }) => [
      settings.portalId,
      {
        aiActorId: settings.aiActorId,
        senders: sendersIn(settings),
        aiFields,
        escalation,
        ...clientsOf(settings.portalId, accessToken),
      },
    ]),
  );
  const installed = new Map<PortalId, { client: HubSpotClient; crm: CrmClient; knowledgeBase: KnowledgeBase }>();
  return (portalId: PortalId) => {
    const portal = portals.get(portalId);
    if (portal) return portal;
    const settings = installations?.known(portalId);
    if (!installations || !settings)
      throw new Error(`Portal ${portalId} is not configured, and has not installed the app`);
    const clients = installed.get(portalId) ?? clientsOf(portalId, installations.tokensOf(portalId));
    installed.set(portalId, clients);
    const { aiActorId } = settings;
    const { aiFields, escalation } = installations.oauth;
    return { aiActorId, senders: sendersIn(settings), aiFields, escalation, ...clients };
  };
};

/**
 * Where a portal's calls are counted: in the database that workers share. An embedded one has a single worker, which
 * counts by itself.
 */
const callLedgers = (
  { databaseUrl, hubspotCallsPerSecond }: Config,
  db: OpenDatabase['db'],
  logger: Logger,
): ((portalId: PortalId) => CallLedger) => {
  if (databaseUrl === undefined) return () => createLocalLedger();
  const onTrouble = (error: unknown): void =>
    logger.warn(
      { err: error },
      `The session database does not count the calls of HubSpot (${hubspotCallsPerSecond} a second). ` +
        'Until it does, this worker makes none for ten seconds, and then a quarter of them at most',
    );
  return (portalId) => createSqlCallLedger(db, portalId, { onTrouble });
};

/** Gives what the AI of a portal may do, configured or installed. */
const limitsOf = (config: Config, installations: Installations | null): AiLimitsOf => {
  const configured = new Map(config.portals.map(({ settings }) => [settings.portalId, settings]));
  return (portalId) => {
    const settings = configured.get(portalId) ?? installations?.known(portalId);
    return {
      ceiling: settings?.aiDailyCeilingMillionths ?? null,
      callsPerHour: settings?.maxAiCallsPerHour ?? Number.MAX_SAFE_INTEGER,
    };
  };
};

/** Where agents see what a run did, as far as the settings say. */
const linksOf = (
  { temporalUiUrl, opsToken, opsUrl, webhookPublicUrl }: Config,
  namespace: string,
): NonNullable<PortalSettings['links']> => ({
  ...(temporalUiUrl === undefined
    ? {}
    : { runs: `${temporalUiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows` }),
  // Beside the webhooks, behind the same proxy.
  rating: new URL('../rate', webhookPublicUrl).href,
  ...(opsToken === undefined || opsUrl === undefined ? {} : { ops: opsUrl }),
});

/** Where a portal notifies people outside, configured or installed. */
const notifyTargetOf = ({ portals, oauth }: Config, portalId: PortalId): NotifyTarget | null => {
  const configured = portals.find(({ settings }) => settings.portalId === portalId);
  return (configured ?? oauth)?.notify ?? null;
};

const aiNames = ({ backendOf }: PortalAis, portals: PortalSettings[]): string =>
  [...new Set(portals.map(({ portalId }) => backendOf(portalId).name))].join('; ');

/** Counting costs the database a query a minute: it is done where somebody can read the gauges. */
const countConversations = async (
  { workerMetricsAddress, resolvedAfterMs }: Config,
  store: OutcomeStore,
  options: Pick<Parameters<typeof watchConversations>[2], 'signal' | 'logger' | 'served'>,
): Promise<void> => {
  if (workerMetricsAddress === undefined) return;
  const [waiting, conversations] = [customersWaiting(), conversationsCounted()];
  const gauges: ConversationGauges = {
    waiting: (portal, customers) => waiting.set(customers, { portal }),
    conversations: (portal, outcome, count) => conversations.set(count, { portal, outcome }),
  };
  await watchConversations(store, gauges, { ...options, resolvedAfterMs });
};

/**
 * Opens everything that runs need into `resources`: session store, AI, Temporal's namespace and connections, and the
 * two Workers. Gives back the sessions and the stops; their work, which ends when `resources` are closed, and throws
 * when a Worker fails; and whether they ask for tasks. `parts` take the place of what the configuration and this code's
 * own place say.
 * @throws {Error} one readable line, when a part can't be opened
 */
export const startWorker = async (
  config: Config,
  temporal: TemporalSettings,
  logger: Logger,
  resources: Resources,
  parts: {
    workflows?: WorkflowSource | Promise<WorkflowSource>;
    ai?: AiBackend;
    toolboxOf?: (portalId: PortalId) => Toolbox;
    hubspot?: HubSpotActivityOptions;
    database?: OpenDatabase;
    tracing?: Tracing | null;
    knowledge?: { lookMs?: number; mayConnectTo?: (address: string) => boolean };
  } = {},
): Promise<{ work: Promise<void>; sessions: SessionStore; stops: Stops; isPolling: () => boolean }> => {
  const { payloadKeys, encryption } = config;
  const workflows =
    parts.workflows ?? openWorkflows(config, () => logger.info('The workflows are being bundled, which takes seconds'));
  // It fails below, where it is waited for.
  Promise.resolve(workflows).catch(() => undefined);
  const { ai, tracing = null } = parts;
  const database = parts.database ?? (await openDatabase({ ...config, logger }));
  const sessions = createSqlSessionStore(database.db, database.close);
  resources.add(() => sessions.close());
  const knowledge = createSqlKnowledgeStore(database.db);
  const closing = new AbortController();
  resources.add(() => closing.abort());
  const openAis = (others: Pick<AiParts, 'passages' | 'leftOut'>): Promise<PortalAis> =>
    openPortalAis(config, {
      vectors: createSqlVectorStore(database.db),
      warn: (line) => logger.warn(line),
      signal: closing.signal,
      ...others,
    });
  const { knowledgeSources } = config;
  const live = knowledgeSources
    ? await openLiveAis({
        sources: knowledgeSources.sources,
        store: knowledge,
        openAis: (passages) => openAis({ passages }),
        logger,
        lookMs: parts.knowledge?.lookMs,
      })
    : null;
  const ais =
    live?.ais ??
    (await openAis({
      leftOut: ({ path, reason }) => logger.warn({ file: path, reason }, 'A file of KNOWLEDGE_DIR is left out'),
    }));
  const chosenAis: PortalAis = ai ? { ...ais, backendOf: () => ai } : ais;
  const portalAis = tracing ? tracedAis(tracing, chosenAis) : chosenAis;
  const stops = createStops(database.db);
  const catchUps = createCatchUps(database.db);
  const isStopped = (portalId: PortalId) => stops.holds(portalId);
  const refreshes = tokenRefreshes();
  const installations = openInstallations(config, database, {
    logger,
    onRefresh: (portal, result) => refreshes.add(1, { portal, result }),
  });
  const installed = async () => (await installations?.settings()) ?? [];

  const connection = await connectWorkers(temporal);
  resources.add(() => connection.close());
  const client = createClient(temporal, payloadKeys, {
    encryption,
    interceptors: tracing ? { workflow: [tracedStarts(tracing)] } : undefined,
  });
  resources.add(() => client.connection.close());
  const namespace = await prepareNamespace(client.connection, temporal.namespace, { raiseRetention: false });
  const queue = { namespace: temporal.namespace, taskQueue: config.taskQueue };
  const rate = await limitRate(client.connection, queue, config.hubspotActivitiesPerSecond);
  const configured = config.portals.map(({ settings }) => settings);
  const installedFirst = await installed();
  const portals = [...configured, ...installedFirst];
  const portal = portalsOf(config, installations, tracing, callLedgers(config, database.db, logger));
  const refreshing = knowledgeSources && {
    sources: knowledgeSources.sources.map(({ name }) => name),
    refreshMs: knowledgeSources.refreshMs,
  };
  const prepare = (all: PortalSettings[], now: boolean) =>
    prepareSchedules(
      client.schedule,
      config.taskQueue,
      all,
      catchUps,
      config.sessionRetentionMs,
      refreshing && { ...refreshing, now },
    );
  const schedules = await prepare(portals, live?.isUnread ?? false);
  const { workerVersion: version } = config;
  const current = await readCurrentVersion(client.connection, queue);
  const versions = versionWarnings(temporal.namespace, version, current);
  for (const warning of [...namespace.warnings, ...rate, ...schedules.warnings, ...versions]) logger.warn(warning);

  const known = async () => [...configured, ...(await installed())];
  const look = createPortalLooks(known, (portalId) => portal(portalId).client, catchUps);
  const starter = createRunStarter(client, config.taskQueue, logger);
  const reading = createAiReading(portal);
  const portalActivities = createPortalActivities(
    config.portals,
    async (portalId) => await installations?.settingsOf(portalId),
    linksOf(config, temporal.namespace),
  );
  const sessionActivities = createSessionActivities(sessions, { isStopped });
  const settingsOf = (portalId: PortalId) => portalActivities.portalSettings(portalId);
  const plainActivities = createHubSpotActivities(portal, {
    ...parts.hubspot,
    isStopped,
    ownerNames: config.opsShowText,
  });
  const hubspotActivities = {
    ...plainActivities,
    ...noteOwnChanges(plainActivities, createOwnChanges(database.db), settingsOf),
  };
  const firstReads = createFirstReads({
    settingsOf,
    hubspot: hubspotActivities,
    sessions: sessionActivities,
    mostAtOnce: MOST_READS_AT_ONCE,
  });
  const tools = await openToolboxes(config, { warn: (line) => logger.warn(line), signal: closing.signal });
  const toolsOf = createToolsOf(portal, parts.toolboxOf ?? tools.toolboxOf);
  const options: WorkersOptions = {
    connection,
    namespace: temporal.namespace,
    taskQueue: config.taskQueue,
    workflows: await workflows,
    payloadKeys,
    encryption,
    version,
    ...(tracing ? { activityInterceptors: [tracedActivities(tracing)] } : {}),
    activities: {
      main: {
        ...createAiActivities(
          portalAis,
          sessions,
          reading,
          config.aiPrices,
          { limitsOf: limitsOf(config, installations), maxOutputTokens: config.maxOutputTokens },
          createEscalation(portal),
          toolsOf,
        ),
        ...createCatchUpActivities(catchUps),
        ...createToolActivities({ ais: portalAis, reading, toolsOf, isStopped }),
        ...createNearArticleActivities(portalAis),
        ...createHistoryActivities(client),
        ...portalActivities,
        ...firstReads.atOnce,
        ...createKnowledgeActivities({
          sources: knowledgeSources?.sources ?? [],
          store: knowledge,
          knowledgeBaseOf: (portalId) => portal(portalId).knowledgeBase,
          ...(parts.knowledge?.mayConnectTo ? { mayConnectTo: parts.knowledge.mayConnectTo } : {}),
        }),
        ...createRunActivities(starter, config.bulkRunsPerSecond),
        ...sessionActivities,
        ...createShadowActivities(sessions),
        ...createRatingActivities(sessions, { isStopped }),
        ...createNotificationActivities((portalId) => notifyTargetOf(config, portalId)),
        ...createThreadRunActivities(createThreadRuns(client)),
      },
      hubspot: {
        ...hubspotActivities,
        ...firstReads.queued,
        ...createHandoffActivities({ settingsOf, portal, sessions: sessionActivities }),
        ...createThreadActivities(portal),
        ...createPortalLookActivities(look),
        ...createCrmActivities(portal),
      },
    },
  };
  const workers = await withWorkflowStacks(config.workflowStackTraceLimit, () => createWorkers(options));
  const work = workers.run();
  const gauge = stopsInForce();
  const endOfWatch = new AbortController();
  const watchingStops = watchStops(stops, (scope, stopped) => gauge.set(stopped ? 1 : 0, { scope }), {
    signal: endOfWatch.signal,
    logger,
    changed: async (stop, change) => {
      const notices = noticesOfStop(stop, change, await known(), Date.now());
      for (const notice of notices) await starter.startOwn(notifyRun, notice);
    },
  });
  const counting = countConversations(config, sessions, { signal: endOfWatch.signal, logger, served: known });
  resources.add(async () => {
    endOfWatch.abort();
    await Promise.all([watchingStops, counting]);
  });
  const endOfLooks = new AbortController();
  const looking = watchLostWebhooks(
    {
      turns: async () => turnsOf(await known()),
      catchUps,
      isPaused: (batch) => isCatchUpPaused(client.schedule, config.taskQueue, batch),
      look,
      found: (news) => startCatchUp(client.workflow, config.taskQueue, news),
    },
    { signal: endOfLooks.signal, logger },
  );
  resources.add(async () => {
    endOfLooks.abort();
    await looking;
  });
  if (installations) {
    const stopping = new AbortController();
    const watching = watchPortals(
      installations,
      installedFirst,
      async (now) => {
        await prepare([...configured, ...now], false);
        logger.info({ portals: now.map(({ portalId }) => portalId) }, 'The installed portals have changed');
      },
      { signal: stopping.signal, logger },
    );
    resources.add(async () => {
      stopping.abort();
      await watching;
    });
  }
  if (live) {
    const stopping = new AbortController();
    const watching = live.watch(stopping.signal);
    resources.add(async () => {
      stopping.abort();
      await watching;
    });
  }
  resources.add(() => workers.shutdown());
  logger.info(
    {
      taskQueue: config.taskQueue,
      temporal: temporal.address,
      ai: aiNames(portalAis, portals) || config.ai.backend,
      ...(version ? { version: versionInWords(version) } : {}),
    },
    'Worker polls',
  );
  return { work, sessions, stops, isPolling: workers.isPolling };
};
