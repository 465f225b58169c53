import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { HubSpotUnauthorized, HubSpotUnavailable, TokenEndpointFailed } from '../hubspot/errors.ts';
import { type ActorId, toActorId } from '../hubspot/ids.ts';
import { GrantRefused } from '../hubspot/oauth.ts';
import type { Connect } from '../installations/connect.ts';
import { ChangeNotConfirmable, NoSuchAiUser, PortalNotAllowed, StateRefused } from '../installations/errors.ts';
import { beginInstall, INSTALL_MS, readState } from '../installations/install-state.ts';
import { CALLBACK_PATH, INSTALL_PATH } from '../installations/paths.ts';
import type { Seal } from '../installations/seal.ts';
import type { Installation } from '../installations/store.ts';
import { cookieOf } from './pages/cookies.ts';
import { type Html, html } from './pages/html.ts';
import { sendPage } from './pages/page.ts';
import { createTokenBuckets } from './token-buckets.ts';

export interface OAuthDependencies {
  /** Where HubSpot asks for consent, with this `state`. */
  authorizeUrl: (state: string) => string;
  connect: Connect;
  /** Says whether a state's nonce comes back for the first time. */
  useState: (nonce: string) => Promise<boolean>;
  /** Shown to those who have signed in to the desk, and to nobody else. */
  list: () => Promise<readonly Installation[]>;
  /**
   * Says whether a request with this `Cookie` header comes from somebody who has signed in there. Nobody has, unless
   * given.
   */
  isOperator?: (cookieHeader: string | undefined) => Promise<boolean>;
  seal: Seal;
  /** Stands in the form until another is written there. */
  aiActorId: ActorId | undefined;
  /** Where HubSpot sends people back to, as their browsers see it. */
  redirectUrl: string;
  logger: Logger;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

const COOKIE = 'threadkeeper_install';

const queryOf = (url: string): URLSearchParams => new URL(url, 'http://localhost').searchParams;

const AGAIN = `Begin again at ${INSTALL_PATH}.`;

/** Asks for the user that the AI speaks as in the portal; `aiActorId` stands there already. */
export const formOf = (aiActorId: ActorId | undefined): Html =>
  html`<form class="login">
<label for="aiActorId">User of the AI, A- and its user id</label>
<input id="aiActorId" name="aiActorId" required pattern="(A-)?[0-9]+" placeholder="A-12345" value="${aiActorId ?? ''}">
<button>Go on to HubSpot</button>
</form>`;

const stateOf = ({ portalId, aiActorId, reconnect, trouble }: Installation): string => {
  if (reconnect !== null) return `Portal ${portalId} has to be connected again: until then the AI is silent there.`;
  if (trouble !== undefined) return `Portal ${portalId} is connected, but its token can't be renewed: ${trouble}.`;
  return `Portal ${portalId} is connected. The AI speaks there as ${aiActorId}.`;
};

/**
 * A code costs a call of HubSpot's: so many at once from one address, and from all together, then one in ten seconds.
 */
const FROM_ONE = { burst: 10, refillMs: 10_000 };
const FROM_ALL = { burst: 30, refillMs: 10_000, keys: 2 };

/** Too many codes came: nothing was done with this one. */
class TooManyCodes extends Error {
  override readonly name = 'TooManyCodes';
  readonly waitSeconds: number;

  constructor(waitMs: number) {
    super('Too many installations are tried at once');
    this.waitSeconds = Math.ceil(waitMs / 1000);
  }
}

/** @throws {TooManyCodes} */
const limitCodes = (): ((address: string, trusted: boolean) => void) => {
  const [fromOne, fromAll] = [createTokenBuckets(FROM_ONE), createTokenBuckets(FROM_ALL)];
  return (address, trusted) => {
    // Strangers can't use up what those have who signed in.
    const who = trusted ? 'operator' : `address ${address}`;
    const waitMs = fromOne.take(who) || fromAll.take(trusted ? 'operators' : 'strangers');
    if (waitMs > 0) throw new TooManyCodes(waitMs);
  };
};

/** Says what went wrong, as people can mend it. `null`: nobody here knows. */
const explain = (error: unknown): { status: number; message: string } | null => {
  if (error instanceof StateRefused) {
    return { status: 403, message: `This installation was not begun here a moment ago: ${error.message}. ${AGAIN}` };
  }
  if (error instanceof PortalNotAllowed) {
    return {
      status: 403,
      message:
        `${error.message}. Nothing was stored. Who runs this Threadkeeper adds the portal to OAUTH_PORTALS, or ` +
        'signs in at /ops and connects it from there.',
    };
  }
  if (error instanceof ChangeNotConfirmable) {
    return {
      status: 403,
      message:
        `${error.message}. Nothing was changed. Somebody has to confirm it on the desk: who runs this ` +
        `Threadkeeper sets OPS_TOKEN. ${AGAIN}`,
    };
  }
  if (error instanceof TooManyCodes) {
    return { status: 429, message: `${error.message}. Load this page again in ${error.waitSeconds} seconds.` };
  }
  if (error instanceof NoSuchAiUser) {
    return { status: 422, message: `${error.message}, or HubSpot lets it not send. Nothing was stored. ${AGAIN}` };
  }
  if (error instanceof GrantRefused) {
    return { status: 400, message: `HubSpot doesn't take the code that it gave (${error.message}). ${AGAIN}` };
  }
  if (error instanceof HubSpotUnauthorized) {
    return {
      status: 403,
      message: `The app may not look up users in this portal (${error.message}). Check its scopes.`,
    };
  }
  if (error instanceof HubSpotUnavailable) {
    return { status: 502, message: `${error.message}. Nothing was stored. Try again in a while: ${INSTALL_PATH}.` };
  }
  return null;
};

/** Browsers say where a request comes from. What another site began is nobody's who has signed in here. */
const isFromElsewhere = (request: Request): boolean =>
  !['same-origin', 'none', undefined].includes(request.get('sec-fetch-site'));

/**
 * Lets a portal install the app: `GET /oauth/install` shows what is to be said and sends on to HubSpot, which comes
 * back to `GET /oauth/callback` with a code. Only the browser that began can end it, within ten minutes, once; what
 * comes back otherwise costs no call of HubSpot's, and the rest is limited.
 */
export const oauthRoutes = (options: OAuthDependencies): Router => {
  const { authorizeUrl, connect, useState, list, seal, aiActorId, redirectUrl, logger, clock } = options;
  const { isOperator = async () => false } = options;
  const secure = redirectUrl.startsWith('https:');
  const cookie = { httpOnly: true, sameSite: 'lax', secure, path: new URL('.', redirectUrl).pathname } as const;
  const limit = limitCodes();

  const install: RequestHandler = async (request, response) => {
    const wanted = queryOf(request.originalUrl).get('aiActorId');
    const trusted = !isFromElsewhere(request) && (await isOperator(request.headers.cookie));
    if (wanted === null || !/^(A-)?\d{1,19}$/.test(wanted)) {
      sendPage(response, {
        status: wanted === null ? 200 : 400,
        title: 'Connect a HubSpot portal',
        paragraphs: [
          ...(trusted ? (await list()).map(stateOf) : []),
          ...(trusted ? ['You have signed in: you may connect any portal, and what you change counts at once.'] : []),
          'The AI speaks as a user of the portal. Its user id is the number in the URL of the user, under ' +
            'Settings, Users & Teams.',
        ],
        form: formOf(aiActorId),
      });
      return;
    }
    const { state, nonce } = beginInstall(seal, toActorId(wanted), clock(), { trusted });
    response
      .set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
      .cookie(COOKIE, nonce, { ...cookie, maxAge: INSTALL_MS })
      .redirect(302, authorizeUrl(state));
  };

  const callback: RequestHandler = async (request, response) => {
    const query = queryOf(request.originalUrl);
    const begun = readState(seal, query.get('state') ?? '', cookieOf(request.headers.cookie, COOKIE), clock());
    const { aiActorId, trusted = false } = begun;
    const code = query.get('code');
    // Before the state is used up: after the wait it is still good.
    if (code !== null) limit(request.ip ?? '', trusted);
    response.clearCookie(COOKIE, cookie);
    if (!(await useState(begun.nonce))) throw new StateRefused('it has been used already');
    if (code === null) {
      sendPage(response, {
        status: 400,
        title: 'Not connected',
        paragraphs: [`HubSpot sent no code: the installation was not granted. ${AGAIN}`],
      });
      return;
    }
    const { portalId, state, changes } = await connect(code, { aiActorId, trusted });
    const report = { portalId, aiActorId, changes, signedIn: trusted };
    if (state === 'waiting') {
      logger.warn(report, 'An installation would change a portal: it waits to be confirmed on the desk');
      sendPage(response, {
        status: 202,
        title: `Portal ${portalId} waits to be confirmed`,
        paragraphs: [
          'It is connected already, and this installation changes it. Until somebody confirms that at /ops, ' +
            'within a day, all stays as it was.',
          ...changes.map((change) => `${change}.`),
        ],
      });
      return;
    }
    logger.info(report, 'Portal connected');
    sendPage(response, {
      status: 200,
      title: `Portal ${portalId} is connected`,
      paragraphs: [
        `The AI speaks there as ${aiActorId}.`,
        'Next: give this user the conversations that it should answer, in the routing of the inbox. Then write ' +
          'to it as a customer.',
        'Nothing has to be restarted. npm run doctor checks the connection.',
      ],
    });
  };

  const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
    const explained = explain(error);
    if (explained === null) return next(error);
    // Anybody can bring about the one, as often as they like; the other is ours to correct.
    const level = error instanceof StateRefused || error instanceof TooManyCodes ? 'debug' : 'warn';
    logger[error instanceof TokenEndpointFailed ? 'error' : level]({ err: error }, 'A portal was not connected');
    if (error instanceof TooManyCodes) response.set('Retry-After', `${error.waitSeconds}`);
    sendPage(response, { status: explained.status, title: 'Not connected', paragraphs: [explained.message] });
  };

  const router = Router({ strict: true, caseSensitive: true });
  router.get(INSTALL_PATH, install);
  router.get(CALLBACK_PATH, callback);
  router.use(answerErrors);
  return router;
};
