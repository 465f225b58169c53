import type { LogLevel, LogMetadata, MetricCounter, MetricGauge } from '@temporalio/common';
import {
  makeTelemetryFilterString,
  Runtime,
  type RuntimeOptions,
  type Logger as TemporalLogger,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import { REPLY_LATENCY } from '../runs/reply-to-message.ts';

// What the SDK says at every start and end, and nobody has to act on. The Worker of HubSpot's activities has no
// workflows on purpose.
const EXPECTED = new Set([
  'No workflows registered, not polling for workflow tasks',
  'No Nexus services registered, not polling for Nexus tasks',
  'Worker state changed',
]);

// Temporal tries it again: why it failed is enough, and the stack is for those who look for a bug.
const ATTEMPT_FAILED = 'Activity failed';

const reasonOf = (error: unknown): string =>
  error instanceof Error ? [error.message, ...(error.cause ? [reasonOf(error.cause)] : [])].join(': ') : 'not an Error';

// At trace the SDK logs whole tasks, payloads with customers' words in them: of its fields only single values are
// taken. With a task's token anyone who reaches Temporal could end the task.
const single = (meta: LogMetadata): LogMetadata =>
  Object.fromEntries(Object.entries(meta).filter(([key, value]) => key !== 'taskToken' && typeof value !== 'object'));

const toPino = (logger: Logger): TemporalLogger => {
  // Pino knows how to print an error only under its own key.
  const fields = ({ error, err = error, ...rest }: LogMetadata = {}) =>
    err === undefined ? single(rest) : { ...single(rest), err };
  const attempt = ({ error, ...rest }: LogMetadata = {}) => ({ ...single(rest), reason: reasonOf(error) });
  const write = (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: LogMetadata) =>
    logger[EXPECTED.has(message) ? 'debug' : level](
      message === ATTEMPT_FAILED && !logger.isLevelEnabled('debug') ? attempt(meta) : fields(meta),
      message,
    );
  const by = {
    TRACE: write('trace'),
    DEBUG: write('debug'),
    INFO: write('info'),
    WARN: write('warn'),
    ERROR: write('error'),
  } satisfies Record<LogLevel, unknown>;
  return {
    log: (level, message, meta) => by[level](message, meta),
    trace: by.TRACE,
    debug: by.DEBUG,
    info: by.INFO,
    warn: by.WARN,
    error: by.ERROR,
  };
};

/** The SDK's metrics can't be served at their address; the message says what to change. */
export class MetricsNotServed extends Error {
  override readonly name = 'MetricsNotServed';

  constructor(address: string, cause: unknown) {
    // The native exporter's words have its own names in front.
    const reason = cause instanceof Error ? cause.message.replace(/^.*: /, '') : String(cause);
    super(
      `Metrics can't be served on ${address} (${reason}): set WORKER_METRICS_ADDRESS to an IP address and a ` +
        'free port, such as 0.0.0.0:9464.',
      { cause },
    );
  }
}

// The SDK's own boundaries end at 10 s, and a reply waits for a quiet moment first. In ms.
const REPLY_BOUNDARIES_MS = [1, 2.5, 5, 10, 15, 20, 30, 60, 120, 300, 900, 3600].map((seconds) => seconds * 1000);

/**
 * Sets up Temporal's native runtime: its logs go to `logger`, errors and fields of one value alone, and signals stay
 * with the process, which has an HTTP server to close as well. To be called once per process, before the first Worker
 * connection: a second call throws.
 * @param prometheusAddress `{IP address}:{port}` to serve the SDK's metrics on, at any path; without it they are off.
 * @throws {MetricsNotServed}
 */
export const installRuntime = (
  logger: Logger,
  { prometheusAddress }: { prometheusAddress?: string | undefined } = {},
): void => {
  const options: RuntimeOptions = {
    logger: toPino(logger),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      ...(prometheusAddress === undefined
        ? {}
        : {
            metrics: {
              prometheus: {
                bindAddress: prometheusAddress,
                histogramBucketOverrides: { [REPLY_LATENCY]: REPLY_BOUNDARIES_MS },
              },
            },
          }),
    },
  };
  try {
    Runtime.install(options);
  } catch (error) {
    if (prometheusAddress === undefined) throw error;
    throw new MetricsNotServed(prometheusAddress, error);
  }
};

/**
 * Counts the calls of HubSpot's API on the page of a process with an installed runtime, by `portal` and HTTP `status`
 * (or `none`).
 */
export const hubspotCalls = (): MetricCounter =>
  Runtime.instance().metricMeter.createCounter(
    'threadkeeper_hubspot_calls_total',
    'call',
    "Calls of HubSpot's API, by portal and HTTP status",
  );

const gauge = (name: string, description: string): MetricGauge =>
  Runtime.instance().metricMeter.createGauge(name, 'int', '', description);

/** 1 while an operator has stopped the AI, else 0; by `scope`: `all`, or a portal's id. On the same page. */
export const stopsInForce = (): MetricGauge =>
  gauge('threadkeeper_stopped', '1 while an operator has stopped the AI, by scope: all, or a portal');

/** Customers whom the AI handed to agents, and to whom no agent has written, by `portal`. On the same page. */
export const customersWaiting = (): MetricGauge =>
  gauge('threadkeeper_customers_waiting', 'Customers who wait for an agent since the AI handed them over, by portal');

/** Conversations that began within seven days, by `portal` and `outcome`. On the same page. */
export const conversationsCounted = (): MetricGauge =>
  gauge('threadkeeper_conversations', 'Conversations that began in the last 7 days, by portal and outcome');

/**
 * Counts the tries to renew the access tokens of portals that installed the app, on the same page, by `portal` and
 * `result`.
 */
export const tokenRefreshes = (): MetricCounter =>
  Runtime.instance().metricMeter.createCounter(
    'threadkeeper_token_refreshes_total',
    'call',
    'Tries to renew access tokens, by portal and result: renewed, refused, failed (a person has to act) or away',
  );
