/** HubSpot said 429: this portal's budget is spent. Nothing took effect. */
export class HubSpotRateLimited extends Error {
  override readonly name = 'HubSpotRateLimited';
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * HubSpot is away, locked or moving the portal (network, 423, 477, 5xx on a read). Nothing took effect; worth another
 * try.
 */
export class HubSpotUnavailable extends Error {
  override readonly name: 'HubSpotUnavailable' | 'TokenEndpointFailed' = 'HubSpotUnavailable';
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * HubSpot's token endpoint refuses our app, or something else answers in its place. It says nothing of a portal's
 * tokens. A person has to correct something here, as the message says; the next try after that works.
 */
export class TokenEndpointFailed extends HubSpotUnavailable {
  override readonly name = 'TokenEndpointFailed';
}

/** The token is wrong, revoked, or lacks a scope (401, 403). Someone has to mend it; then the same call works. */
export class HubSpotUnauthorized extends Error {
  override readonly name = 'HubSpotUnauthorized';
  /** HTTP status. 401: the token itself; 403: what it may do. */
  readonly status: 401 | 403;
  /** The scopes that the call needs, where HubSpot names them. */
  readonly requiredScopes: readonly string[];

  constructor(message: string, status: 401 | 403, requiredScopes: readonly string[] = []) {
    super(message);
    this.status = status;
    this.requiredScopes = requiredScopes;
  }
}

/** HubSpot doesn't know this object (404). */
export class HubSpotNotFound extends Error {
  override readonly name = 'HubSpotNotFound';
}

/** HubSpot will never take this request (400 and other 4xx). */
export class HubSpotRefused extends Error {
  override readonly name = 'HubSpotRefused';
  /** HTTP status. */
  readonly status: number;
  /** The properties of a contact or ticket that it doesn't take, by name, where it says which. */
  readonly properties: readonly string[];
  /** The object that stands in the way of a new one (409), where it says which. */
  readonly existingId: string | null;

  constructor(
    message: string,
    status: number,
    { properties = [], existingId = null }: { properties?: readonly string[]; existingId?: string | null } = {},
  ) {
    super(message);
    this.status = status;
    this.properties = properties;
    this.existingId = existingId;
  }
}

/**
 * HubSpot may still work on a call that nobody waits for any more: its deadline has passed, or its caller is dead. In
 * ms.
 */
export const STILL_ON_ITS_WAY_MS = 30_000;

/**
 * A POST whose fate nobody knows: it timed out, broke off, or was answered with 5xx or nonsense. HubSpot has no
 * idempotency key: look for its effect before trying again.
 */
export class DeliveryUnknown extends Error {
  override readonly name = 'DeliveryUnknown';
  /**
   * What has not shown on the thread after so many ms never took effect. HubSpot names no bound for its reads: ours is
   * cautious.
   */
  readonly settlesWithinMs: number;

  constructor(message: string, options: { settlesWithinMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.settlesWithinMs = options.settlesWithinMs ?? 10_000;
  }
}

/** A read whose subject may be gone: `null` where HubSpot says that it is. @throws whatever else the read throws */
export const nullIfNotFound = async <Value>(read: Promise<Value>): Promise<Value | null> => {
  try {
    return await read;
  } catch (error) {
    if (error instanceof HubSpotNotFound) return null;
    throw error;
  }
};
