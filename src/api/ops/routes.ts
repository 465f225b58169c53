import express, { type CookieOptions, type Request, type RequestHandler, type Response, Router } from 'express';
import type { Logger } from 'pino';
import { INSTALL_PATH } from '../../installations/paths.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { RunOverview } from '../../temporal/run-overview.ts';
import { cookieOf } from '../cookies.ts';
import { type Html, sendHtml } from '../html.ts';
import { STYLE } from '../style.ts';
import type { Overview } from './overview.ts';
import { LOGIN_PATH, LOGOUT_PATH, loginPage, NOTICES, OPS_PATH, opsPage, RETRY_PATH, STYLE_PATH } from './page.ts';
import type { TemporalLinks } from './temporal-links.ts';
import { VISIT_MS, type Visits } from './visits.ts';

export interface OpsDependencies {
  visits: Visits;
  overview: () => Promise<Overview>;
  repeat: RunOverview['repeat'];
  links: TemporalLinks;
  logger: Logger;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

const COOKIE = 'threadkeeper_ops';
const ALLOWED = "style-src 'self'; form-action 'self'; base-uri 'none'; ";

const send = (response: Response, status: number, page: Html): void =>
  // With no referrer at all, browsers would name no origin in what a form sends.
  sendHtml(response, page, { status, allowed: ALLOWED, referrer: 'same-origin' });

// Browsers send it to this machine by http too, and to no other: a token on the network in clear text is everyone's.
const cookieFor = (request: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure: !isLoopback(request.hostname) || request.get('x-forwarded-proto') === 'https',
  path: OPS_PATH,
});

const visitIn = (request: Request): string | undefined => cookieOf(request.headers.cookie, COOKIE);

const field = (request: Request, name: string): string => {
  const value: unknown = request.body?.[name];
  return typeof value === 'string' ? value : '';
};

/** Browsers say where a request comes from; what no browser sent is judged by its form's key alone. */
const isFromElsewhere = (request: Request): boolean =>
  !['same-origin', 'none', undefined].includes(request.get('sec-fetch-site'));

const noticeIn = (request: Request): string | null => {
  const said = new URL(request.originalUrl, 'http://localhost').searchParams.get('notice') ?? '';
  return Object.hasOwn(NOTICES, said) ? NOTICES[said as keyof typeof NOTICES] : null;
};

/**
 * The operations page for whoever knows the token: `GET /ops` shows, `POST /ops/retry` runs a run again that gave up. A visit is
 * a signed cookie that scripts and other sites don't get; what changes something carries a key of the visit as well.
 */
export const opsRoutes = ({ visits, overview, repeat, links, logger, clock }: OpsDependencies): Router => {
  const show: RequestHandler = async (request, response) => {
    const visit = visitIn(request);
    if (!visits.isGood(visit)) return send(response, 200, loginPage({ wasWrong: false }));
    const page = opsPage(await overview(), {
      links,
      formKey: visits.formKey(visit),
      notice: noticeIn(request),
      installPath: INSTALL_PATH,
      now: new Date(clock()),
    });
    send(response, 200, page);
  };

  const logIn: RequestHandler = (request, response) => {
    if (!visits.isToken(field(request, 'token'))) {
      logger.warn('Somebody gave a wrong token for the operations page');
      return send(response, 401, loginPage({ wasWrong: true }));
    }
    response.cookie(COOKIE, visits.begin(), { ...cookieFor(request), maxAge: VISIT_MS }).redirect(303, OPS_PATH);
  };

  /** Only what the visit's own page sent; else the page, which asks for the token where there is no visit. */
  const fromOurPage: RequestHandler = (request, response, next) => {
    const visit = visitIn(request);
    const isOurs = visits.isGood(visit) && visits.isFormKey(visit, field(request, 'key'));
    if (isOurs && !isFromElsewhere(request)) return next();
    response.redirect(303, OPS_PATH);
  };

  const logOut: RequestHandler = (request, response) => {
    response.clearCookie(COOKIE, cookieFor(request)).redirect(303, OPS_PATH);
  };

  const retry: RequestHandler = async (request, response) => {
    const [workflowId, runId] = [field(request, 'workflowId'), field(request, 'runId')];
    const became = await repeat(workflowId, runId).catch((error: unknown) => {
      logger.error({ err: error }, 'A run could not be retried from the operations page');
      return 'failed' as const;
    });
    if (became === 'repeated') logger.info({ workflowId, runId }, 'A run is retried from the operations page');
    response.redirect(303, `${OPS_PATH}?notice=${became}`);
  };

  const form = express.urlencoded({ extended: false, limit: '8kb', inflate: false });
  const router = Router({ strict: true, caseSensitive: true });
  router.get(OPS_PATH, show);
  router.get(STYLE_PATH, (_request, response) => {
    response.set({ 'Cache-Control': 'max-age=300', 'X-Content-Type-Options': 'nosniff' }).type('css').send(STYLE);
  });
  router.post(LOGIN_PATH, form, logIn);
  router.post(LOGOUT_PATH, form, fromOurPage, logOut);
  router.post(RETRY_PATH, form, fromOurPage, retry);
  return router;
};
