import { z } from 'zod';
import { withDeadline } from '../lib/deadline.ts';
import { type ApiVersion, tokenPath } from './api-version.ts';
import { HubSpotUnavailable, TokenEndpointFailed } from './errors.ts';
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

/** HubSpot gives this for a code or a refresh token. */
export interface Grant {
  portalId: PortalId;
  accessToken: string;
  /** The next refresh needs this one: HubSpot may have replaced the last. */
  refreshToken: string;
  /** ms; half an hour at HubSpot. */
  expiresInMs: number;
  /** The app may do this in the portal, where HubSpot says so. */
  scopes?: readonly string[];
}

/**
 * HubSpot itself says that it takes this code or refresh token no more: it was used, revoked, or the app was
 * uninstalled.
 */
export class GrantRefused extends Error {
  override readonly name = 'GrantRefused';
}

/** HubSpot's token endpoint for one app. Each call is one try. */
export interface OAuthClient {
  /** @throws {GrantRefused | TokenEndpointFailed | HubSpotUnavailable} */
  exchange(code: string): Promise<Grant>;
  /** @throws {GrantRefused | TokenEndpointFailed | HubSpotUnavailable} */
  refresh(refreshToken: string): Promise<Grant>;
}

const grantSchema = z
  .object({
    hub_id: portalIdSchema,
    access_token: z.string().min(1),
    refresh_token: z.string().min(1),
    expires_in: z.number().positive(),
    scopes: z.array(z.string()).optional().catch(undefined),
  })
  .transform(
    ({ hub_id, access_token, refresh_token, expires_in, scopes }): Grant => ({
      portalId: hub_id,
      accessToken: access_token,
      refreshToken: refresh_token,
      expiresInMs: expires_in * 1000,
      ...(scopes ? { scopes } : {}),
    }),
  );

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The token endpoint says this of a call that it refuses; each may be missing, or anything. */
interface Refusal {
  error?: unknown;
  status?: unknown;
  message?: unknown;
  category?: unknown;
}

const isObject = (json: unknown): json is Refusal => typeof json === 'object' && json !== null && !Array.isArray(json);

/** HubSpot's own code of a refusal, such as `BAD_REFRESH_TOKEN`; `null`: it names none. */
const codeOf = ({ status }: Refusal): string | null =>
  typeof status === 'string' && /^[A-Z]+(_[A-Z]+)+$/.test(status) ? status : null;

/** Codes that speak of what was presented, not of who presents it. (HubSpot: OAuth guide, token endpoint.) */
const REFUSED_GRANT = {
  refresh_token: /^(?!MISSING).*_REFRESH_TOKEN$/,
  authorization_code: /^(?!MISMATCH|MISSING).*_AUTH_CODE$/,
} as const;

/** Says whether it reads like HubSpot's own answer, rather than that of something in between. */
const isHubSpots = (json: unknown): json is Refusal =>
  isObject(json) && (codeOf(json) !== null || typeof json.error === 'string' || typeof json.category === 'string');

/** Statuses with which a grant is refused; 407 and others are not about it. */
const REFUSING = new Set([400, 401, 403]);

/**
 * Says whether HubSpot says that it takes this code or refresh token no more. Its code counts first: `error` may say
 * the same of other faults.
 */
const isRefusedGrant = (refusal: Refusal, kind: keyof typeof REFUSED_GRANT): boolean => {
  const code = codeOf(refusal);
  return code === null ? refusal.error === 'invalid_grant' : REFUSED_GRANT[kind].test(code);
};

const APP_SETTINGS = 'HUBSPOT_CLIENT_ID and the first of HUBSPOT_CLIENT_SECRET';

/** Gives what to do about a refusal that is not about the grant. */
const remedy = (refusal: Refusal): string => {
  const named = `${codeOf(refusal) ?? ''} ${typeof refusal.error === 'string' ? refusal.error : ''}`;
  if (/REDIRECT_URI/i.test(named))
    return "set HUBSPOT_REDIRECT_URL to a redirect URL of the app's Auth tab, letter by letter";
  if (/CLIENT/i.test(named)) return `compare ${APP_SETTINGS} with the app's Auth tab at HubSpot`;
  return `check HUBSPOT_API_URL, HUBSPOT_API_VERSION, ${APP_SETTINGS}`;
};

/** HubSpot's reason in one line, without anybody's values. */
const reasonIn = ({ error, status, message }: Refusal): string =>
  [typeof status === 'string' ? status : error, message]
    .filter((part) => typeof part === 'string' && part !== '')
    .map((part) => redactValues(part as string))
    .join(': ');

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

  const notHubSpots = (status: number): TokenEndpointFailed =>
    new TokenEndpointFailed(
      `HubSpot's token endpoint answered ${status} with what is not HubSpot's: let the firewall or proxy on ` +
        `the way out pass calls of ${options.apiUrl}, or check HUBSPOT_API_URL`,
    );

  const ask = async (grant: { grant_type: keyof typeof REFUSED_GRANT } & Record<string, string>): Promise<Grant> => {
    const body = new URLSearchParams({
      ...grant,
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uri: redirectUrl,
    });
    let answer: { status: number; json: unknown };
    try {
      const asked = fetch(options.apiUrl + tokenPath(options.apiVersion), { method: 'POST', body, redirect: 'manual' });
      answer = await withDeadline(
        asked.then(async (response) => ({ status: response.status, json: parseJson(await response.text()) })),
        options.timeoutMs,
      );
    } catch (error) {
      // The error itself stays here: it may quote the request, and that holds the secret.
      const { code, message } = (error as { cause?: { code?: unknown; message?: unknown } }).cause ?? {};
      // fetch gives no answer out that has the status 407, and no reason either.
      if (message === '' && code === undefined) throw notHubSpots(407);
      const why = typeof code === 'string' && /^[A-Z_]+$/.test(code) ? ` (${code})` : '';
      throw new HubSpotUnavailable(`HubSpot's token endpoint can't be reached${why}`);
    }
    const { status, json } = answer;
    const granted = grantSchema.safeParse(json);
    if (status === 200 && granted.success) return granted.data;
    // 429 and 5xx say nothing of the grant, and nothing of the app.
    if (status === 408 || status === 429 || status >= 500) {
      throw new HubSpotUnavailable(`HubSpot's token endpoint answered ${status}`);
    }
    if (status < 400 || !isHubSpots(json)) {
      throw notHubSpots(status);
    }
    const reason = reasonIn(json);
    const line = `HubSpot answered ${status}${reason ? `: ${reason}` : ''}`;
    if (REFUSING.has(status) && isRefusedGrant(json, grant.grant_type)) throw new GrantRefused(line);
    throw new TokenEndpointFailed(`HubSpot's token endpoint refuses the app (${line}): ${remedy(json)}`);
  };

  return {
    exchange: (code) => ask({ grant_type: 'authorization_code', code }),
    refresh: (refreshToken) => ask({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  };
};
