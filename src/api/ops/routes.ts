import { randomBytes } from 'node:crypto';
import express, { type CookieOptions, type Request, type RequestHandler, type Response, Router } from 'express';
import type { Logger } from 'pino';
import { portalIdSchema } from '../../hubspot/id-schemas.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import { INSTALL_PATH } from '../../installations/paths.ts';
import type { InstallationStore } from '../../installations/store.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { StopScope } from '../../sessions/stops.ts';
import type { RunOverview } from '../../temporal/run-overview.ts';
import { cookieOf } from '../pages/cookies.ts';
import { type Html, sendHtml } from '../pages/html.ts';
import { STYLE } from '../pages/style.ts';
import { createTokenBuckets } from '../token-buckets.ts';
import { addDesk, byOf, type DeskParts } from './desk-routes.ts';
import { ICON } from './icon.ts';
import type { Overview } from './overview.ts';
import { loginPage, NOTICES, opsPage } from './page.ts';
import {
  ICON_PATH,
  INSTALLATION_PATH,
  LOGIN_PATH,
  LOGOUT_PATH,
  OPS_PATH,
  RETRY_PATH,
  STOP_PATH,
  STYLE_PATH,
} from './paths.ts';
import { DESK_STYLE } from './style.ts';
import type { TemporalLinks } from './temporal-links.ts';
import { BROWSER_MS, VISIT_MS, type Visits } from './visits.ts';

export interface OpsDependencies {
  visits: Visits;
  overview: () => Promise<Overview>;
  repeat: RunOverview['repeat'];
  /** Confirms or refuses an installation that waits; absent where portals can't install the app. */
  settle?(portalId: PortalId, askedAt: number, as: 'confirmed' | 'refused'): ReturnType<InstallationStore['settle']>;
  /**
   * Stops the AI, or ends a stop (`by` is `null`). False: it was so before. Absent where this process has no database.
   */
  stop?: (scope: StopScope, by: string | null) => Promise<boolean>;
  /** The pages beside the first one; absent: there is only that. */
  desk?: DeskParts;
  links: TemporalLinks;
  logger: Logger;
  /** Milliseconds since the epoch. */
  clock: () => number;
  /** The world reaches the API by https, whatever a proxy says of it. */
  overHttps?: boolean;
  /** The installation pages' own check of who has signed in; absent where there are none. */
  installCookiePath?: string;
}

const COOKIE = 'threadkeeper_ops';
const BROWSER_COOKIE = 'threadkeeper_ops_browser';
const ALLOWED = "style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; ";

/**
 * Wrong tokens: so many at once from one address, then one in ten seconds; and of all strangers together. A browser
 * that has signed in before has tries of its own, which nobody else can use up.
 */
const FROM_ONE = { burst: 10, refillMs: 10_000 };
const FROM_ALL = { burst: 100, refillMs: 1_000, keys: 1 };

/** Says whether a request with this `Cookie` header comes from somebody who has signed in to the desk. */
export const isOperator = async (visits: Visits, cookieHeader: string | undefined): Promise<boolean> =>
  await visits.isOpen(cookieOf(cookieHeader, COOKIE));

const send = (response: Response, status: number, page: Html): void =>
  // With no referrer at all, browsers would name no origin in what a form sends.
  sendHtml(response, page, { status, allowed: ALLOWED, referrer: 'same-origin' });

const visitIn = (request: Request): string | undefined => cookieOf(request.headers.cookie, COOKIE);

const field = (request: Request, name: string): string => {
  const value: unknown = request.body?.[name];
  return typeof value === 'string' ? value : '';
};

/** Browsers say where a request comes from; what no browser sent is judged by its form's key alone. */
const isFromElsewhere = (request: Request): boolean =>
  !['same-origin', 'none', undefined].includes(request.get('sec-fetch-site'));

/** Where somebody wanted to go before they were asked for the token: a page of ours, and no other. */
const nextIn = (request: Request): string => {
  const wanted = field(request, 'next');
  return wanted === OPS_PATH || new RegExp(`^${OPS_PATH}[/?][\\w/?&=.%+:~-]{0,1000}$`).test(wanted) ? wanted : OPS_PATH;
};

const noticeIn = (request: Request): string | null => {
  const said = new URL(request.originalUrl, 'http://localhost').searchParams.get('notice') ?? '';
  return Object.hasOwn(NOTICES, said) ? NOTICES[said as keyof typeof NOTICES] : null;
};

/**
 * The desk for whoever knows the token: `GET /ops` shows, `POST /ops/retry` runs a run again that gave up,
 * and the pages of the desk beside it. A visit is a signed cookie that scripts and other sites don't get; what changes
 * something carries a key of the visit as well.
 */
export const opsRoutes = (options: OpsDependencies): Router => {
  const {
    visits,
    overview,
    repeat,
    settle,
    stop,
    desk,
    links,
    logger,
    clock,
    overHttps = false,
    installCookiePath,
  } = options;
  const [fromOne, fromAll] = [createTokenBuckets(FROM_ONE), createTokenBuckets(FROM_ALL)];

  // The public URL says how the world comes here; a proxy's Host may be this machine all the same. Without https
  // browsers send a cookie to this machine only: a token on the network in clear text is everyone's.
  const cookieFor = (request: Request, path = OPS_PATH): CookieOptions => ({
    httpOnly: true,
    sameSite: 'strict',
    secure: overHttps || !isLoopback(request.hostname) || request.get('x-forwarded-proto') === 'https',
    path,
  });
  const visitPaths = [OPS_PATH, ...(installCookiePath === undefined ? [] : [installCookiePath])];

  /** Of a visit that has been checked. */
  const around = (request: Request) => {
    const visit = visitIn(request) ?? '';
    return { formKey: visits.formKey(visit), name: visits.nameOf(visit), now: new Date(clock()) };
  };

  const show: RequestHandler = async (request, response) => {
    const page = opsPage(await overview(), {
      ...around(request),
      once: randomBytes(12).toString('base64url'),
      links,
      notice: noticeIn(request),
      installPath: INSTALL_PATH,
    });
    send(response, 200, page);
  };

  const signedIn: RequestHandler = async (request, response, next) => {
    const visit = visitIn(request);
    if (visits.isGood(visit) && (await visits.isOpen(visit))) return next();
    if (request.method === 'GET') return send(response, 200, loginPage({ next: request.originalUrl }));
    response.redirect(303, OPS_PATH);
  };

  const logIn: RequestHandler = (request, response) => {
    const browser = cookieOf(request.headers.cookie, BROWSER_COOKIE);
    const isKnown = visits.knowsBrowser(browser);
    const who = isKnown ? `browser ${browser}` : `address ${request.ip}`;
    const waitMs = fromOne.take(who) || (isKnown ? 0 : fromAll.take('strangers'));
    if (waitMs > 0) {
      const waitSeconds = Math.ceil(waitMs / 1000);
      response.set('Retry-After', `${waitSeconds}`);
      const problem = `Too many wrong tokens came. Try again in ${waitSeconds} seconds.`;
      return send(response, 429, loginPage({ problem, next: nextIn(request) }));
    }
    if (!visits.isToken(field(request, 'token'))) {
      logger.warn('Somebody gave a wrong token for the desk');
      return send(response, 401, loginPage({ problem: 'That is not the token.', next: nextIn(request) }));
    }
    fromOne.giveBack(who);
    if (!isKnown) fromAll.giveBack('strangers');
    logger.info('Somebody signed in to the desk');
    const visit = visits.begin(field(request, 'name'));
    for (const path of visitPaths) response.cookie(COOKIE, visit, { ...cookieFor(request, path), maxAge: VISIT_MS });
    response
      .cookie(BROWSER_COOKIE, isKnown ? browser : visits.nameBrowser(), {
        ...cookieFor(request, LOGIN_PATH),
        maxAge: BROWSER_MS,
      })
      .redirect(303, nextIn(request));
  };

  /** Only what the visit's own page sent; else the page, which asks for the token where there is no visit. */
  const fromOurPage: RequestHandler = async (request, response, next) => {
    const visit = visitIn(request);
    const isOurs = visits.isGood(visit) && visits.isFormKey(visit, field(request, 'key'));
    if (isOurs && !isFromElsewhere(request) && (await visits.isOpen(visit))) return next();
    response.redirect(303, OPS_PATH);
  };

  const logOut: RequestHandler = async (request, response) => {
    await visits.end(visitIn(request) ?? '').catch((error: unknown) => {
      logger.error({ err: error }, 'A visit of the desk has ended in this process alone');
    });
    for (const path of visitPaths) response.clearCookie(COOKIE, cookieFor(request, path));
    response.redirect(303, OPS_PATH);
  };

  const answerInstallation: RequestHandler = async (request, response) => {
    const portalId = portalIdSchema.safeParse(field(request, 'portalId'));
    const as = field(request, 'answer') === 'confirm' ? 'confirmed' : 'refused';
    const became = async () => {
      if (!settle || !portalId.success) return 'installation-gone';
      const settled = await settle(portalId.data, Number(field(request, 'askedAt')), as);
      if (settled === null) return 'installation-gone';
      const { aiActorId, scopes, before } = settled;
      logger.warn({ portalId: portalId.data, aiActorId, scopes, before }, `A changed installation was ${as}`);
      return `installation-${as}`;
    };
    const notice = await became().catch((error: unknown) => {
      logger.error({ err: error }, 'An installation could not be answered from the desk');
      return 'installation-failed';
    });
    response.redirect(303, `${OPS_PATH}?notice=${notice}`);
  };

  const changeStop: RequestHandler = async (request, response) => {
    const [scope, action] = [field(request, 'scope'), field(request, 'do')];
    const portalId = portalIdSchema.safeParse(scope);
    const where: StopScope | null = scope === 'all' ? scope : portalId.success ? portalId.data : null;
    const became = async () => {
      if (!stop || where === null || (action !== 'stop' && action !== 'end')) return 'stop-failed';
      const changed = await stop(where, action === 'stop' ? byOf(around(request).name) : null);
      if (changed) logger.warn({ scope: where }, `The AI's stop was ${action === 'stop' ? 'begun' : 'ended'} on /ops`);
      if (action === 'stop') return changed ? 'stop-begun' : 'stop-held';
      return changed ? 'stop-ended' : 'stop-gone';
    };
    const notice = await became().catch((error: unknown) => {
      logger.error({ err: error }, 'The AI could not be stopped, or let go, from the desk');
      return 'stop-failed';
    });
    response.redirect(303, `${OPS_PATH}?notice=${notice}`);
  };

  const retry: RequestHandler = async (request, response) => {
    const [workflowId, runId] = [field(request, 'workflowId'), field(request, 'runId')];
    const became = await repeat(workflowId, runId).catch((error: unknown) => {
      logger.error({ err: error }, 'A run could not be retried from the desk');
      return 'failed' as const;
    });
    if (became === 'repeated') logger.info({ workflowId, runId }, 'A run is retried from the desk');
    response.redirect(303, `${OPS_PATH}?notice=${became}`);
  };

  const form = express.urlencoded({ extended: false, limit: '8kb', inflate: false });
  const router = Router({ strict: true, caseSensitive: true });
  router.get(OPS_PATH, signedIn, show);
  router.get(STYLE_PATH, (_request, response) => {
    response
      .set({ 'Cache-Control': 'max-age=300', 'X-Content-Type-Options': 'nosniff' })
      .type('css')
      .send(STYLE + DESK_STYLE);
  });
  router.get(ICON_PATH, (_request, response) => {
    response.set({ 'Cache-Control': 'max-age=300', 'X-Content-Type-Options': 'nosniff' }).type('svg').send(ICON);
  });
  router.post(LOGIN_PATH, form, logIn);
  router.post(LOGOUT_PATH, form, fromOurPage, logOut);
  router.post(RETRY_PATH, form, fromOurPage, retry);
  router.post(STOP_PATH, form, fromOurPage, changeStop);
  router.post(INSTALLATION_PATH, form, fromOurPage, answerInstallation);
  if (desk) addDesk(router, desk, { links, logger, signedIn, fromOurPage, around, send });
  return router;
};
