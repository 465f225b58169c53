import { Client } from '@hubspot/api-client';
import { atOnceSignal } from '../lib/at-once.ts';
import { DeadlinePassed, unlessAborted, withDeadline } from '../lib/deadline.ts';
import { retryAfterMs } from '../lib/retry-after.ts';
import { type AccessTokens, fixedToken } from './access-tokens.ts';
import { type ApiVersion, type DescribedPath, pathIn } from './api-version.ts';
import type { CallBudget } from './call-budget.ts';
import {
  DeliveryUnknown,
  HubSpotNotFound,
  HubSpotRateLimited,
  HubSpotRefused,
  HubSpotUnauthorized,
  HubSpotUnavailable,
  STILL_ON_ITS_WAY_MS,
} from './errors.ts';
import type { paths } from './openapi.ts';
import { redactValues } from './redact-values.ts';
import { existingIdIn, refusedProperties } from './refusals.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

type Operation<Path extends DescribedPath, M extends Method> =
  paths[Path] extends Record<M, infer Found> ? Found : never;

/** The JSON of an operation's success, by the OpenAPI description. */
export type Answer<Op> = Op extends { responses: { 200: { content: { 'application/json': infer Json } } } }
  ? Json
  : Op extends { responses: { 201: { content: { 'application/json': infer Json } } } }
    ? Json
    : undefined;

type Query<Op> = Op extends { parameters: { query?: infer Parameters } } ? Parameters : never;
type Body<Op> = Op extends { requestBody: { content: { 'application/json': infer Json } } } ? Json : never;

/** A call takes these beside method and path template. */
export interface CallOptions<Op> {
  /** Fills the template's `{names}`; encoded here. */
  path?: Record<string, string>;
  query?: Query<Op>;
  body?: Body<Op>;
  /** An answer without one of these is none, whatever its status: a gateway may answer in HubSpot's place. */
  needs?: readonly (keyof Answer<Op> & string)[];
}

/** HubSpot's API for one portal, typed by our OpenAPI description. */
export interface HubSpotHttp {
  /**
   * One HTTP call, no retry. `path` is as the description has it; it is called where the version has it. It may wait
   * for the portal's budget first. What must not wait is left to itself once its signal is aborted (`atOnce`).
   * @throws {HubSpotRateLimited | HubSpotUnavailable | HubSpotUnauthorized | HubSpotNotFound | HubSpotRefused} nothing
   * took effect
   * @throws {DeliveryUnknown} only of a POST
   */
  call<Path extends DescribedPath, M extends Method>(
    method: M,
    path: Path,
    options?: CallOptions<Operation<Path, M>>,
  ): Promise<Answer<Operation<Path, M>>>;
}

/** Where a portal's API is, and how it is called. */
export interface HubSpotHttpOptions {
  apiUrl: string;
  apiVersion: ApiVersion;
  accessToken: string | AccessTokens;
  /** Bound of a single call, in ms. */
  timeoutMs: number;
  /** It keeps the portal's calls to HubSpot's limit; absent: nothing does. */
  budget?: CallBudget | undefined;
  /** It gets the HTTP status of every call; `none`: there was no answer. */
  onAnswer?: (status: number | 'none') => void;
  /** Around every call, answer included; gets the method and the path's template, never what fills it. */
  around?: <T>(method: string, template: string, call: () => Promise<T>) => Promise<T>;
}

interface ErrorBody {
  message?: unknown;
  category?: unknown;
  correlationId?: unknown;
  policyName?: unknown;
  errors?: {
    message?: unknown;
    subCategory?: unknown;
    context?: { requiredGranularScopes?: unknown; propertyName?: unknown };
  }[];
}

/** Errors before a connection stood: the request never left. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

// fetch says "fetch failed" and why in the cause.
const networkCode = (error: unknown): string => {
  const code = (error as { cause?: { code?: unknown } } | undefined)?.cause?.code;
  return typeof code === 'string' ? code : 'network error';
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const holds = (json: unknown, name: string): boolean => {
  const value = (json as Record<string, unknown>)[name];
  return name === 'results' ? Array.isArray(value) : value !== undefined && value !== null && value !== '';
};

/**
 * One line for people: HubSpot's status, category and reasons, never values. "Multiple errors validating request."
 * hides the cause in `errors[]`.
 */
const explain = (status: number, body: ErrorBody): string => {
  const reasons = Array.isArray(body.errors)
    ? body.errors.map(({ message, subCategory }) => String(subCategory ?? redactValues(String(message ?? ''))))
    : [];
  const parts = [body.category, typeof body.message === 'string' ? redactValues(body.message) : undefined, ...reasons]
    .filter((part) => part !== undefined && part !== '')
    .map(String);
  const correlation = typeof body.correlationId === 'string' ? ` (correlationId ${body.correlationId})` : '';
  return `HubSpot answered ${status}${parts.length > 0 ? `: ${parts.join('; ')}` : ''}${correlation}`;
};

/** The scopes of a MISSING_SCOPES error (HubSpot: error-handling guide). */
const requiredScopes = ({ errors }: ErrorBody): string[] =>
  (Array.isArray(errors) ? errors : []).flatMap((detail) => {
    const scopes = detail?.context?.requiredGranularScopes;
    return Array.isArray(scopes) ? scopes.map(String) : [];
  });

/**
 * The portal's API behind `@hubspot/api-client`'s `apiRequest`, which resolves on every status, never retries and knows
 * no deadline: here are the deadline and the errors; retries are Temporal's.
 *
 * `timeoutMs` bounds one call, answer included. A call that outlives it may still take effect.
 */
export const createHubSpotHttp = (options: HubSpotHttpOptions): HubSpotHttp => {
  const { budget, onAnswer = () => undefined, around = (_method, _template, call) => call() } = options;
  const client = new Client({ basePath: options.apiUrl });
  const tokens = typeof options.accessToken === 'string' ? fixedToken(options.accessToken) : options.accessToken;

  const send = (
    request: Parameters<Client['apiRequest']>[0],
    signal: AbortSignal | undefined,
  ): Promise<{ response: Response; text: string }> => {
    const sent = client.apiRequest(request).then(async (response) => ({ response, text: await response.text() }));
    return withDeadline(signal ? unlessAborted(sent, signal) : sent, options.timeoutMs);
  };

  const http: HubSpotHttp = {
    async call(method, path, { path: names = {}, query, body, needs = [] } = {}) {
      const isPost = method === 'post';
      const fateUnknown = (message: string, options: { cause?: unknown; settlesWithinMs?: number } = {}): Error =>
        isPost
          ? new DeliveryUnknown(`${message}: whether it took effect is unknown`, options)
          : new HubSpotUnavailable(message, { cause: options.cause });

      const template = pathIn(options.apiVersion, path);
      const target = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ''));
      const signal = atOnceSignal();
      signal?.throwIfAborted();
      const token = await tokens.current();
      await budget?.take();
      signal?.throwIfAborted();
      let exchange: Awaited<ReturnType<typeof send>>;
      try {
        const headers = { Authorization: `Bearer ${token}` };
        const given = { ...(query ? { qs: query } : {}), ...(body === undefined ? {} : { body }) };
        exchange = await send({ method: method.toUpperCase(), path: target, headers, ...given }, signal);
      } catch (error) {
        onAnswer('none');
        if (signal?.aborted) throw signal.reason;
        if (error instanceof DeadlinePassed) {
          throw fateUnknown(`HubSpot did not answer within ${options.timeoutMs / 1000} s`, {
            settlesWithinMs: STILL_ON_ITS_WAY_MS,
          });
        }
        const code = networkCode(error);
        const message = `HubSpot can't be reached (${code})`;
        throw NEVER_SENT.has(code)
          ? new HubSpotUnavailable(message, { cause: error })
          : fateUnknown(message, { cause: error });
      }

      const { response, text } = exchange;
      const { status } = response;
      onAnswer(status);
      if (budget) learnLimit(budget, response.headers);
      // fetch has followed it: a POST as a GET, whose answer says nothing of the POST.
      if (response.redirected) throw fateUnknown('HubSpot redirected the call: check HUBSPOT_API_URL');
      const json = parseJson(text);
      if (response.ok) {
        if (status === 204) return undefined as never;
        if (json === undefined || json === null) throw fateUnknown(`HubSpot answered ${status} without readable JSON`);
        const missing = needs.filter((name) => !holds(json, name));
        if (missing.length > 0) throw fateUnknown(`HubSpot answered ${status} without ${missing.join(' and ')}`);
        return json as never;
      }
      const errorBody: ErrorBody = json && typeof json === 'object' ? json : {};
      const line = explain(status, errorBody);
      const after = retryAfterMs(response.headers.get('retry-after'));
      if (status === 429) {
        const waitMs = after ?? budgetReturnsMs(errorBody.policyName);
        budget?.refused(after ?? Math.min(waitMs, LOOK_AGAIN_MS));
        throw new HubSpotRateLimited(line, waitMs);
      }
      if (status === 401) tokens.refused(token);
      if (status === 401 || status === 403) throw new HubSpotUnauthorized(line, status, requiredScopes(errorBody));
      if (status === 404) throw new HubSpotNotFound(line);
      if (status === 423) throw new HubSpotUnavailable(line, { retryAfterMs: after ?? 2_000 });
      if (status === 477) throw new HubSpotUnavailable(line, { retryAfterMs: after ?? 60_000 });
      if (status >= 500 || status === 408) throw fateUnknown(line);
      throw new HubSpotRefused(line, status, {
        properties: refusedProperties(errorBody),
        existingId: existingIdIn(errorBody),
      });
    },
  };
  return {
    call: (method, path, given) =>
      around(method.toUpperCase(), pathIn(options.apiVersion, path), () => http.call(method, path, given)),
  };
};

/** Where HubSpot doesn't say when a portal's budget returns, a call each minute finds out, in ms. */
const LOOK_AGAIN_MS = 60_000;

/** HubSpot says with each answer how many calls a portal has in its rolling window, mostly of ten seconds. */
const learnLimit = (budget: CallBudget, headers: Response['headers']): void => {
  const calls = Number(headers.get('x-hubspot-ratelimit-max') ?? Number.NaN);
  const withinMs = Number(headers.get('x-hubspot-ratelimit-interval-milliseconds') ?? Number.NaN);
  if (calls > 0 && withinMs >= 1_000 && withinMs <= LOOK_AGAIN_MS) budget.learn(calls, withinMs);
};

/** HubSpot may leave out Retry-After; the policy that was hit says when the budget returns (usage guidelines). */
const budgetReturnsMs = (policyName: unknown): number => {
  if (policyName === 'DAILY') return 15 * 60_000;
  return policyName === 'SECONDLY' ? 1_000 : 10_000;
};
