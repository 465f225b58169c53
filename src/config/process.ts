import { z } from 'zod';
import { isGuessable } from './guessable.ts';
import { baseUrl, duration, flag, wholeNumber } from './primitives.ts';
import { tracingVariables } from './tracing.ts';

const PORT_ERROR = 'must be a port number, 0 to 65535';

/** The environment says this of the processes themselves. */
export const processVariables = {
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, PORT_ERROR)
    .default('3000')
    .transform(Number)
    .refine((port) => port <= 65_535, PORT_ERROR)
    .meta({ takes: '0 to 65535', description: "The API's port. `0`: a free one." }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info')
    .describe('`error` in the demo.'),
  OPS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{24,}$/, { error: 'must have at least 24 characters, without spaces', abort: true })
    .refine((token) => !isGuessable(token), 'is soon guessed: take what `openssl rand -hex 24` prints')
    .optional()
    .meta({
      takes: 'at least 24 characters, no spaces, nothing that is soon guessed',
      description:
        "Opens the [operations page](operations.md#operations-page), `/ops` on the API's port. Absent: there " +
        'is no page.',
    }),
  OPS_SHOW_TEXT: flag(false).describe(
    'Whether the [operations page](operations.md#operations-page) shows what customers wrote and the AI answered: drafts, conversations, and questions that nobody could answer. `false`: only ids, outcomes and titles of articles.',
  ),
  RESOLVED_AFTER: duration('24h', '30d', '1m').describe(
    'A customer who is silent for so long after an answer of the AI has what they wanted: the conversation counts as resolved ([outcomes](outcomes.md)). What comes later begins another one.',
  ),
  TEMPORAL_UI_URL: baseUrl
    .optional()
    .describe(
      "The Temporal Web UI as browsers reach it, for the operations page's links to runs. `npm start` knows " +
        'its own; absent elsewhere: no links.',
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
        'The session store. Absent: a database inside the process, its files in `DATA_DIR`; then only one ' +
        'worker process can run.',
    }),
  HUBSPOT_ACTIVITIES_PER_SECOND: wholeNumber(6, 0, 1000).describe(
    'So many activities may call HubSpot each second in one portal, all workers together; each makes one to ' +
      'three calls, and HubSpot allows an app 10 to 19 calls a second. `0`: no limit. Kept by Temporal, see ' +
      '[operations](operations.md#fairness-and-hubspots-limits).',
  ),
  WORKER_METRICS_ADDRESS: z
    .string()
    .regex(/^[\w.:[\]-]+:\d{1,5}$/, 'must be host:port to serve metrics on, such as 0.0.0.0:9464')
    .optional()
    .meta({
      takes: '`address:port`',
      description:
        'Where a worker serves its metrics for Prometheus, an IP address and a port, such as `0.0.0.0:9464`. ' +
        'Absent: nowhere.',
    }),
  WORKER_HEALTH_ADDRESS: z
    .string()
    .regex(/^[\w.:[\]-]+:\d{1,5}$/, 'must be host:port to answer /healthz on, such as 127.0.0.1:9465')
    .optional()
    .meta({
      takes: '`address:port`',
      description:
        'Where a worker answers `GET /healthz`, an IP address and a port, such as `127.0.0.1:9465`: 200 while ' +
        'its event loop turns and it asks Temporal for tasks, else 503. A thread of its own answers, also when ' +
        'the worker hangs. Absent: nowhere.',
    }),
  WORKFLOW_STACK_TRACE_LIMIT: wholeNumber(3, 0, 100)
    .optional()
    .meta({
      takes: '0 to 100',
      without: '`3`',
      description:
        'So many lines has the stack of an error in a workflow, and of each promise, for the Web UI’s call stack. ' +
        'Temporal’s SDK takes one for every promise: more lines cost a worker CPU. Raise it to look for a fault.',
    }),
  WATCHDOG: duration('30s', '1h', '5s').describe(
    'An API or worker whose event loop stands still for so long ends itself, so that Docker, Kubernetes or ' +
      'systemd starts it again. `0s`: never.',
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
        'Worker Versioning: the deployment that the workers belong to. Both or neither with the next; see ' +
        '[operations](operations.md#worker-versions).',
    }),
  WORKER_BUILD_ID: z
    .string()
    .regex(/^[\w.-]{1,200}$/, 'must be letters, digits, _ . -')
    .optional()
    .meta({
      takes: 'letters, digits, `_` `.` `-`',
      description:
        'Which build of it these workers are, such as the release or the image tag. Another one for every ' +
        'build that is rolled out.',
    }),
  SESSION_RETENTION: duration('0s', '3650d', '1d').describe(
    'Sessions without activity for so long are deleted, with their turns and ticket properties, of every ' +
      'portal: see [operations](operations.md#forget). `0s`: never.',
  ),
  DATA_DIR: z
    .string()
    .default('.data')
    .meta({ takes: 'path', description: 'Files of the embedded database and the embedded Temporal server.' }),
  XDG_CACHE_HOME: z.string().optional().meta({
    takes: 'path',
    without: '`~/.cache`',
    description: 'A `temporal` program that had to be fetched is kept in its folder `threadkeeper`.',
  }),
};
