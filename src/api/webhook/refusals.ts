import type { SignatureRefusal } from '../../hubspot/signature.ts';

interface Refusal {
  status: number;
  /** The remedy. Says nothing of secrets, and nothing that the caller sent. */
  message: string;
}

const WRONG_CLOCK = "The signature's time is more than 5 minutes off";

/** Every answer that isn't a success: a closed set of codes, the same in the metric's label. */
export const REFUSALS = {
  'unsupported-media-type': {
    status: 415,
    message: 'Send the events as application/json in UTF-8, not compressed.',
  },
  'too-large': { status: 413, message: 'Send at most 8 MiB in one request.' },
  'too-slow': { status: 408, message: 'The body did not come within 5 seconds: send the request again, faster.' },
  incomplete: { status: 400, message: 'The request ended before its body did: send it again.' },
  'signature-missing': {
    status: 401,
    message: 'Only calls that HubSpot signed are taken: the X-HubSpot-Signature-v3 header is missing.',
  },
  'signature-malformed': {
    status: 401,
    message: 'Send X-HubSpot-Signature-v3 and X-HubSpot-Request-Timestamp (milliseconds) once each, as HubSpot does.',
  },
  'signature-unsupported-version': {
    status: 401,
    message:
      'Only signature v3 is taken. With HUBSPOT_ALLOW_SIGNATURE_V1=true, v1 of webhooks and v2 of actions are too.',
  },
  'signature-stale': {
    status: 401,
    message: `${WRONG_CLOCK}, in the past: sign each attempt anew, and check the clock of this server.`,
  },
  'signature-future': { status: 401, message: `${WRONG_CLOCK}, in the future: check the clock of this server.` },
  'signature-mismatch': {
    status: 401,
    message:
      "The signature doesn't match: check that HUBSPOT_CLIENT_SECRET is the app's client secret (not its " +
      'access token), and WEBHOOK_PUBLIC_URL the target URL exactly as configured at HubSpot.',
  },
  'not-an-array': { status: 400, message: 'Send the events as a JSON array.' },
  'too-many-events': {
    status: 413,
    message: 'Send at most 1,000 events in one request (HubSpot sends up to 100): nothing of it was taken.',
  },
  'not-an-execution': {
    status: 400,
    message:
      'Send one execution as HubSpot does: callbackId, origin.portalId, and an object that is a contact, a ticket or ' +
      'a conversation. Write how long a pause lasts as in 30m, 2h or 1 day.',
  },
  'unknown-portal': {
    status: 403,
    message: 'This portal is none of those that Threadkeeper serves with the secret that signed the call.',
  },
  overloaded: {
    status: 503,
    message: 'Too many deliveries are being handled here. Nothing of this one was taken. Send it again later.',
  },
  'not-durable': {
    status: 503,
    message: 'Temporal took not every event in time: send the delivery again, none of it will run twice.',
  },
  'not-ready': {
    status: 503,
    message: "Temporal can't take runs now: check that it is up and TEMPORAL_ADDRESS right.",
  },
  'method-not-allowed': { status: 405, message: "Use one of the methods in this answer's Allow header." },
  'not-found': { status: 404, message: 'Nothing is here: HubSpot posts to /webhooks/hubspot.' },
  internal: { status: 500, message: 'Something went wrong here: see the log. Sending the request again is safe.' },
} as const satisfies Record<string, Refusal>;

export type RefusalCode = keyof typeof REFUSALS;

/** For a 503: in seconds. Long enough for a Temporal server to come back from a restart (0.5-8 s when measured). */
export const RETRY_AFTER = { 'Retry-After': '10' } as const;

/** The code for each way in which a signature can fail. */
export const signatureRefusal = (reason: SignatureRefusal): RefusalCode => `signature-${reason}`;

/** A request that gets no success; the error handler of the app answers it by its code. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: RefusalCode;
  /** Header fields of the answer. */
  readonly headers: Record<string, string>;

  constructor(code: RefusalCode, options: { headers?: Record<string, string>; cause?: unknown } = {}) {
    super(REFUSALS[code].message, { cause: options.cause });
    this.code = code;
    this.headers = options.headers ?? {};
  }
}
