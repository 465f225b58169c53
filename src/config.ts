import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { domainToASCII } from 'node:url';
import ms from 'ms';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { FileKind } from './ai/backend.ts';
import { millionths, type Prices } from './ai/prices.ts';
import { handoffInFile, handoffSettings, handoffVariables } from './handoff-config.ts';
import { API_VERSIONS, type ApiVersion } from './hubspot/api-version.ts';
import { HUBSPOT_CHANNELS, isChannelName } from './hubspot/channels.ts';
import { type ActorId, type PortalId, portalIdSchema, toActorId } from './hubspot/ids.ts';
import type { OAuthApp } from './hubspot/oauth.ts';
import { CALLBACK_PATH } from './installations/paths.ts';
import { isLoopback } from './loopback.ts';
import { type PayloadKey, readPayloadKeys } from './temporal/payload-keys.ts';
import type { WorkerVersion } from './temporal/worker-version.ts';
import type { PortalSettings } from './workflows/contract.ts';
import { AUTONOMY_LEVELS, assisted, type PortalAutonomy } from './workflows/rules/autonomy.ts';

/** A portal as the processes know it: its settings, its credentials and its AI. */
export interface Portal {
  settings: PortalSettings;
  accessToken: string;
  /** Internal names of the properties that the AI may read. */
  aiFields: { contact: string[]; ticket: string[] };
  /** Where it isn't that of the others. */
  ai?: AiConfig;
}

/** A webhook signing secret and the portals that it may speak for (`null`: every configured one). */
export interface WebhookSecret {
  secret: string;
  portalIds: PortalId[] | null;
}

/** The app that portals install by OAuth. */
export interface OAuthConfig {
  app: OAuthApp;
  /** The first seals the tokens in the database, all open them. */
  tokenKeys: [PayloadKey, ...PayloadKey[]];
  /** Of every portal, unless another is named where it is connected. */
  aiActorId: ActorId | undefined;
  aiFields: Portal['aiFields'];
  /** What the environment says of a portal; the same for all that installed the app. */
  portalDefaults: Omit<PortalSettings, 'portalId' | 'aiActorId'>;
}

export type AiConfig =
  | { backend: 'knowledge'; knowledgeDir: string }
  | {
      backend: 'openai-compatible';
      baseUrl: string;
      apiKey: string | null;
      model: string;
      knowledgeDir: string;
      files: FileKind[];
    }
  | { backend: 'anthropic'; baseUrl: string; apiKey: string; model: string; knowledgeDir: string; files: FileKind[] }
  | { backend: 'opencx'; apiUrl: string; apiKey: string }
  | { backend: 'http'; url: string; secret: string };

/** Every setting, checked. Temporal's own (`TEMPORAL_ADDRESS` and so on) are read by @temporalio/envconfig. */
export interface Config {
  port: number;
  logLevel: string;
  /** Task queue of the workflows; HubSpot's activities run on `{taskQueue}-hubspot`. */
  taskQueue: string;
  temporalCliPath: string | undefined;
  /** Where this user's caches are, when not in `~/.cache`; a Temporal CLI that had to be fetched is kept there. */
  xdgCacheHome: string | undefined;
  /** Whether the environment says which Temporal server to use; without it `npm start` brings its own. */
  temporalConfigured: boolean;
  /** What Temporal stores is encrypted with the first; all decrypt. Empty: nothing is encrypted. */
  payloadKeys: PayloadKey[];
  databaseUrl: string | undefined;
  /** Absolute path: embedded database and embedded Temporal server. */
  dataDir: string;
  /** Sessions without activity for so long are deleted, in ms. 0: none. */
  sessionRetentionMs: number;
  hubspotApiUrl: string;
  hubspotApiVersion: ApiVersion;
  webhookPublicUrl: string;
  webhookSecrets: WebhookSecret[];
  allowSignatureV1: boolean;
  /** So many activities may call HubSpot each second in one portal, all workers together; each makes one to three calls. 0: no limit. */
  hubspotActivitiesPerSecond: number;
  /** `host:port` to serve the worker's metrics on; without it they are off. */
  workerMetricsAddress: string | undefined;
  /** What the workers are a version of; `null`: they have none, and every worker may take every run. */
  workerVersion: WorkerVersion | null;
  portals: Portal[];
  /** `null`: the app is none that portals install. */
  oauth: OAuthConfig | null;
  ai: AiConfig;
  /** Asked in this order while the AI fails. */
  aiFallbacks: AiConfig[];
  /** `null`: tokens are counted, costs are not. */
  aiPrices: Prices | null;
  /** Absolute path of the help articles. */
  knowledgeDir: string;
  /** Domains to which a reply may link, `*` for any; `null`: those that the articles name. */
  linkDomains: string[] | null;
}

/** One or more settings are missing or wrong; the message names every one of them, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(
      `Threadkeeper can't start, ${problems.length === 1 ? 'a setting is' : 'settings are'} missing or wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}\nSee .env.example and docs/configuration.md.`,
    );
    this.problems = problems;
  }
}

const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default(fallback ? 'true' : 'false')
    .transform((text) => text === 'true');

// YAML gives a number where the environment gives text.
const numberAsText = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value);

/** `5s`, `2m`, `500ms`; a bare number is milliseconds. */
const duration = (fallback: ms.StringValue, most: ms.StringValue = '1h') => {
  const error = `must be a duration between 0s and ${most}, such as ${fallback}`;
  return z.preprocess(
    numberAsText,
    z
      .string({ error })
      .regex(/^\d{1,8}(\.\d{1,3})?(ms|s|m|h|d)?$/, error)
      .default(fallback)
      .transform((text) => ms(text as ms.StringValue))
      .refine((milliseconds) => milliseconds <= ms(most), error),
  );
};

const wholeNumber = (fallback: number, least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.preprocess(
    numberAsText,
    z
      .string({ error })
      .regex(/^\d{1,9}$/, error)
      .default(String(fallback))
      .transform(Number)
      .refine((number) => number >= least && number <= most, error),
  );
};

/** An amount of money, in the currency of whoever writes it down. */
const amount = (isRight: (number: number) => boolean, which: string) => {
  const error = `must be an amount ${which}, such as 2.50`;
  return z.preprocess(
    numberAsText,
    z
      .string({ error })
      .regex(/^\d{1,6}(\.\d{1,6})?$/, error)
      .transform(Number)
      .refine(isRight, error),
  );
};
const price = amount(() => true, 'for a million tokens');

// The signature is over this URL letter by letter, so `http:example.com` may not pass for it.
const httpUrl = z
  .string()
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text),
    'must be a URL that starts with http:// or https://',
  );

const AI_BACKENDS = [
  'knowledge',
  'openai-compatible',
  'anthropic',
  'opencx',
  'http',
] as const satisfies AiConfig['backend'][];
const aiBackend = z.enum(AI_BACKENDS, { error: 'must be knowledge, openai-compatible, anthropic, opencx or http' });

const commaSeparated = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** `a, b or c`. */
const listOf = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const FIELDS_ERROR = 'must be internal names of properties, comma-separated, 50 at most, such as plan,renewal_date';
/** Names as HubSpot makes them: what isn't one could only be a mistake, such as a label. */
const fieldNames = z
  .string({ error: FIELDS_ERROR })
  .default('')
  .transform((names) => [...new Set(commaSeparated(names))])
  .refine((names) => names.length <= 50 && names.every((name) => /^[a-z\d_]{1,100}$/.test(name)), FIELDS_ERROR);

const payloadKeys = z.string().transform((text, context) => {
  const keys = readPayloadKeys(text);
  if (keys) return keys;
  // Says nothing of what stands there.
  context.addIssue({
    code: 'custom',
    message: 'must be id:base64 of 32 bytes, comma-separated, no id twice, as npm run keys prints them',
  });
  return z.NEVER;
});

const tokenKeys = payloadKeys.transform(([first, ...others], context): [PayloadKey, ...PayloadKey[]] => {
  if (first) return [first, ...others];
  context.addIssue({ code: 'custom', message: 'holds no key' });
  return z.NEVER;
});

const ACTOR_ID_ERROR = 'must be the AI user of the inbox, such as A-12345';
const actorId = z.preprocess(
  numberAsText,
  z
    .string({ error: ACTOR_ID_ERROR })
    .regex(/^(A-)?\d+$/, ACTOR_ID_ERROR)
    .transform(toActorId),
);

const text = (what: string) =>
  z
    .string({ error: `must be ${what}` })
    .trim()
    .min(1, `is empty: ${what}`);

const DOMAIN = /^(?:\*|(?:\*\.)?[a-zA-Z\d-]+(?:\.[a-zA-Z\d-]+)+)$/;
/** Signatures by the domain of the address that a mail goes out from. */
const signatures = z
  .record(z.string().regex(DOMAIN), text('the text below mails from there'), {
    error: ({ code }) =>
      code === 'invalid_key'
        ? 'must be a domain, such as support.example.com, *.example.com or *'
        : 'must be signatures by domain',
  })
  .transform((byDomain) =>
    Object.fromEntries(Object.entries(byDomain).map(([domain, signature]) => [domain.toLowerCase(), signature])),
  );

const autonomyLevel = z.enum(AUTONOMY_LEVELS, { error: `must be ${listOf(AUTONOMY_LEVELS)}` });
const autonomyLevels = z
  .record(
    z.string().refine((name) => name === 'default' || isChannelName(name)),
    autonomyLevel,
    {
      error: ({ code }) =>
        code === 'invalid_key'
          ? `is no channel: ${HUBSPOT_CHANNELS.join(', ')}, or channel and the id of a custom one`
          : `must be ${listOf(AUTONOMY_LEVELS)}, or levels by channel`,
    },
  )
  .transform(({ default: rest = 'auto', ...channels }): PortalAutonomy => ({ default: rest, channels }));

/** `auto`, or `auto, email=approve`: what has no channel is for all others. */
const autonomyInEnvironment = z
  .string()
  .transform((text) => Object.fromEntries(commaSeparated(text).map((part) => levelIn(part))))
  .pipe(autonomyLevels);

const levelIn = (part: string): [channel: string, level: string] => {
  const [channel = '', level] = part
    .toLowerCase()
    .split('=')
    .map((side) => side.trim());
  return level === undefined ? ['default', channel] : [channel, level];
};

/** The key under which a field's `meta` lists the words that may stand for the whole of it. */
export const TEXT_TOO = 'textToo';

const autonomyInFile = z.preprocess((said) => (typeof said === 'string' ? { default: said } : said), autonomyLevels);

const AUTONOMOUS: PortalAutonomy = { default: 'auto', channels: {} };

/** What both the environment and a portal of `PORTALS_FILE` can say, but for flags, which YAML writes without quotes. */
const portalFields = {
  unassignedThreads: z
    .enum(['skip', 'claim'], { error: 'must be skip or claim' })
    .default('skip')
    .describe('A thread that nobody owns: skip it, or claim it for the AI and answer.'),
  emailDelay: duration('5s').describe('How long an email waits for a correction, 0s to 1h.'),
  quietPeriod: duration('2s').describe('How long a message on any other channel waits for more, 0s to 1h.'),
  quietPeriodMax: duration('15s').describe('A customer who goes on writing gets an answer after so long, 0s to 1h.'),
  deliveryCheck: duration('30s').describe(
    'How long after a reply HubSpot is asked whether it was delivered, 0s to 1h. 0s: never.',
  ),
  attentionAfter: duration('10m', '24h').describe(
    'HubSpot, the AI or the database may fail for so long before a run is marked as needing attention, 0s to 24h.',
  ),
  maxRepliesPerHour: wholeNumber(20, 1, 1000).describe(
    'More replies within an hour on one thread end in a handoff, 1 to 1000.',
  ),
  maxMessageAge: duration('24h', '30d').describe('An older message is not answered, 0s to 30d.'),
  approvalTimeout: duration('24h', '30d').describe("How long a draft waits for an agent's approval, 0s to 30d."),
  // The newest minute is left to the webhooks.
  catchUpInterval: duration('5m', '24h')
    .refine((milliseconds) => milliseconds === 0 || milliseconds >= 60_000, 'must be 0s, or at least 1m')
    .describe('How often threads are looked through for messages that no webhook announced, 1m to 24h. 0s: never.'),
  aiDailyBudget: amount((number) => number > 0, 'above 0')
    .optional()
    .describe('Once the AI has cost so much in a day (UTC), its answers become drafts. In the currency of the prices.'),
};

type PortalFields = z.infer<z.ZodObject<typeof portalFields>>;

const pickUp = duration('30m', '7d');

const ANTHROPIC_URL = 'https://api.anthropic.com/v1';

const toSettings = ({
  unassignedThreads,
  emailDelay,
  quietPeriod,
  quietPeriodMax,
  deliveryCheck,
  attentionAfter,
  maxRepliesPerHour,
  maxMessageAge,
  approvalTimeout,
  catchUpInterval,
  aiDailyBudget,
}: PortalFields): Omit<
  PortalSettings,
  'portalId' | 'aiActorId' | 'autonomy' | 'aiCommands' | 'ticketingEnabled' | 'handoff' | 'signatures' | 'replyAll'
> => ({
  unassignedThreads,
  emailDelayMs: emailDelay,
  quietPeriodMs: quietPeriod,
  quietPeriodMaxMs: quietPeriodMax,
  deliveryCheckMs: deliveryCheck,
  attentionAfterMs: attentionAfter,
  maxRepliesPerHour,
  maxMessageAgeMs: maxMessageAge,
  approvalTimeoutMs: approvalTimeout,
  catchUpIntervalMs: catchUpInterval,
  ...(aiDailyBudget === undefined ? {} : { aiDailyBudgetMillionths: millionths(aiDailyBudget) }),
});

const required = (what: string) =>
  z
    .string({ error: `is missing: ${what}` })
    .trim()
    .min(1, `is empty: ${what}`);

const secretList = required(
  "the app's client secret, which signs the webhooks; several, comma-separated, while one is rotated",
)
  .transform(commaSeparated)
  .refine((secrets) => secrets.length > 0, 'holds no secret');

const FILES: Record<'none' | 'text' | 'text,images', FileKind[]> = {
  none: [],
  text: ['text'],
  'text,images': ['text', 'images'],
};

const environmentSchema = z
  .object({
    PORT: z
      .string()
      .regex(/^\d{1,5}$/, 'must be a port number, 0 to 65535')
      .default('3000')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a port number, 0 to 65535'),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        error: 'must be fatal, error, warn, info, debug, trace or silent',
      })
      .default('info'),
    TEMPORAL_TASK_QUEUE: z
      .string()
      .regex(/^[\w.-]{1,200}$/, 'must be letters, digits, _ . -')
      .default('threadkeeper'),
    TEMPORAL_CLI_PATH: z.string().optional(),
    XDG_CACHE_HOME: z.string().optional(),
    TEMPORAL_ADDRESS: z.string().optional(),
    TEMPORAL_PROFILE: z.string().optional(),
    TEMPORAL_CONFIG_FILE: z.string().optional(),
    PAYLOAD_KEYS: payloadKeys.optional(),
    CODEC_SERVER_HOST: z
      .string()
      .regex(/^[\w.:-]+$/, 'must be an address of this machine, such as 127.0.0.1 or 0.0.0.0')
      .default('127.0.0.1'),
    CODEC_SERVER_PORT: wholeNumber(8081, 0, 65_535),
    CODEC_SERVER_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]{16,}$/, 'must have at least 16 characters, without spaces')
      .optional(),
    CODEC_SERVER_UI_ORIGIN: z
      .string()
      .default('http://localhost:8233,http://127.0.0.1:8233')
      .transform(commaSeparated)
      .pipe(
        z.array(
          httpUrl.refine(
            (url) => URL.canParse(url) && new URL(url).origin === url,
            'must be origins, comma-separated, such as https://temporal.example.com',
          ),
        ),
      ),
    SESSION_RETENTION: duration('0s', '3650d').refine(
      (milliseconds) => milliseconds === 0 || milliseconds >= ms('1d'),
      'must be 0s, or at least 1d',
    ),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
      .optional(),
    DATA_DIR: z.string().default('.data'),
    HUBSPOT_API_URL: httpUrl.default('https://api.hubapi.com').transform((url) => url.replace(/\/+$/, '')),
    HUBSPOT_API_VERSION: z.enum(API_VERSIONS, { error: `must be ${API_VERSIONS.join(' or ')}` }).default('v3'),
    HUBSPOT_ALLOW_SIGNATURE_V1: flag(false),
    WEBHOOK_PUBLIC_URL: required(
      'the URL that HubSpot calls, as configured there, such as https://example.com/webhooks/hubspot',
    ).pipe(httpUrl),
    AI_BACKEND: aiBackend.default('knowledge'),
    AI_FALLBACK: z
      .string()
      .transform(commaSeparated)
      .pipe(z.array(z.enum(AI_BACKENDS, { error: 'must be a comma-separated list of what AI_BACKEND can be' })))
      .optional(),
    KNOWLEDGE_DIR: z.string().default('knowledge'),
    OPENCX_API_URL: httpUrl.optional(),
    OPENCX_API_KEY: z.string().optional(),
    LLM_BASE_URL: httpUrl.optional(),
    LLM_API_KEY: z.string().optional(),
    LLM_MODEL: z.string().optional(),
    LLM_INPUT_PRICE: price.optional(),
    LLM_OUTPUT_PRICE: price.optional(),
    LLM_FILES: z
      .enum(['none', 'text', 'text,images'], { error: 'must be none, text or text,images' })
      .optional()
      .transform((kinds): FileKind[] | undefined => kinds && FILES[kinds]),
    AI_HTTP_URL: httpUrl.optional(),
    AI_HTTP_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
    REPLY_LINK_DOMAINS: z
      .string()
      .transform(commaSeparated)
      .pipe(
        z.array(
          z
            .string()
            .regex(/^(?:\*|[^\s/:*]+\.[^\s/:*]+)$/, 'must be domains, comma-separated, such as example.com, or *')
            .transform((domain) => domainToASCII(domain) || domain),
        ),
      )
      .optional(),
    PORTALS_FILE: z.string().optional(),
    HUBSPOT_PORTAL_ID: z.string().optional(),
    HUBSPOT_ACCESS_TOKEN: z.string().optional(),
    HUBSPOT_CLIENT_SECRET: z.string().optional(),
    HUBSPOT_AI_ACTOR_ID: z.string().optional(),
    HUBSPOT_CLIENT_ID: z.string().optional(),
    HUBSPOT_REDIRECT_URL: httpUrl
      .refine((url) => url.endsWith(CALLBACK_PATH), `must end in ${CALLBACK_PATH}`)
      .optional(),
    TOKEN_KEYS: tokenKeys.optional(),
    HUBSPOT_ACTIVITIES_PER_SECOND: wholeNumber(6, 0, 1000),
    WORKER_METRICS_ADDRESS: z
      .string()
      .regex(/^[\w.:[\]-]+:\d{1,5}$/, 'must be host:port to serve metrics on, such as 0.0.0.0:9464')
      .optional(),
    // Temporal keeps names that begin with __ to itself.
    WORKER_DEPLOYMENT_NAME: z
      .string()
      .regex(/^(?!__)[\w-]{1,200}$/, 'must be letters, digits, _ -')
      .optional(),
    WORKER_BUILD_ID: z
      .string()
      .regex(/^[\w.-]{1,200}$/, 'must be letters, digits, _ . -')
      .optional(),
    AUTONOMY: autonomyInEnvironment.default(AUTONOMOUS),
    ASSIST_MODE: flag(false),
    AI_COMMANDS: flag(true),
    TICKETING_ENABLED: flag(true),
    UNASSIGNED_THREADS: portalFields.unassignedThreads,
    EMAIL_DELAY: portalFields.emailDelay,
    QUIET_PERIOD: portalFields.quietPeriod,
    QUIET_PERIOD_MAX: portalFields.quietPeriodMax,
    DELIVERY_CHECK: portalFields.deliveryCheck,
    ATTENTION_AFTER: portalFields.attentionAfter,
    MAX_REPLIES_PER_HOUR: portalFields.maxRepliesPerHour,
    MAX_MESSAGE_AGE: portalFields.maxMessageAge,
    APPROVAL_TIMEOUT: portalFields.approvalTimeout,
    CATCH_UP_INTERVAL: portalFields.catchUpInterval,
    AI_DAILY_BUDGET: portalFields.aiDailyBudget,
    // A file for `--env-file` can't hold several lines everywhere.
    EMAIL_SIGNATURE: z
      .string()
      .transform((signature) => signature.replaceAll('\\n', '\n'))
      .optional(),
    EMAIL_REPLY_ALL: flag(false),
    AI_CONTACT_FIELDS: fieldNames,
    AI_TICKET_FIELDS: fieldNames,
    HANDOFF_TICKETS: flag(true),
    HANDOFF_PICK_UP: pickUp,
    ...handoffVariables,
  })
  .strip();

const singlePortalSchema = z.object({
  HUBSPOT_PORTAL_ID: required('the HubSpot account id')
    .transform((id): unknown => id)
    .pipe(portalIdSchema),
  HUBSPOT_ACCESS_TOKEN: required("the app's access token (pat-…)"),
  HUBSPOT_CLIENT_SECRET: secretList,
  HUBSPOT_AI_ACTOR_ID: required('the AI user of the inbox, such as A-12345')
    .transform((id): unknown => id)
    .pipe(actorId),
});

const yamlFlag = (fallback: boolean) => z.boolean({ error: 'must be true or false' }).default(fallback);

const portalInFileSchema = z.strictObject({
  portalId: portalIdSchema.describe('The HubSpot account id.'),
  accessToken: required("the app's access token (pat-…)").describe("The app's access token (pat-…)."),
  aiActorId: actorId.describe('The user that the AI speaks as: A- and its user id.'),
  clientSecret: secretList
    .optional()
    .describe("The app's client secret, which signs the webhooks. Without it HUBSPOT_CLIENT_SECRET counts."),
  autonomy: autonomyInFile.default(AUTONOMOUS).meta({
    description: 'How far the AI may go: one level for every channel, or levels by channel, default for the others.',
    [TEXT_TOO]: AUTONOMY_LEVELS,
  }),
  aiCommands: yamlFlag(true).describe('true: agents command the AI by internal comments that begin with /ai.'),
  assistMode: yamlFlag(false).describe('true: never answer the customer, leave drafts as internal comments.'),
  ticketingEnabled: yamlFlag(true).describe("true: bring changed ticket properties into the conversation's session."),
  replyAll: yamlFlag(false).describe("true: whoever else got the customer's mail gets the AI's answer too."),
  signatures: signatures
    .default({})
    .describe(
      "What stands below the AI's mails, by the domain that they go out from, such as *.example.com; * for all others.",
    ),
  aiBackend: aiBackend.optional().describe('Who answers here, instead of AI_BACKEND.'),
  aiContactFields: fieldNames.describe(
    "Internal names of the contact's properties that a language model may read, comma-separated.",
  ),
  aiTicketFields: fieldNames.describe("The same of the thread's ticket."),
  handoff: handoffInFile(yamlFlag(true), pickUp).describe('What becomes of a thread that the AI hands to agents.'),
  ...portalFields,
});

/** What stands in `PORTALS_FILE`. Each field says what it is, for editors too (`schemas/portals.schema.json`). */
export const portalsFileContent = z.strictObject({
  portals: z
    .array(portalInFileSchema, { error: 'must be a list of portals' })
    .min(1, 'lists no portal')
    .describe('The portals, each with its own settings.'),
});

const portalsFileSchema = z
  .record(z.string(), z.unknown(), { error: 'must hold a list named portals' })
  .pipe(portalsFileContent);

/** Settings of one portal, which `PORTALS_FILE` gives for each. */
const SINGLE_PORTAL_ONLY = [
  'HUBSPOT_PORTAL_ID',
  'HUBSPOT_ACCESS_TOKEN',
  'HUBSPOT_AI_ACTOR_ID',
  'AUTONOMY',
  'ASSIST_MODE',
  'AI_COMMANDS',
  'TICKETING_ENABLED',
  'UNASSIGNED_THREADS',
  'EMAIL_DELAY',
  'QUIET_PERIOD',
  'QUIET_PERIOD_MAX',
  'DELIVERY_CHECK',
  'ATTENTION_AFTER',
  'MAX_REPLIES_PER_HOUR',
  'MAX_MESSAGE_AGE',
  'APPROVAL_TIMEOUT',
  'CATCH_UP_INTERVAL',
  'AI_DAILY_BUDGET',
  'EMAIL_SIGNATURE',
  'EMAIL_REPLY_ALL',
  'AI_CONTACT_FIELDS',
  'AI_TICKET_FIELDS',
  'HANDOFF_TICKETS',
  'HANDOFF_TICKET_PIPELINE',
  'HANDOFF_TICKET_STAGE',
  'HANDOFF_TICKET_KEY_PROPERTY',
  'HANDOFF_TICKET_PROPERTIES',
  'HANDOFF_ASSIGN_TO',
  'HANDOFF_ESCALATE_TO',
  'HANDOFF_MESSAGE',
  'HANDOFF_PICK_UP',
  'AFTER_HANDOFF',
] as const;

const describe = (error: z.ZodError, ...prefix: string[]): string[] =>
  error.issues.map(({ path, message }) =>
    [...prefix, path.map(String).join('.'), message].filter((part) => part !== '').join(' '),
  );

/** What of the environment the single-portal variables and `PORTALS_FILE` both give. */
interface Portals {
  portals: Portal[];
  webhookSecrets: WebhookSecret[];
}

const readPortalsFile = (path: string, sharedSecrets: string[], aiOf: AiReader): Portals | string[] => {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    return [`PORTALS_FILE ${path} can't be read: ${(error as Error).message.split('\n')[0]}`];
  }
  const parsed = portalsFileSchema.safeParse(content);
  if (!parsed.success) return describe(parsed.error, `PORTALS_FILE ${path}:`);
  const problems: string[] = [];
  const seen = new Set<PortalId>();
  const ais = new Map<PortalId, AiConfig>();
  for (const { portalId, clientSecret, aiBackend } of parsed.data.portals) {
    if (aiBackend) {
      const ai = aiOf(aiBackend, `the aiBackend of portal ${portalId}`);
      if (Array.isArray(ai)) problems.push(...ai);
      else ais.set(portalId, ai);
    }
    if (seen.has(portalId)) problems.push(`PORTALS_FILE ${path}: portal ${portalId} is listed twice`);
    seen.add(portalId);
    if (!clientSecret && sharedSecrets.length === 0) {
      problems.push(
        `PORTALS_FILE ${path}: portal ${portalId} has no clientSecret, and HUBSPOT_CLIENT_SECRET is not set`,
      );
    }
  }
  if (problems.length > 0) return problems;
  return {
    portals: parsed.data.portals.map(
      ({
        accessToken,
        portalId,
        aiActorId,
        autonomy,
        assistMode,
        aiCommands,
        ticketingEnabled,
        replyAll,
        signatures,
        aiContactFields,
        aiTicketFields,
        handoff,
        ...fields
      }) => {
        const ai = ais.get(portalId);
        return {
          accessToken,
          aiFields: { contact: aiContactFields, ticket: aiTicketFields },
          settings: {
            portalId,
            aiActorId,
            autonomy: assistMode ? assisted(autonomy) : autonomy,
            aiCommands,
            ticketingEnabled,
            handoff: handoffSettings(handoff, ticketingEnabled),
            replyAll,
            signatures,
            ...toSettings(fields),
          },
          ...(ai ? { ai } : {}),
        };
      },
    ),
    webhookSecrets: [
      // A portal with a secret of its own is not spoken for by the shared one.
      ...sharedSecrets.map((secret) => ({
        secret,
        portalIds: parsed.data.portals.filter((portal) => !portal.clientSecret).map((portal) => portal.portalId),
      })),
      ...parsed.data.portals.flatMap(({ portalId, clientSecret }) =>
        (clientSecret ?? []).map((secret) => ({ secret, portalIds: [portalId] })),
      ),
    ],
  };
};

/** The names of all settings that are read here. */
export const SETTINGS: readonly string[] = Object.keys(environmentSchema.shape);

type Environment = z.infer<typeof environmentSchema>;

/** The single portal's handoffs, as a portal of `PORTALS_FILE` would have them. */
const handoffIn = (env: Environment): Parameters<typeof handoffSettings>[0] => ({
  tickets: env.HANDOFF_TICKETS,
  pipeline: env.HANDOFF_TICKET_PIPELINE,
  stage: env.HANDOFF_TICKET_STAGE,
  keyProperty: env.HANDOFF_TICKET_KEY_PROPERTY,
  properties: env.HANDOFF_TICKET_PROPERTIES,
  assignTo: env.HANDOFF_ASSIGN_TO,
  escalateTo: env.HANDOFF_ESCALATE_TO,
  message: env.HANDOFF_MESSAGE,
  pickUp: env.HANDOFF_PICK_UP,
  after: env.AFTER_HANDOFF,
});

/** What the environment says, what of it is wrong (by name), and how (a line each). */
const readEnvironment = (present: Record<string, string>) => {
  const parsed = environmentSchema.safeParse(present);
  if (parsed.success) return { env: parsed.data, wrong: new Set<unknown>(), problems: [] };
  const wrong = new Set<unknown>(parsed.error.issues.map(({ path }) => path[0]));
  // What is wrong is left out, so that the settings that hang on one another can be looked at all the same.
  const right = Object.entries(present).filter(([name]) => !wrong.has(name));
  const env = environmentSchema.parse({ WEBHOOK_PUBLIC_URL: 'http://localhost', ...Object.fromEntries(right) });
  return { env, wrong, problems: describe(parsed.error) };
};

/** The settings of a backend, or what is missing of them, a line each. `why` says who asks for it. */
type AiReader = (backend: AiConfig['backend'], why: string) => AiConfig | string[];

const aiReader =
  (env: Environment, wrong: ReadonlySet<unknown>): AiReader =>
  (backend, why) => {
    const knowledgeDir = resolve(env.KNOWLEDGE_DIR);
    const missing = (...names: (keyof Environment)[]): string[] =>
      names.filter((name) => !env[name] && !wrong.has(name)).map((name) => `${name} is missing: ${why} is ${backend}`);
    const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
    switch (backend) {
      case 'knowledge':
        return { backend, knowledgeDir };
      case 'openai-compatible': {
        const { LLM_BASE_URL: url, LLM_API_KEY: apiKey = null, LLM_MODEL: model } = env;
        if (!url || !model) return missing('LLM_BASE_URL', 'LLM_MODEL');
        // Whoever serves it: a model without eyes refuses a request with a picture.
        const files = env.LLM_FILES ?? FILES.text;
        return { backend, baseUrl: withoutSlash(url), apiKey, model, knowledgeDir, files };
      }
      case 'anthropic': {
        const { LLM_BASE_URL: url = ANTHROPIC_URL, LLM_API_KEY: apiKey, LLM_MODEL: model } = env;
        if (!apiKey || !model) return missing('LLM_API_KEY', 'LLM_MODEL');
        // All of its models see.
        const files = env.LLM_FILES ?? FILES['text,images'];
        return { backend, baseUrl: withoutSlash(url), apiKey, model, knowledgeDir, files };
      }
      case 'opencx': {
        const { OPENCX_API_URL: url, OPENCX_API_KEY: apiKey } = env;
        if (!url || !apiKey) return missing('OPENCX_API_URL', 'OPENCX_API_KEY');
        return { backend, apiUrl: withoutSlash(url), apiKey };
      }
      case 'http': {
        const { AI_HTTP_URL: url, AI_HTTP_SECRET: secret } = env;
        if (!url || !secret) return missing('AI_HTTP_URL', 'AI_HTTP_SECRET');
        return { backend, url, secret };
      }
    }
  };

/** The AI that `AI_BACKEND` names and those after it, or what is wrong with their settings, a line each. */
const readAis = (env: Environment, aiOf: AiReader): { ai: AiConfig; aiFallbacks: AiConfig[] } | string[] => {
  const ai = aiOf(env.AI_BACKEND, 'AI_BACKEND');
  const others = [...new Set(env.AI_FALLBACK)].filter((backend) => backend !== env.AI_BACKEND);
  const fallbacks = others.map((backend) => aiOf(backend, 'one of AI_FALLBACK'));
  const problems = [ai, ...fallbacks].filter((read) => Array.isArray(read)).flat();
  if (Array.isArray(ai) || problems.length > 0) return problems;
  return { ai, aiFallbacks: fallbacks.filter((read): read is AiConfig => !Array.isArray(read)) };
};

/** What tokens cost, or what is missing to know it, a line each. */
const readPrices = (
  env: Environment,
  wrong: ReadonlySet<unknown>,
  portals: Pick<PortalSettings, 'aiDailyBudgetMillionths'>[],
): Prices | null | string[] => {
  const { LLM_INPUT_PRICE: input, LLM_OUTPUT_PRICE: output } = env;
  if (input !== undefined && output !== undefined) return { input, output };
  if (wrong.has('LLM_INPUT_PRICE') || wrong.has('LLM_OUTPUT_PRICE')) return null;
  if (input !== undefined) return ['LLM_OUTPUT_PRICE is missing: LLM_INPUT_PRICE is set'];
  if (output !== undefined) return ['LLM_INPUT_PRICE is missing: LLM_OUTPUT_PRICE is set'];
  const hasBudget = portals.some(({ aiDailyBudgetMillionths }) => aiDailyBudgetMillionths !== undefined);
  if (!hasBudget) return null;
  const setting = env.PORTALS_FILE === undefined ? 'AI_DAILY_BUDGET' : 'aiDailyBudget of PORTALS_FILE';
  return [`${setting} needs LLM_INPUT_PRICE and LLM_OUTPUT_PRICE: without them nobody knows what is spent`];
};

/** The version that the workers are, or what is missing to say it. */
const readWorkerVersion = (env: Environment, wrong: ReadonlySet<unknown>): WorkerVersion | null | string => {
  const { WORKER_DEPLOYMENT_NAME: deploymentName, WORKER_BUILD_ID: buildId } = env;
  if (deploymentName !== undefined && buildId !== undefined) return { deploymentName, buildId };
  if (wrong.has('WORKER_DEPLOYMENT_NAME') || wrong.has('WORKER_BUILD_ID')) return null;
  if (deploymentName !== undefined) return 'WORKER_BUILD_ID is missing: WORKER_DEPLOYMENT_NAME is set';
  if (buildId !== undefined) return 'WORKER_DEPLOYMENT_NAME is missing: WORKER_BUILD_ID is set';
  return null;
};

/** The two of them would need each its own model and key. */
const modelsAtOnce = (configs: AiConfig[]): string[] =>
  (['openai-compatible', 'anthropic'] as const).every((name) => configs.some(({ backend }) => backend === name))
    ? ['LLM_MODEL can name one model only: use either openai-compatible or anthropic in one process']
    : [];

/** What the environment says of a portal: of the one that it configures, and of all that install the app. */
const portalDefaultsIn = (env: Environment): OAuthConfig['portalDefaults'] => ({
  autonomy: env.ASSIST_MODE ? assisted(env.AUTONOMY) : env.AUTONOMY,
  aiCommands: env.AI_COMMANDS,
  ticketingEnabled: env.TICKETING_ENABLED,
  handoff: handoffSettings(handoffIn(env), env.TICKETING_ENABLED),
  replyAll: env.EMAIL_REPLY_ALL,
  signatures: env.EMAIL_SIGNATURE === undefined ? {} : { '*': env.EMAIL_SIGNATURE },
  ...toSettings({
    unassignedThreads: env.UNASSIGNED_THREADS,
    emailDelay: env.EMAIL_DELAY,
    quietPeriod: env.QUIET_PERIOD,
    quietPeriodMax: env.QUIET_PERIOD_MAX,
    deliveryCheck: env.DELIVERY_CHECK,
    attentionAfter: env.ATTENTION_AFTER,
    maxRepliesPerHour: env.MAX_REPLIES_PER_HOUR,
    maxMessageAge: env.MAX_MESSAGE_AGE,
    approvalTimeout: env.APPROVAL_TIMEOUT,
    catchUpInterval: env.CATCH_UP_INTERVAL,
    aiDailyBudget: env.AI_DAILY_BUDGET,
  }),
});

const aiFieldsIn = (env: Environment): Portal['aiFields'] => ({
  contact: env.AI_CONTACT_FIELDS,
  ticket: env.AI_TICKET_FIELDS,
});

/** A portal of its own is not needed where portals install the app. */
const installableSchema = singlePortalSchema.extend({
  HUBSPOT_PORTAL_ID: singlePortalSchema.shape.HUBSPOT_PORTAL_ID.optional(),
  HUBSPOT_ACCESS_TOKEN: singlePortalSchema.shape.HUBSPOT_ACCESS_TOKEN.optional(),
  HUBSPOT_AI_ACTOR_ID: singlePortalSchema.shape.HUBSPOT_AI_ACTOR_ID.optional(),
});

const singlePortal = (present: Record<string, string>) => {
  const isConfigured = 'HUBSPOT_PORTAL_ID' in present || 'HUBSPOT_ACCESS_TOKEN' in present;
  return 'HUBSPOT_CLIENT_ID' in present && !isConfigured
    ? installableSchema.safeParse(present)
    : singlePortalSchema.safeParse(present);
};

/** The app that portals install, `null` without one, or what is wrong with its settings, a line each. */
const readOAuth = (
  env: Environment,
  wrong: ReadonlySet<unknown>,
  { webhookSecrets }: Portals,
): OAuthConfig | null | string[] => {
  const { HUBSPOT_CLIENT_ID: clientId, TOKEN_KEYS: tokenKeys } = env;
  if (!clientId) return null;
  if (env.PORTALS_FILE)
    return ['HUBSPOT_CLIENT_ID has no effect beside PORTALS_FILE: portals install the app, or stand in the file'];
  if (!tokenKeys)
    return wrong.has('TOKEN_KEYS')
      ? []
      : ['TOKEN_KEYS is missing: it seals the tokens of portals that install the app (HUBSPOT_CLIENT_ID)'];
  const [secret] = webhookSecrets;
  // What is missing of it has been said.
  if (!secret) return [];
  const redirectUrl = env.HUBSPOT_REDIRECT_URL ?? new URL(CALLBACK_PATH, env.WEBHOOK_PUBLIC_URL).href;
  const aiActorId = actorId.optional().safeParse(env.HUBSPOT_AI_ACTOR_ID);
  return {
    app: { clientId, clientSecret: secret.secret, redirectUrl },
    tokenKeys,
    aiActorId: aiActorId.success ? aiActorId.data : undefined,
    aiFields: aiFieldsIn(env),
    portalDefaults: portalDefaultsIn(env),
  };
};

/** What is set; an empty variable counts as absent. */
const presentIn = (environment: Record<string, string | undefined>): Record<string, string> => {
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value?.trim()) present[name] = value.trim();
  return present;
};

/**
 * Reads every setting from an environment (design.md part 3). An empty variable counts as absent.
 * @throws {ConfigError} that names every wrong or missing setting at once.
 */
export const loadConfig = (environment: Record<string, string | undefined>): Config => {
  const present = presentIn(environment);
  const { env, wrong, problems } = readEnvironment(present);

  const aiOf = aiReader(env, wrong);
  let portals: Portals = { portals: [], webhookSecrets: [] };
  if (env.PORTALS_FILE) {
    for (const name of SINGLE_PORTAL_ONLY) {
      if (name in present) problems.push(`${name} has no effect beside PORTALS_FILE: set it there, for each portal`);
    }
    const shared = secretList.optional().safeParse(present.HUBSPOT_CLIENT_SECRET);
    if (!shared.success) problems.push(...describe(shared.error, 'HUBSPOT_CLIENT_SECRET'));
    const read = readPortalsFile(env.PORTALS_FILE, shared.data ?? [], aiOf);
    if (Array.isArray(read)) problems.push(...read);
    else portals = read;
  } else {
    const single = singlePortal(present);
    if (!single.success) problems.push(...describe(single.error));
    else {
      const { HUBSPOT_PORTAL_ID: portalId, HUBSPOT_ACCESS_TOKEN: accessToken } = single.data;
      const { HUBSPOT_AI_ACTOR_ID: aiActorId, HUBSPOT_CLIENT_SECRET: secrets } = single.data;
      portals = {
        portals:
          portalId && accessToken && aiActorId
            ? [{ accessToken, aiFields: aiFieldsIn(env), settings: { portalId, aiActorId, ...portalDefaultsIn(env) } }]
            : [],
        webhookSecrets: secrets.map((secret) => ({ secret, portalIds: null })),
      };
    }
  }
  const oauth = readOAuth(env, wrong, portals);
  if (Array.isArray(oauth)) problems.push(...oauth);
  const ais = readAis(env, aiOf);
  if (Array.isArray(ais)) problems.push(...ais);
  else problems.push(...modelsAtOnce([ais.ai, ...ais.aiFallbacks, ...portals.portals.flatMap(({ ai }) => ai ?? [])]));
  const aiPrices = readPrices(env, wrong, [
    ...portals.portals.map(({ settings }) => settings),
    ...(oauth && !Array.isArray(oauth) ? [oauth.portalDefaults] : []),
  ]);
  if (Array.isArray(aiPrices)) problems.push(...aiPrices);
  const workerVersion = readWorkerVersion(env, wrong);
  if (typeof workerVersion === 'string') problems.push(workerVersion);
  if (
    problems.length > 0 ||
    Array.isArray(ais) ||
    Array.isArray(aiPrices) ||
    Array.isArray(oauth) ||
    typeof workerVersion === 'string'
  ) {
    throw new ConfigError(problems);
  }

  return {
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    taskQueue: env.TEMPORAL_TASK_QUEUE,
    temporalCliPath: env.TEMPORAL_CLI_PATH,
    xdgCacheHome: env.XDG_CACHE_HOME,
    temporalConfigured: Boolean(env.TEMPORAL_ADDRESS ?? env.TEMPORAL_PROFILE ?? env.TEMPORAL_CONFIG_FILE),
    payloadKeys: env.PAYLOAD_KEYS ?? [],
    databaseUrl: env.DATABASE_URL,
    dataDir: resolve(env.DATA_DIR),
    sessionRetentionMs: env.SESSION_RETENTION,
    hubspotApiUrl: env.HUBSPOT_API_URL,
    hubspotApiVersion: env.HUBSPOT_API_VERSION,
    webhookPublicUrl: env.WEBHOOK_PUBLIC_URL,
    allowSignatureV1: env.HUBSPOT_ALLOW_SIGNATURE_V1,
    hubspotActivitiesPerSecond: env.HUBSPOT_ACTIVITIES_PER_SECOND,
    workerMetricsAddress: env.WORKER_METRICS_ADDRESS,
    workerVersion,
    ...portals,
    oauth,
    ...ais,
    aiPrices,
    knowledgeDir: resolve(env.KNOWLEDGE_DIR),
    linkDomains: env.REPLY_LINK_DOMAINS ?? null,
  };
};

// biome-ignore lint/style/noProcessEnv: the one place that reads the environment
const processEnvironment = process.env;

/** {@link loadConfig} over the process's own environment. */
export const loadProcessConfig = (): Config => loadConfig(processEnvironment);

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
): Pick<Config, 'taskQueue' | 'hubspotActivitiesPerSecond'> => {
  const read = environmentSchema
    .pick({ TEMPORAL_TASK_QUEUE: true, HUBSPOT_ACTIVITIES_PER_SECOND: true })
    .safeParse(presentIn(environment));
  if (!read.success) throw new ConfigError(describe(read.error));
  return {
    taskQueue: read.data.TEMPORAL_TASK_QUEUE,
    hubspotActivitiesPerSecond: read.data.HUBSPOT_ACTIVITIES_PER_SECOND,
  };
};

/** How the codec server listens, and whom it answers. */
export interface CodecServerSettings {
  payloadKeys: PayloadKey[];
  host: string;
  port: number;
  /** That callers have to show; without it anyone on this machine may call. */
  token: string | undefined;
  /** Of the Temporal Web UI. */
  uiOrigins: string[];
}

/**
 * The settings of the codec server, which needs no others.
 * @throws {ConfigError} also where others could reach it and there is no token
 */
export const loadCodecServerSettings = (
  environment: Record<string, string | undefined> = processEnvironment,
): CodecServerSettings => {
  const read = environmentSchema
    .pick({
      PAYLOAD_KEYS: true,
      CODEC_SERVER_HOST: true,
      CODEC_SERVER_PORT: true,
      CODEC_SERVER_TOKEN: true,
      CODEC_SERVER_UI_ORIGIN: true,
    })
    .safeParse(presentIn(environment));
  if (!read.success) throw new ConfigError(describe(read.error));
  const { PAYLOAD_KEYS, CODEC_SERVER_HOST: host, CODEC_SERVER_TOKEN: token } = read.data;
  const problems = [];
  if (!PAYLOAD_KEYS?.length) problems.push('PAYLOAD_KEYS is missing: without keys there is nothing to decrypt');
  if (!token && !isLoopback(host))
    problems.push(`CODEC_SERVER_TOKEN is missing: others than this machine can reach CODEC_SERVER_HOST ${host}`);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    payloadKeys: PAYLOAD_KEYS ?? [],
    host,
    port: read.data.CODEC_SERVER_PORT,
    token,
    uiOrigins: read.data.CODEC_SERVER_UI_ORIGIN,
  };
};

/** What of the environment makes sense in the demo, which brings its own Temporal server and its own HubSpot. */
const DEMO_SETTINGS = [
  'PORT',
  'LOG_LEVEL',
  'TEMPORAL_CLI_PATH',
  'XDG_CACHE_HOME',
  'AUTONOMY',
  'ASSIST_MODE',
  'EMAIL_DELAY',
  'QUIET_PERIOD',
  'QUIET_PERIOD_MAX',
  'UNASSIGNED_THREADS',
  'AI_BACKEND',
  'KNOWLEDGE_DIR',
  'OPENCX_API_URL',
  'OPENCX_API_KEY',
  'LLM_BASE_URL',
  'LLM_API_KEY',
  'LLM_MODEL',
  'LLM_INPUT_PRICE',
  'LLM_OUTPUT_PRICE',
  'LLM_FILES',
  'AI_HTTP_URL',
  'AI_HTTP_SECRET',
  'AI_FALLBACK',
  'REPLY_LINK_DOMAINS',
] as const;

/**
 * The demo's configuration: its own settings over those of the environment that make sense in it. `LOG_LEVEL` is `warn`
 * unless set: the demo tells its story itself.
 * @throws {ConfigError}
 */
export const loadDemoConfig = (own: Record<string, string>): Config =>
  loadConfig({
    LOG_LEVEL: 'warn',
    ...Object.fromEntries(
      DEMO_SETTINGS.flatMap((name) => (processEnvironment[name] ? [[name, processEnvironment[name]]] : [])),
    ),
    ...own,
  });
