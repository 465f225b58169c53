import { z } from 'zod';
import { isGuessable } from './guessable.ts';
import { baseUrl, duration, flag, wholeNumber } from './primitives.ts';
import { tracingVariables } from './tracing.ts';

const PORT_ERROR = 'must be a port number, 0 to 65535';

const port = z
  .string()
  .regex(/^\d{1,5}$/, PORT_ERROR)
  .transform(Number)
  .refine((number) => number <= 65_535, PORT_ERROR);

/** The environment says this of the processes themselves. */
export const processVariables = {
  PORT: port.prefault('3000').meta({ takes: '0 to 65535', description: 'The port of the API. `0`: any free port.' }),
  OPS_PORT: port.optional().meta({
    takes: '0 to 65535',
    description:
      'A second port, for [the desk](desk.md) and `/metrics`. They are then not on `PORT`, so a proxy in ' +
      "front of `PORT` can't make them public. `docker-compose.yml` sets 3001. Absent: they are on " +
      '`PORT`.',
  }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info')
    .describe('How much the processes log. The demo uses `error`.'),
  OPS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{24,}$/, { error: 'must have at least 24 characters, without spaces', abort: true })
    .refine((token) => !isGuessable(token), 'is soon guessed: take what `openssl rand -hex 24` prints')
    .optional()
    .meta({
      takes: 'at least 24 characters, no spaces, hard to guess',
      description:
        'The password of [the desk](desk.md), the page `/ops`. `openssl rand -hex 24` prints one. Absent: ' +
        "the page doesn't exist.",
    }),
  OPS_SHOW_TEXT: flag(false).describe(
    'Whether the [desk](desk.md) shows what customers wrote and the AI answered: ' +
      'drafts, conversations, and questions that the AI could not answer. The texts of runs in Temporal then also ' +
      'have the names of agents who own threads. `false`: only ids, outcomes and titles of articles.',
  ),
  OPS_URL: baseUrl
    .transform((url) => (url.endsWith('/ops') ? url : `${url}/ops`))
    .optional()
    .meta({
      takes: 'URL',
      without: 'with `OPS_PORT` no links, else `/ops` beside `WEBHOOK_PUBLIC_URL`',
      description:
        "The address of [the desk](desk.md) as your agents' browsers reach it. Comments and " +
        '[notifications](notifications.md) link to it. A missing `/ops` at its end is added. `docker-compose.yml` ' +
        'sets `http://127.0.0.1:3001`.',
    }),
  RESOLVED_AFTER: duration('24h', '30d', '1m').describe(
    "How long a customer must be silent after the AI's answer until the conversation counts as " +
      'resolved. What comes later begins another conversation. See [outcomes](outcomes.md).',
  ),
  TEMPORAL_UI_URL: baseUrl
    .optional()
    .describe(
      'The address of the Temporal Web UI as browsers reach it. Links to runs use it. `npm start` finds ' +
        'its own. Absent: no links.',
    ),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'must start with postgres://', abort: true })
    // The host would be taken from the midst of the password, and be shown.
    .regex(/^[^:]+:\/\/[^/?#]*(?:[/?#][^@]*)?$/, 'must have / ? # @ of its password as %2F %3F %23 %40')
    .optional()
    .meta({
      takes: '`postgres://…`',
      description:
        'The PostgreSQL database of the sessions. Absent: an embedded database with its files in ' +
        '`DATA_DIR`. Then only one worker process can run.',
    }),
  HUBSPOT_CALLS_PER_SECOND: wholeNumber(19, 0, 1000)
    .optional()
    .meta({
      takes: '0 to 1000',
      without: '`19`',
      description:
        "The most calls of HubSpot's API that all workers together make each second in one portal. If HubSpot " +
        "allows the portal fewer, fewer are made. `0`: no limit but HubSpot's own. See [rate limits](rate-limits.md).",
    }),
  HUBSPOT_ACTIVITIES_PER_SECOND: wholeNumber(12, 0, 1000)
    .optional()
    .meta({
      takes: '0 to 1000',
      without: '0.6 times `HUBSPOT_CALLS_PER_SECOND`',
      description:
        'The most HubSpot steps that begin each second in one portal, over all workers. One step makes one to three ' +
        'calls, which `HUBSPOT_CALLS_PER_SECOND` limits. This setting lets steps wait in the queue of Temporal, not ' +
        'in a worker. `0`: steps have no limit, and calls have none either unless you set ' +
        '`HUBSPOT_CALLS_PER_SECOND`. See [rate limits](rate-limits.md).',
    }),
  WORKER_METRICS_ADDRESS: z
    .string()
    .regex(/^[\w.:[\]-]+:\d{1,5}$/, 'must be host:port to serve metrics on, such as 0.0.0.0:9464')
    .optional()
    .meta({
      takes: '`address:port`',
      description:
        'The IP address and port where a worker serves its metrics for Prometheus, such as `0.0.0.0:9464`. ' +
        'Absent: nowhere.',
    }),
  WORKER_HEALTH_ADDRESS: z
    .string()
    .regex(/^[\w.:[\]-]+:\d{1,5}$/, 'must be host:port to answer /healthz on, such as 127.0.0.1:9465')
    .optional()
    .meta({
      takes: '`address:port`',
      description:
        'The IP address and port where a worker answers `GET /healthz`, such as `127.0.0.1:9465`. It ' +
        'answers 200 while the worker works and asks Temporal for tasks, else 503. A thread of its own ' +
        'answers, so even a worker that hangs answers 503. Absent: nowhere.',
    }),
  WORKFLOW_STACK_TRACE_LIMIT: wholeNumber(3, 0, 100)
    .optional()
    .meta({
      takes: '0 to 100',
      without: '`3`',
      description:
        'How many lines a stack trace of a workflow has, in Temporal and in the log. More lines cost CPU in every ' +
        'run. Raise it only while you look for a fault in the code.',
    }),
  WATCHDOG: duration('30s', '1h', '5s').describe(
    'How long the event loop of an API or worker may hang before the process ends itself. Docker, ' +
      'Kubernetes or systemd then starts it again. `0s`: never.',
  ),
  ...tracingVariables,
  // Temporal keeps names that begin with __ to itself.
  WORKER_DEPLOYMENT_NAME: z
    .string()
    .regex(/^(?!__)[\w-]{1,200}$/, 'must be letters, digits, _ -')
    .optional()
    .meta({
      takes: 'letters, digits, `_` `-`',
      description:
        'The deployment that the workers belong to, for [worker versions](worker-versions.md). Set it ' +
        'together with `WORKER_BUILD_ID`, or set neither.',
    }),
  WORKER_BUILD_ID: z
    .string()
    .regex(/^[\w.-]{1,200}$/, 'must be letters, digits, _ . -')
    .optional()
    .meta({
      takes: 'letters, digits, `_` `.` `-`',
      description:
        'The build of these workers, such as the release or the image tag. Give each build that you roll ' +
        'out a new name.',
    }),
  SESSION_RETENTION: duration('0s', '3650d', '1d').describe(
    'How long a session without activity is kept. Its turns (what the AI did) and its ticket ' +
      'properties are deleted with it. See [delete old sessions](privacy.md#delete-old-sessions). `0s`: ' +
      'for ever.',
  ),
  DATA_DIR: z.string().default('.data').meta({
    takes: 'path',
    description: 'The folder for files of the embedded database and the embedded Temporal server.',
  }),
  XDG_CACHE_HOME: z.string().optional().meta({
    takes: 'path',
    without: '`~/.cache`',
    description: 'The cache folder. A downloaded `temporal` program is kept in its folder `threadkeeper`.',
  }),
};
