import { randomUUID } from 'node:crypto';
import type { Schemas } from './operations.ts';

/** An answer other than 2xx, in HubSpot's shape. */
export class HubSpotError extends Error {
  override readonly name = 'HubSpotError';
  readonly status: number;
  readonly body: Schemas['Error'];
  readonly headers: Record<string, string>;

  constructor(status: number, body: Schemas['Error'], headers: Record<string, string> = {}) {
    super(body.message ?? `HubSpot answers ${status}`);
    this.status = status;
    this.body = { status: 'error', ...body, correlationId: randomUUID() };
    this.headers = headers;
  }
}

/** Something doesn't exist, or isn't to be seen. */
export const notFound = (what: string): HubSpotError =>
  new HubSpotError(404, { message: `${what} not found`, category: 'OBJECT_NOT_FOUND' });

export const unauthorized = (): HubSpotError =>
  new HubSpotError(401, {
    message:
      'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more ' +
      'details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
    category: 'INVALID_AUTHENTICATION',
  });

export const expired = (): HubSpotError =>
  new HubSpotError(401, {
    message: 'The OAuth token used to make this call expired.',
    category: 'EXPIRED_AUTHENTICATION',
  });

/** One refusal among possibly several; the reasons only stand in `errors`. */
export const conversationsRefusal = (errors: Schemas['ErrorDetail'][]): HubSpotError =>
  new HubSpotError(400, { message: 'Multiple errors validating request.', category: 'VALIDATION_ERROR', errors });

/** The request doesn't fit the API's description. */
export const invalidRequest = (message: string, errors: Schemas['ErrorDetail'][] = []): HubSpotError =>
  new HubSpotError(400, { message, category: 'VALIDATION_ERROR', ...(errors.length > 0 && { errors }) });

export type RateLimitPolicy = 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY';

/** `retryAfter` as the header carries it: seconds, or an HTTP date. HubSpot doesn't always send one. */
export const rateLimited = (policy: RateLimitPolicy, retryAfter?: number | string): HubSpotError =>
  new HubSpotError(
    429,
    {
      message: `You have reached your ${policy.toLowerCase()} limit.`,
      errorType: 'RATE_LIMIT',
      policyName: policy,
      requestId: randomUUID(),
    },
    {
      'x-hubspot-ratelimit-max': '190',
      'x-hubspot-ratelimit-remaining': '0',
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
  );

const CATEGORIES: Record<number, string> = {
  401: 'INVALID_AUTHENTICATION',
  403: 'MISSING_SCOPES',
  404: 'OBJECT_NOT_FOUND',
  409: 'CONFLICT',
  423: 'LOCKED',
  477: 'MIGRATION_IN_PROGRESS',
};

/** Any other status, with the body that HubSpot gives such an error. */
export const failure = (
  status: number,
  headers: Record<string, string> = {},
  message = status >= 500 ? 'internal error' : `This call was refused with status ${status}.`,
): HubSpotError =>
  new HubSpotError(
    status,
    {
      message,
      category: CATEGORIES[status] ?? (status >= 500 ? 'INTERNAL_ERROR' : 'VALIDATION_ERROR'),
    },
    headers,
  );
