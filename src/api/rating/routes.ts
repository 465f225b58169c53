import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import type { Logger } from 'pino';
import { portalIdSchema, threadIdSchema } from '../../hubspot/id-schemas.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import { isScore, SCORES } from '../../rules/rating/rating-settings.ts';
import type { Rate, RatedClosing } from '../../temporal/ratings.ts';
import { type Html, html } from '../pages/html.ts';
import { sendPage } from '../pages/page.ts';
import { createTokenBuckets } from '../token-buckets.ts';
import { type PageWords, pageWords } from './words.ts';

export interface RatingDependencies {
  rate: Rate;
  /** Says whether the customers of a portal are asked for ratings. */
  asks: (portalId: PortalId) => Promise<boolean>;
  logger: Logger;
}

/** Where customers rate; what they were sent leads to one closing, by a token. */
export const RATING_PATH = '/rate/:portalId/:closing/:token';

/**
 * So many tries for one closing at once, then one in ten seconds; and of all that come to nothing, from whomever. What
 * is taken gives its try back: strangers use up their own. So many are under way at once.
 */
const FOR_ONE = { burst: 5, refillMs: 10_000 };
const FROM_ALL = { burst: 100, refillMs: 100, keys: 1 };
const MOST_AT_ONCE = 20;

const CLOSING = /^(\d{1,20})-([\w-]{1,64})$/;
const TOKEN = /^[\w-]{8,64}$/;

/** The closing and the token of an address; `null`: it is none that was ever sent. */
const linkIn = ({ params }: Request): (RatedClosing & { token: string }) | null => {
  const [, thread, eventId] = CLOSING.exec(String(params.closing)) ?? [];
  const portalId = portalIdSchema.safeParse(params.portalId);
  const threadId = threadIdSchema.safeParse(thread);
  const token = String(params.token);
  if (!portalId.success || !threadId.success || eventId === undefined || !TOKEN.test(token)) return null;
  return { portalId: portalId.data, threadId: threadId.data, eventId, token };
};

const languageIn = (request: Request): string | null =>
  new URL(request.originalUrl, 'http://localhost').searchParams.get('lang');

const scoreForm = ({ scale }: PageWords): Html => html`<p id="scale">${scale}</p>
<form method="post" aria-describedby="scale">
${SCORES.map((score) => html`<button name="score" value="${score}">${score}</button>\n`)}</form>`;

/**
 * The page on which a customer rates. `GET` shows it, and changes nothing: mail scanners follow links. `POST` takes the
 * score. Whoever has no link of ours sees what one sees whose link is too old.
 */
export const ratingRoutes = ({ rate, asks, logger }: RatingDependencies): Router => {
  const [forOne, fromAll] = [createTokenBuckets(FOR_ONE), createTokenBuckets(FROM_ALL)];
  let underWay = 0;

  const send = (
    request: Request,
    response: Response,
    status: number,
    of: (words: PageWords) => { title: string; paragraphs: string[]; form?: Html },
  ): void => {
    const { language, words } = pageWords(languageIn(request));
    sendPage(response, { status, forCustomers: language, ...of(words) });
  };
  const sendOver = (request: Request, response: Response): void =>
    send(request, response, 404, ({ over, overWhy }) => ({ title: over, paragraphs: [overWhy] }));
  const sendLater = (request: Request, response: Response, status: number, waitMs: number): void => {
    response.set('Retry-After', `${Math.ceil(waitMs / 1000)}`);
    send(request, response, status, ({ later, laterWhy }) => ({ title: later, paragraphs: [laterWhy] }));
  };
  const sendForm = (request: Request, response: Response, status: number): void =>
    send(request, response, status, (words) => ({ title: words.question, paragraphs: [], form: scoreForm(words) }));

  const show: RequestHandler = (request, response) => {
    if (linkIn(request) === null) return sendOver(request, response);
    sendForm(request, response, 200);
  };

  const take: RequestHandler = async (request, response) => {
    const link = linkIn(request);
    const score = Number((request.body as { score?: unknown } | undefined)?.score);
    if (link === null || !(await asks(link.portalId))) return sendOver(request, response);
    if (!isScore(score)) return sendForm(request, response, 400);
    const { token, ...closing } = link;
    const key = `${closing.portalId}/${closing.threadId}-${closing.eventId}`;
    const waitMs = forOne.take(key) || fromAll.take('all');
    if (waitMs > 0) return sendLater(request, response, 429, waitMs);
    if (underWay >= MOST_AT_ONCE) return sendLater(request, response, 503, FOR_ONE.refillMs);
    underWay += 1;
    try {
      const became = await rate(closing, { token, score });
      if (became === 'over') return sendOver(request, response);
      fromAll.giveBack('all');
      send(request, response, 200, ({ thanks, rated }) => ({ title: thanks, paragraphs: [rated] }));
    } catch (err) {
      logger.warn({ err, ...closing }, 'A rating could not be taken: Temporal or its workers do not answer');
      fromAll.giveBack('all');
      sendLater(request, response, 503, FOR_ONE.refillMs);
    } finally {
      underWay -= 1;
    }
  };

  const answerBadBodies: ErrorRequestHandler = (error: { status?: unknown }, request, response, next) => {
    const { status } = error;
    if (typeof status !== 'number' || status < 400 || status > 499) return next(error);
    sendForm(request, response, status);
  };

  const form = express.urlencoded({ extended: false, limit: '1kb', inflate: false });
  const router = Router({ strict: true, caseSensitive: true });
  router.get(RATING_PATH, show);
  router.post(RATING_PATH, form, take, answerBadBodies);
  return router;
};
