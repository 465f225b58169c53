import { resolve } from 'node:path';
import type { AiConfig } from './ai/ai-config.ts';
import type { KnowledgeSources } from './ai/knowledge/sources/source.ts';
import type { Prices } from './ai/prices.ts';
import type { ToolsConfig } from './ai/tools/tools-config.ts';
import { aiReader, modelsAtOnce, readAis } from './config/ai.ts';
import { readPrices } from './config/ai-prices.ts';
import { apiEnvironment } from './config/api.ts';
import { type CodecServerSettings, readCodecServerSettings } from './config/codec-server.ts';
import { demoEnvironment } from './config/demo.ts';
import { readEncryption } from './config/encryption.ts';
import { environmentSchema, presentIn, readEnvironment, warningsIn } from './config/environment.ts';
import { ConfigError, problemsIn } from './config/errors.ts';
import { type HubSpotRates, hubspotRates } from './config/hubspot-rates.ts';
import { type SettingInForce, settingsInForce } from './config/in-force.ts';
import { inactivityProblems } from './config/inactivity.ts';
import { readKnowledgeFile } from './config/knowledge-file.ts';
import { notifyProblems } from './config/notify.ts';
import { type OAuthConfig, readOAuth } from './config/oauth.ts';
import type { Portal } from './config/portal.ts';
import { readPortals } from './config/portals.ts';
import { readTools, type ToolSecrets } from './config/tools-files.ts';
import { readTracing } from './config/tracing.ts';
import type { Warning } from './config/warning.ts';
import { readWorkerVersion } from './config/worker-version.ts';
import type { ApiVersion } from './hubspot/api-version.ts';
import type { WebhookSecret } from './hubspot/signature.ts';
import type { EncryptionPolicy } from './temporal/payload-codec.ts';
import type { PayloadKey } from './temporal/payload-keys.ts';
import type { WorkerVersion } from './temporal/worker-version.ts';
import type { TracingSettings } from './tracing/tracing.ts';

export type { AiConfig } from './ai/ai-config.ts';
export { SETTINGS } from './config/environment.ts';
export { ConfigError, plainAdvice, problemsIn } from './config/errors.ts';
export type { SettingInForce } from './config/in-force.ts';
export { settingsInForce } from './config/in-force.ts';
export type { OAuthConfig } from './config/oauth.ts';
export type { Portal } from './config/portal.ts';
export type { Warning } from './config/warning.ts';
export type { WebhookSecret } from './hubspot/signature.ts';

/** Every setting, checked. Temporal's own (`TEMPORAL_ADDRESS` and so on) are read by @temporalio/envconfig. */
export interface Config extends HubSpotRates {
  port: number;
  /** The port of the desk and of the metrics, where they have one of their own. */
  opsPort: number | undefined;
  logLevel: string;
  /** Task queue of the workflows; HubSpot's activities run on `{taskQueue}-hubspot`. */
  taskQueue: string;
  temporalCliPath: string | undefined;
  /** Where this user's caches are, when not in `~/.cache`; a Temporal CLI that had to be fetched is kept there. */
  xdgCacheHome: string | undefined;
  /** The environment says which Temporal server to use; without it `npm start` brings its own. */
  temporalConfigured: boolean;
  /** The first encrypts what Temporal stores; all decrypt. Empty: nothing is encrypted. */
  payloadKeys: PayloadKey[];
  encryption: EncryptionPolicy;
  databaseUrl: string | undefined;
  /** Absolute path: embedded database and embedded Temporal server. */
  dataDir: string;
  /** Sessions without activity for so long are deleted, in ms. 0: none. */
  sessionRetentionMs: number;
  /** The token that opens the desk; without it there is none. */
  opsToken: string | undefined;
  /** Where browsers reach the desk; absent: nobody knows. */
  opsUrl: string | undefined;
  /** The desk shows customers' words. */
  opsShowText: boolean;
  /** So long a silence after an answer, in ms, resolves a conversation. */
  resolvedAfterMs: number;
  /** The Temporal Web UI's address, without a slash at its end, for links to runs. */
  temporalUiUrl: string | undefined;
  hubspotApiUrl: string;
  hubspotApiVersion: ApiVersion;
  webhookPublicUrl: string;
  webhookSecrets: WebhookSecret[];
  allowSignatureV1: boolean;
  /** `host:port` to serve the worker's metrics on; without it they are off. */
  workerMetricsAddress: string | undefined;
  workerHealthAddress: string | undefined;
  /** Lines of a stack in workflows; absent: three. */
  workflowStackTraceLimit: number | undefined;
  /** The event loop may stand still for so long, in ms; 0: for ever. */
  watchdogMs: number;
  /** The version that the workers are; `null`: they have none, and every worker may take every run. */
  workerVersion: WorkerVersion | null;
  /** `null`: off. */
  tracing: TracingSettings | null;
  portals: Portal[];
  /** `null`: the app is none that portals install. */
  oauth: OAuthConfig | null;
  ai: AiConfig;
  /** Asked in this order while the AI fails. */
  aiFallbacks: AiConfig[];
  /** `null`: tokens are counted, costs are not. */
  aiPrices: Prices | null;
  /** The most tokens that a language model may write in one call. */
  maxOutputTokens: number;
  /** Absolute path of the help articles. */
  knowledgeDir: string;
  /** What is read in place of that folder, again and again; `null`: nothing is. */
  knowledgeSources: KnowledgeSources | null;
  /** Absolute path of what the business asks of its AI, in portals that say nothing of their own; `null`: nothing. */
  instructionsFile: string | null;
  /** The tools of a language model, in portals that have none of their own; `null`: there are none. */
  tools: ToolsConfig | null;
  /** Domains to which a reply may link, `*` for any; `null`: those that the articles name. */
  linkDomains: string[] | null;
  /** These work, but not as they should. */
  warnings: Warning[];
}

/**
 * Reads every setting from an environment. An empty variable counts as absent.
 * @param secretsOfTools where the files of tools find their secrets; `null`: the process needs no tools
 * @throws {ConfigError} that names every wrong or missing setting at once.
 */
export const loadConfig = (
  environment: Record<string, string | undefined>,
  secretsOfTools: ToolSecrets | null = environment,
): Config => {
  const present = presentIn(environment);
  const { env, wrong, problems } = readEnvironment(present);
  // What is wrong is reported at the end: the others are looked at all the same.
  const right = <T>(read: T | string[]): T | null => {
    if (!Array.isArray(read)) return read;
    problems.push(...read);
    return null;
  };

  const aiOf = aiReader(env, wrong);
  const read = readPortals(present, env, aiOf);
  problems.push(...read.problems, ...notifyProblems(env, wrong), ...inactivityProblems(env));
  const { webhookSecrets } = read;
  const { tools, portals, problems: ofTools } = readTools(env.TOOLS_FILE, read.portals, secretsOfTools);
  problems.push(...ofTools);
  const oauth = right(readOAuth(env, wrong, webhookSecrets));
  const ais = right(readAis(env, aiOf));
  if (ais) problems.push(...modelsAtOnce([ais.ai, ...ais.aiFallbacks, ...portals.flatMap(({ ai }) => ai ?? [])]));
  const aiPrices = right(
    readPrices(env, wrong, [...portals.map(({ settings }) => settings), ...(oauth ? [oauth.portalDefaults] : [])]),
  );
  const knowledgeSources = env.KNOWLEDGE_SOURCES
    ? right(readKnowledgeFile(env.KNOWLEDGE_SOURCES, present.KNOWLEDGE_DIR))
    : null;
  const workerVersion = right(readWorkerVersion(env, wrong));
  const encryption = right(readEncryption(env, wrong));
  const warnings = warningsIn(present);
  if (ais === null || encryption === null || problems.length > 0) throw new ConfigError(problems, warnings);

  return {
    port: env.PORT,
    opsPort: env.OPS_PORT,
    logLevel: env.LOG_LEVEL,
    taskQueue: env.TEMPORAL_TASK_QUEUE,
    temporalCliPath: env.TEMPORAL_CLI_PATH,
    xdgCacheHome: env.XDG_CACHE_HOME,
    temporalConfigured: Boolean(env.TEMPORAL_ADDRESS ?? env.TEMPORAL_PROFILE ?? env.TEMPORAL_CONFIG_FILE),
    ...encryption,
    databaseUrl: env.DATABASE_URL,
    dataDir: resolve(env.DATA_DIR),
    sessionRetentionMs: env.SESSION_RETENTION,
    opsToken: env.OPS_TOKEN,
    opsUrl: env.OPS_URL ?? (env.OPS_PORT === undefined ? new URL('../ops', env.WEBHOOK_PUBLIC_URL).href : undefined),
    opsShowText: env.OPS_SHOW_TEXT,
    resolvedAfterMs: env.RESOLVED_AFTER,
    temporalUiUrl: env.TEMPORAL_UI_URL,
    hubspotApiUrl: env.HUBSPOT_API_URL,
    hubspotApiVersion: env.HUBSPOT_API_VERSION,
    webhookPublicUrl: env.WEBHOOK_PUBLIC_URL,
    allowSignatureV1: env.HUBSPOT_ALLOW_SIGNATURE_V1,
    ...hubspotRates(env),
    workerMetricsAddress: env.WORKER_METRICS_ADDRESS,
    workerHealthAddress: env.WORKER_HEALTH_ADDRESS,
    workflowStackTraceLimit: env.WORKFLOW_STACK_TRACE_LIMIT,
    watchdogMs: env.WATCHDOG,
    workerVersion,
    tracing: readTracing(env),
    portals,
    webhookSecrets,
    oauth,
    ...ais,
    aiPrices,
    maxOutputTokens: env.LLM_MAX_OUTPUT_TOKENS,
    knowledgeDir: resolve(env.KNOWLEDGE_DIR),
    knowledgeSources,
    instructionsFile: env.INSTRUCTIONS_FILE === undefined ? null : resolve(env.INSTRUCTIONS_FILE),
    tools,
    linkDomains: env.REPLY_LINK_DOMAINS ?? null,
    warnings,
  };
};

// biome-ignore lint/style/noProcessEnv: the one place that reads the environment
const processEnvironment = process.env;

/** {@link loadConfig} over the process's own environment. */
export const loadProcessConfig = (): Config => loadConfig(processEnvironment);

/**
 * The same for a command that calls no tool, and so needs none of their secrets.
 * @throws {ConfigError}
 */
export const loadReportConfig = (): Config => loadConfig(processEnvironment, null);

/**
 * {@link loadConfig} over the environment of the API's own process, which needs no secret that only workers use.
 * @throws {ConfigError}
 */
export const loadApiConfig = (): Config => loadConfig(apiEnvironment(processEnvironment), null);

/** {@link settingsInForce} of the process's own environment. */
export const processSettings = (): SettingInForce[] => settingsInForce(processEnvironment);

/** Where to find or keep a Temporal CLI, for a command that needs no other setting. */
export const loadCliSettings = (): Pick<Config, 'temporalCliPath' | 'xdgCacheHome'> => ({
  temporalCliPath: processEnvironment.TEMPORAL_CLI_PATH || undefined,
  xdgCacheHome: processEnvironment.XDG_CACHE_HOME || undefined,
});

/**
 * The settings of the task queues, for a command that needs no other.
 * @throws {ConfigError}
 */
export const loadQueueSettings = (
  environment: Record<string, string | undefined> = processEnvironment,
): Pick<Config, 'taskQueue' | 'hubspotCallsPerSecond' | 'hubspotActivitiesPerSecond'> => {
  const read = environmentSchema
    .pick({ TEMPORAL_TASK_QUEUE: true, HUBSPOT_CALLS_PER_SECOND: true, HUBSPOT_ACTIVITIES_PER_SECOND: true })
    .safeParse(presentIn(environment));
  if (!read.success) throw new ConfigError(problemsIn(read.error));
  const { hubspotCallsPerSecond, hubspotActivitiesPerSecond } = hubspotRates(read.data);
  return { taskQueue: read.data.TEMPORAL_TASK_QUEUE, hubspotCallsPerSecond, hubspotActivitiesPerSecond };
};

/**
 * The settings of the codec server, which needs no others.
 * @throws {ConfigError} also where others could reach it and there is no token
 */
export const loadCodecServerSettings = (
  environment: Record<string, string | undefined> = processEnvironment,
): CodecServerSettings => readCodecServerSettings(environment);

/**
 * The demo's configuration: its own settings over those of the environment that make sense in it. `LOG_LEVEL` is
 * `error` unless set: the demo describes itself.
 * @throws {ConfigError}
 */
export const loadDemoConfig = (own: Record<string, string>): Config =>
  loadConfig(demoEnvironment(processEnvironment, own), { ...processEnvironment, ...own });

/** {@link settingsInForce} of the demo. */
export const demoSettings = (own: Record<string, string>): SettingInForce[] =>
  settingsInForce(demoEnvironment(processEnvironment, own));

/**
 * {@link loadDemoConfig}, for a command that looks into what the workers keep of sources, and calls no tool.
 * @throws {ConfigError}
 */
export const loadAskConfig = (own: Record<string, string>): Config => {
  const { DATABASE_URL, DATA_DIR } = presentIn(processEnvironment);
  const kept = { ...(DATABASE_URL ? { DATABASE_URL } : {}), ...(DATA_DIR ? { DATA_DIR } : {}) };
  return loadConfig(demoEnvironment(processEnvironment, { ...kept, ...own }), null);
};
