import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { HubSpotUnauthorized, HubSpotUnavailable } from '../hubspot/errors.ts';
import { type ActorId, toActorId } from '../hubspot/ids.ts';
import { GrantRefused } from '../hubspot/oauth.ts';
import type { Connect } from '../installations/connect.ts';
import { NoSuchAiUser, StateRefused } from '../installations/errors.ts';
import { beginInstall, INSTALL_MS, readState } from '../installations/install-state.ts';
import { CALLBACK_PATH, INSTALL_PATH } from '../installations/paths.ts';
import type { Seal } from '../installations/seal.ts';
import type { Installation } from '../installations/store.ts';
import { cookieOf } from './cookies.ts';
import { type Html, html } from './html.ts';
import { sendPage } from './page.ts';

export interface OAuthDependencies {
  /** Where HubSpot asks for consent, with this `state`. */
  authorizeUrl: (state: string) => string;
  connect: Connect;
  /** Whether a state's nonce comes back for the first time. */
  useState: (nonce: string) => Promise<boolean>;
  list: () => Promise<readonly Installation[]>;
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

const reconnections = (installations: readonly Installation[]): string[] =>
  installations
    .filter(({ reconnect }) => reconnect !== null)
    .map(({ portalId }) => `Portal ${portalId} has to be connected again: until then the AI is silent there.`);

/** What went wrong, as people can mend it. `null`: nobody here knows. */
const explain = (error: unknown): { status: number; message: string } | null => {
  if (error instanceof StateRefused) {
    return { status: 403, message: `This installation was not begun here a moment ago: ${error.message}. ${AGAIN}` };
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

/**
 * How a portal installs the app: `GET /oauth/install` shows what is to be said and sends on to HubSpot, which comes back to
 * `GET /oauth/callback` with a code. Only the browser that began can end it, within ten minutes, once.
 */
export const oauthRoutes = (options: OAuthDependencies): Router => {
  const { authorizeUrl, connect, useState, list, seal, aiActorId, redirectUrl, logger, clock } = options;
  const secure = redirectUrl.startsWith('https:');
  const cookie = { httpOnly: true, sameSite: 'lax', secure, path: new URL('.', redirectUrl).pathname } as const;

  const install: RequestHandler = async (request, response) => {
    const wanted = queryOf(request.originalUrl).get('aiActorId');
    if (wanted === null || !/^(A-)?\d{1,19}$/.test(wanted)) {
      sendPage(response, {
        status: wanted === null ? 200 : 400,
        title: 'Connect a HubSpot portal',
        paragraphs: [
          ...reconnections(await list()),
          'The AI speaks as a user of the portal. Its user id is the number in the URL of the user, under Settings, Users & Teams.',
        ],
        form: formOf(aiActorId),
      });
      return;
    }
    const { state, nonce } = beginInstall(seal, toActorId(wanted), clock());
    response
      .set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
      .cookie(COOKIE, nonce, { ...cookie, maxAge: INSTALL_MS })
      .redirect(302, authorizeUrl(state));
  };

  const callback: RequestHandler = async (request, response) => {
    const query = queryOf(request.originalUrl);
    response.clearCookie(COOKIE, cookie);
    const begun = readState(seal, query.get('state') ?? '', cookieOf(request.headers.cookie, COOKIE), clock());
    if (!(await useState(begun.nonce))) throw new StateRefused('it has been used already');
    const code = query.get('code');
    if (code === null) {
      sendPage(response, {
        status: 400,
        title: 'Not connected',
        paragraphs: [`HubSpot sent no code: the installation was not granted. ${AGAIN}`],
      });
      return;
    }
    const portalId = await connect(code, begun.aiActorId);
    logger.info({ portalId }, 'Portal connected');
    sendPage(response, {
      status: 200,
      title: `Portal ${portalId} is connected`,
      paragraphs: [
        `The AI speaks there as ${begun.aiActorId}.`,
        'Next: give this user the conversations that it shall answer, in the routing of the inbox. Then write to it as a customer.',
        'Nothing has to be restarted. npm run doctor checks the connection.',
      ],
    });
  };

  const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
    const explained = explain(error);
    if (explained === null) return next(error);
    logger.warn({ err: error }, 'A portal was not connected');
    sendPage(response, { status: explained.status, title: 'Not connected', paragraphs: [explained.message] });
  };

  const router = Router({ strict: true, caseSensitive: true });
  router.get(INSTALL_PATH, install);
  router.get(CALLBACK_PATH, callback);
  router.use(answerErrors);
  return router;
};
