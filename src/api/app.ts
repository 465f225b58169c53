import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { withDeadline } from '../lib/deadline.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { ACTIONS } from '../runs/follow-action.ts';
import type { RunStarter } from '../temporal/run-starter.ts';
import { ACTIONS_PATH, actionHandler, actionUrl } from './actions/actions.ts';
import { createLogBound, type LogBound } from './log-bound.ts';
import { type ApiMetrics, createApiMetrics } from './metrics.ts';
import { answerUnread, BODY_DEADLINE_MS, hasUnreadBody } from './webhook/body.ts';
import { createBodies, createPlaces, IN_FLIGHT_BOUNDS, type InFlightBounds } from './webhook/in-flight.ts';
import type { FindOwn } from './webhook/own-changes.ts';
import { REFUSALS, Refused } from './webhook/refusals.ts';
import { type WebhookSettings, webhookHandler } from './webhook/webhook.ts';

/** The endpoint's path; `WEBHOOK_PUBLIC_URL` is what the world calls it by. */
export const WEBHOOK_PATH = '/webhooks/hubspot';

/** All starts of a delivery get so long, in ms. HubSpot gives up after 5 s; the client alone would block for 20. */
export const START_DEADLINE_MS = 4000;

const READINESS_DEADLINE_MS = 2000;

/**
 * The log has so many lines of each code. Anyone can be refused as often as he likes, and must not fill a disk by it;
 * the metrics count each.
 */
const REFUSALS_LOGGED_PER_MINUTE = 20;

export interface AppDependencies {
  settings: Omit<WebhookSettings, 'startDeadlineMs'>;
  starter: RunStarter;
  /** Resolves when runs can be started now. May hang: it gets a deadline. */
  readiness: () => Promise<unknown>;
  /** The API's metrics are registered here, and all of the registry is served. */
  registry: Registry;
  logger: Logger;
  /** Portals that installed the app, beside those of the settings. */
  installed?: () => Promise<readonly PortalSettings[]>;
  /** Finds the starts that nobody needs; absent: there are none. */
  findOwn?: FindOwn;
  /** Before anything else is done about a delivery. */
  traced?: RequestHandler;
  /** Where portals install the app. */
  oauth?: Router;
  /** The desk. */
  ops?: Router;
  /** Metrics and the desk are served elsewhere, by {@link createOpsApp}. */
  opsApart?: boolean;
  /** Those of the registry, where they were made already. */
  metrics?: ApiMetrics;
  /** Where customers rate. */
  rating?: Router;
  /** Milliseconds since the epoch. */
  clock?: () => number;
  startDeadlineMs?: number;
  readinessDeadlineMs?: number;
  inFlightBounds?: InFlightBounds;
  bodyDeadlineMs?: number;
  /** The log has at most so many refusals of one code in a minute. */
  refusalsLoggedPerMinute?: number;
}

const timed =
  ({ ack }: ApiMetrics): RequestHandler =>
  (_request, response, next) => {
    const end = ack.startTimer();
    const stop = (): void => {
      response.off('answered', stop).off('close', stop);
      end({ status: response.headersSent ? response.statusCode : 'none' });
    };
    response.on('answered', stop).on('close', stop);
    next();
  };

const onlyMethods =
  (...methods: string[]): RequestHandler =>
  () => {
    throw new Refused('method-not-allowed', { headers: { Allow: methods.join(', ') } });
  };

/** A year. Browsers heed it where they came by https, and not on this machine. */
const HSTS = 'max-age=31536000';

/** Whoever came by https once comes by nothing else. */
const onlyHttps: RequestHandler = (_request, response, next) => {
  response.set('Strict-Transport-Security', HSTS);
  next();
};

const answerRefusals =
  ({ refusals }: ApiMetrics, logger: Logger, mayLog: LogBound): ErrorRequestHandler =>
  async (error, request, response, next) => {
    // Too late for an answer of ours: Express closes the connection. It has been answered, or was begun well.
    if (response.headersSent) return next(error);
    const refused = error instanceof Refused ? error : new Refused('internal', { cause: error });
    const { status } = REFUSALS[refused.code];
    refusals.inc({ reason: refused.code });
    if (mayLog(refused.code)) {
      const report = { code: refused.code, method: request.method, err: refused.cause };
      if (status >= 500) logger.error(report, refused.message);
      else logger.warn(report, refused.message);
    }
    response.status(status).set(refused.headers);
    const answer = { error: refused.code, message: refused.message };
    if (hasUnreadBody(request)) await answerUnread(request, response, answer);
    else response.json(answer);
  };

/** An app that knows no more than its routes: Express' own habits are off. */
const plainApp = (): Express => {
  const app = express();
  for (const feature of ['x-powered-by', 'etag', 'query parser']) app.disable(feature);
  for (const feature of ['strict routing', 'case sensitive routing']) app.enable(feature);
  return app;
};

const serveMetrics = (app: Express, registry: Registry): void => {
  app.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  app.all('/metrics', onlyMethods('GET', 'HEAD'));
};

const refuseTheRest = (app: Express, metrics: ApiMetrics, logger: Logger, loggedPerMinute: number): void => {
  app.use(() => {
    throw new Refused('not-found');
  });
  const mayLog = createLogBound(loggedPerMinute, (code, count) =>
    logger.warn(
      { code, count },
      'As many more requests were refused within the last minute, and not logged one by one',
    ),
  );
  app.use(answerRefusals(metrics, logger, mayLog));
};

/** What is for operators alone, on a port of its own (`OPS_PORT`): `GET /metrics`, and the desk. */
export const createOpsApp = ({
  registry,
  metrics = createApiMetrics(registry),
  logger,
  ops,
}: Pick<AppDependencies, 'registry' | 'metrics' | 'logger' | 'ops'>): Express => {
  const app = plainApp();
  serveMetrics(app, registry);
  if (ops) app.use(ops);
  refuseTheRest(app, metrics, logger, REFUSALS_LOGGED_PER_MINUTE);
  return app;
};

/**
 * The HTTP side of Threadkeeper: `POST /webhooks/hubspot`, `POST /hubspot/actions/…`, `GET /healthz`, `GET /readyz`,
 * `GET /metrics`. Turns signed HubSpot events and actions into workflow starts, and holds no other business rule. Every
 * refusal is `{"error": <code of REFUSALS>, "message": <one line that says what to do>}`.
 */
export const createApp = ({ settings, starter, readiness, registry, logger, ...options }: AppDependencies): Express => {
  const {
    installed = async () => [],
    findOwn = async () => new Map(),
    traced = (_request, _response, next) => next(),
    oauth,
    ops,
    opsApart = false,
    metrics = createApiMetrics(registry),
    rating,
    clock = Date.now,
    startDeadlineMs = START_DEADLINE_MS,
    readinessDeadlineMs = READINESS_DEADLINE_MS,
    inFlightBounds = IN_FLIGHT_BOUNDS,
    bodyDeadlineMs = BODY_DEADLINE_MS,
    refusalsLoggedPerMinute = REFUSALS_LOGGED_PER_MINUTE,
  } = options;
  const app = plainApp();
  if (settings.publicUrl.startsWith('https:')) app.use(onlyHttps);

  const bounds = {
    holdBody: createBodies(inFlightBounds, metrics.bodyBytes),
    takePlace: createPlaces(inFlightBounds, metrics.inFlight),
    bodyDeadlineMs,
  };
  const common = { settings: { ...settings, startDeadlineMs }, installed, starter, metrics, logger };
  app.post(WEBHOOK_PATH, traced, timed(metrics), webhookHandler({ ...common, ...bounds, findOwn, clock }));
  app.all(WEBHOOK_PATH, onlyMethods('POST'));

  for (const action of ACTIONS) {
    const { secrets, allowSignatureV1: allowV2 } = settings;
    const url = actionUrl(settings.publicUrl, WEBHOOK_PATH, action);
    const rules = () => ({ secrets, publicUrl: url, allowV1: false, allowV2, now: clock() });
    const path = `${ACTIONS_PATH}/${action}`;
    app.post(path, timed(metrics), actionHandler({ ...common, action, signed: { ...bounds, rules } }));
    app.all(path, onlyMethods('POST'));
  }

  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    await withDeadline(readiness(), readinessDeadlineMs).catch((cause) => {
      throw new Refused('not-ready', { cause });
    });
    response.json({ status: 'ready' });
  });
  app.all(['/healthz', '/readyz'], onlyMethods('GET', 'HEAD'));
  if (!opsApart) serveMetrics(app, registry);

  if (oauth) app.use(oauth);
  if (ops && !opsApart) app.use(ops);
  if (rating) app.use(rating);
  refuseTheRest(app, metrics, logger, refusalsLoggedPerMinute);
  return app;
};
