import ms from 'ms';
import { z } from 'zod';
import { API_VERSIONS } from '../hubspot/api-version.ts';
import { CALLBACK_PATH } from '../installations/paths.ts';
import { aiVariables } from './ai.ts';
import { problemsIn } from './errors.ts';
import { portalVariables } from './portal-in-environment.ts';
import { commaSeparated, duration, flag, httpUrl, required, wholeNumber } from './primitives.ts';
import { payloadKeys, tokenKeys } from './secrets.ts';
import { tracingVariables } from './tracing.ts';

/** Every variable that is read, each by itself. */
export const environmentSchema = z
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
    OPS_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]{24,}$/, 'must have at least 24 characters, without spaces')
      .optional(),
    TEMPORAL_UI_URL: httpUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
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
    ...aiVariables,
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
    ...tracingVariables,
    // Temporal keeps names that begin with __ to itself.
    WORKER_DEPLOYMENT_NAME: z
      .string()
      .regex(/^(?!__)[\w-]{1,200}$/, 'must be letters, digits, _ -')
      .optional(),
    WORKER_BUILD_ID: z
      .string()
      .regex(/^[\w.-]{1,200}$/, 'must be letters, digits, _ . -')
      .optional(),
    ...portalVariables,
  })
  .strip();

/** What they say when they are read. */
export type Environment = z.infer<typeof environmentSchema>;

/** The names of all settings that are read here. */
export const SETTINGS: readonly string[] = Object.keys(environmentSchema.shape);

/** What is set; an empty variable counts as absent. */
export const presentIn = (environment: Record<string, string | undefined>): Record<string, string> => {
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value?.trim()) present[name] = value.trim();
  return present;
};

/** What the environment says, what of it is wrong (by name), and how (a line each). */
export const readEnvironment = (present: Record<string, string>) => {
  const parsed = environmentSchema.safeParse(present);
  if (parsed.success) return { env: parsed.data, wrong: new Set<unknown>(), problems: [] };
  const wrong = new Set<unknown>(parsed.error.issues.map(({ path }) => path[0]));
  // What is wrong is left out, so that the settings that hang on one another can be looked at all the same.
  const right = Object.entries(present).filter(([name]) => !wrong.has(name));
  const env = environmentSchema.parse({ WEBHOOK_PUBLIC_URL: 'http://localhost', ...Object.fromEntries(right) });
  return { env, wrong, problems: problemsIn(parsed.error) };
};
