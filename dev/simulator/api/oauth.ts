import { randomBytes, randomUUID } from 'node:crypto';
import express, { type RequestHandler, Router } from 'express';
import { API_VERSIONS, tokenPath } from '../../../src/hubspot/api-version.ts';
import type { Behaviour } from '../options.ts';
import { HubSpotError } from './errors.ts';

/** What HubSpot knows of the app that a portal installs. */
export interface SimulatedApp {
  clientId: string;
  clientSecret: string;
  portalId: string;
}

/** A refusal of the token endpoint, which says more than other calls. */
const refusal = (error: string, status: string, message: string) => ({
  status: 400,
  body: { error, error_description: message, status, message, correlationId: randomUUID() },
});

const INVALID = [400, 'BAD_REQUEST'] as const;

/**
 * The consent page, which grants at once and sends back with a code; the token endpoint in each version; and which
 * tokens of theirs are good. A code is good once; a refresh token until the next has been given, where they rotate.
 */
export const createOAuth = ({ clientId, clientSecret, portalId }: SimulatedApp, behaviour: Behaviour) => {
  const codes = new Map<string, { redirectUri: string }>();
  const refreshTokens = new Set<string>();
  /** By access token: when it ends, ms since the epoch. */
  const accessTokens = new Map<string, number>();

  const grant = (keep?: string) => {
    const accessToken = `access-${randomBytes(16).toString('hex')}`;
    const refreshToken = keep ?? `refresh-${randomBytes(16).toString('hex')}`;
    accessTokens.set(accessToken, Date.now() + behaviour.tokenSeconds * 1000);
    refreshTokens.add(refreshToken);
    const body = {
      token_type: 'bearer',
      token_use: 'access_token',
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: behaviour.tokenSeconds,
      hub_id: Number(portalId),
      scopes: ['oauth'],
    };
    return { status: 200, body };
  };

  const answer = (form: Record<string, string | undefined>) => {
    if (form.client_id !== clientId || form.client_secret !== clientSecret) {
      return refusal('invalid_client', 'BAD_CLIENT_SECRET', 'missing or unknown client id or secret');
    }
    if (form.grant_type === 'authorization_code') {
      const code = codes.get(form.code ?? '');
      codes.delete(form.code ?? '');
      if (!code) return refusal('invalid_grant', 'BAD_AUTH_CODE', 'missing or unknown auth code');
      if (code.redirectUri !== form.redirect_uri) {
        return refusal('invalid_grant', 'MISMATCH_REDIRECT_URI_AUTH_CODE', 'redirect_uri does not match the auth code');
      }
      return grant();
    }
    if (form.grant_type === 'refresh_token') {
      const token = form.refresh_token ?? '';
      if (behaviour.badRefreshToken || !refreshTokens.has(token)) {
        return refusal('invalid_grant', 'BAD_REFRESH_TOKEN', 'missing or unknown refresh token');
      }
      if (!behaviour.rotateRefreshTokens) return grant(token);
      refreshTokens.delete(token);
      return grant();
    }
    return refusal(
      'unsupported_grant_type',
      'BAD_GRANT_TYPE',
      'grant_type must be one of: authorization_code, refresh_token',
    );
  };

  const authorize: RequestHandler = ({ query }, response) => {
    const { client_id, redirect_uri, state } = query;
    if (client_id !== clientId || typeof redirect_uri !== 'string' || !URL.canParse(redirect_uri)) {
      const [status, category] = INVALID;
      throw new HubSpotError(status, { message: 'missing or unknown client_id or redirect_uri', category });
    }
    const code = randomUUID();
    codes.set(code, { redirectUri: redirect_uri });
    const back = new URL(redirect_uri);
    back.searchParams.set('code', code);
    if (typeof state === 'string') back.searchParams.set('state', state);
    response.redirect(302, back.href);
  };

  const router = Router();
  router.get('/oauth/authorize', authorize);
  router.post(API_VERSIONS.map(tokenPath), express.urlencoded({ extended: false }), (request, response) => {
    const { status, body } = answer(request.body ?? {});
    response.status(status).json(body);
  });
  return {
    router,
    /** `null`: not one of these. */
    stateOf(accessToken: string): 'good' | 'expired' | null {
      const endsAt = accessTokens.get(accessToken);
      if (endsAt === undefined) return null;
      return endsAt > Date.now() ? 'good' : 'expired';
    },
    /** The portal uninstalls the app: no token of it is worth anything. */
    revoke(): void {
      accessTokens.clear();
      refreshTokens.clear();
    },
  };
};
