import { z } from 'zod';
import { withDeadline } from '../lib/deadline.ts';
import { type ApiVersion, tokenPath } from './api-version.ts';
import { HubSpotUnavailable } from './errors.ts';
import { portalIdSchema } from './id-schemas.ts';
import type { PortalId } from './ids.ts';
import { redactValues } from './redact-values.ts';

/** An app at HubSpot that portals install. */
export interface OAuthApp {
  clientId: string;
  clientSecret: string;
  /** Letter by letter as it stands in the app. */
  redirectUrl: string;
}

/** What HubSpot gives for a code or a refresh token. */
export interface Grant {
  portalId: PortalId;
  accessToken: string;
  /** The next refresh needs this one: HubSpot may have replaced the last. */
  refreshToken: string;
  /** ms; half an hour at HubSpot. */
  expiresInMs: number;
}

/** HubSpot takes this code or refresh token not any more: it was used, revoked, or the app was uninstalled. */
export class GrantRefused extends Error {
  override readonly name = 'GrantRefused';
}

/** HubSpot's token endpoint for one app. Each call is one try. */
export interface OAuthClient {
  /** @throws {GrantRefused | HubSpotUnavailable} */
  exchange(code: string): Promise<Grant>;
  /** @throws {GrantRefused | HubSpotUnavailable} */
  refresh(refreshToken: string): Promise<Grant>;
}

const grantSchema = z
  .object({
    hub_id: portalIdSchema,
    access_token: z.string().min(1),
    refresh_token: z.string().min(1),
    expires_in: z.number().positive(),
  })
  .transform(
    ({ hub_id, access_token, refresh_token, expires_in }): Grant => ({
      portalId: hub_id,
      accessToken: access_token,
      refreshToken: refresh_token,
      expiresInMs: expires_in * 1000,
    }),
  );

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const HUBSPOT_API = 'https://api.hubapi.com';

/** Where people grant an app its scopes. A simulated HubSpot has that page beside its API. */
export const authorizeUrl = (
  apiUrl: string,
  { clientId, redirectUrl }: OAuthApp,
  { scopes, state }: { scopes: readonly string[]; state: string },
): string => {
  const base = apiUrl === HUBSPOT_API ? 'https://app.hubspot.com' : apiUrl;
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUrl,
    scope: scopes.join(' '),
    state,
  });
  return `${base}/oauth/authorize?${query}`;
};

/** `timeoutMs` bounds a call, answer included. (HubSpot: OAuth guide, token endpoint.) */
export const createOAuthClient = (options: {
  apiUrl: string;
  apiVersion: ApiVersion;
  app: OAuthApp;
  timeoutMs: number;
}): OAuthClient => {
  const { clientId, clientSecret, redirectUrl } = options.app;

  const ask = async (grant: Record<string, string>): Promise<Grant> => {
    const body = new URLSearchParams({
      ...grant,
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uri: redirectUrl,
    });
    let answer: { status: number; json: unknown };
    try {
      const asked = fetch(options.apiUrl + tokenPath(options.apiVersion), { method: 'POST', body, redirect: 'error' });
      answer = await withDeadline(
        asked.then(async (response) => ({ status: response.status, json: parseJson(await response.text()) })),
        options.timeoutMs,
      );
    } catch {
      // The error may quote the request, and that holds the secret.
      throw new HubSpotUnavailable("HubSpot's token endpoint can't be reached");
    }
    const granted = grantSchema.safeParse(answer.json);
    if (answer.status === 200 && granted.success) return granted.data;
    const { status, message } = (answer.json ?? {}) as { status?: unknown; message?: unknown };
    const reason = [status, message]
      .filter((part) => typeof part === 'string')
      .map((part) => redactValues(part))
      .join(': ');
    // 429 and 5xx say nothing of the grant.
    if (answer.status === 400 || answer.status === 401 || answer.status === 403) {
      throw new GrantRefused(`HubSpot answered ${answer.status}${reason ? `: ${reason}` : ''}`);
    }
    throw new HubSpotUnavailable(`HubSpot's token endpoint answered ${answer.status}`);
  };

  return {
    exchange: (code) => ask({ grant_type: 'authorization_code', code }),
    refresh: (refreshToken) => ask({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  };
};
