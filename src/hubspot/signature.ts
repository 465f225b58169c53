import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { PortalId } from './ids.ts';

/** Why a call doesn't count as HubSpot's. A closed set; `future` and `stale` together hint at a wrong clock here. */
export const SIGNATURE_REFUSALS = [
  'missing',
  'malformed',
  'unsupported-version',
  'stale',
  'future',
  'mismatch',
] as const;
export type SignatureRefusal = (typeof SIGNATURE_REFUSALS)[number];

export type SignatureVerdict =
  /** `portalIds`: the portals that the matching secret may speak for, `null` for every configured one. */
  { genuine: true; portalIds: PortalId[] | null } | { genuine: false; reason: SignatureRefusal };

/** A request as it came in, before anything was decoded. */
export interface SignedRequest {
  method: string;
  /** Lower-case names, every occurrence kept: Node's `headersDistinct`. */
  headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** The raw bytes. */
  body: Uint8Array;
}

/** A webhook signing secret and the portals that it may speak for (`null`: every configured one). */
export interface WebhookSecret {
  secret: string;
  portalIds: PortalId[] | null;
}

export interface SignatureRules {
  secrets: readonly WebhookSecret[];
  /** The URL as configured at HubSpot. What a proxy made of it, or claims in a header, never counts. */
  publicUrl: string;
  /** Accept v1 where no v3 header came. v1 signs no time, so a captured call can be replayed for ever. */
  allowV1: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

/** How far a signature's time may lie in the past (HubSpot's rule) or in the future (ours), in ms, inclusive. */
export const SIGNATURE_TOLERANCE_MS = 300_000;

// HubSpot: request-validation guide, "URL-encoded characters" table. Everything else stays as it is encoded.
const DECODED_ESCAPES = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** The URI that HubSpot signs for a URL: some of its percent escapes decoded, once (request-validation guide). */
export const signedUri = (url: string): string => url.replace(DECODED_ESCAPES, decodeURIComponent);

const matches = (given: string, expected: string): boolean => {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const judge = (
  given: string,
  secrets: readonly WebhookSecret[],
  sign: (secret: string) => string,
): SignatureVerdict => {
  // Every secret is tried, so that time doesn't tell which one fits, and one secret may stand there for several portals.
  const matching = secrets.filter(({ secret }) => matches(given, sign(secret)));
  if (matching.length === 0) return { genuine: false, reason: 'mismatch' };
  if (matching.some(({ portalIds }) => portalIds === null)) return { genuine: true, portalIds: null };
  return { genuine: true, portalIds: matching.flatMap(({ portalIds }) => portalIds ?? []) };
};

const refused = (reason: SignatureRefusal): SignatureVerdict => ({ genuine: false, reason });

const BASE64_SHA256 = /^[A-Za-z0-9+/]{43}=$/;
const HEX_SHA256 = /^[0-9a-f]{64}$/;
const MILLISECONDS = /^\d{1,15}$/;

const verifyV3 = (request: SignedRequest, rules: SignatureRules, signatures: readonly string[]): SignatureVerdict => {
  const [signature = '', ...moreSignatures] = signatures;
  const [timestamp = '', ...moreTimestamps] = request.headers['x-hubspot-request-timestamp'] ?? [];
  if (moreSignatures.length > 0 || moreTimestamps.length > 0) return refused('malformed');
  if (!BASE64_SHA256.test(signature) || !MILLISECONDS.test(timestamp)) return refused('malformed');

  const ageMs = rules.now - Number(timestamp);
  if (ageMs > SIGNATURE_TOLERANCE_MS) return refused('stale');
  if (ageMs < -SIGNATURE_TOLERANCE_MS) return refused('future');

  const uri = signedUri(rules.publicUrl);
  return judge(signature, rules.secrets, (secret) =>
    createHmac('sha256', secret)
      .update(request.method + uri)
      .update(request.body)
      .update(timestamp)
      .digest('base64'),
  );
};

const verifyV1 = (request: SignedRequest, rules: SignatureRules, signatures: readonly string[]): SignatureVerdict => {
  const [signature = '', ...moreSignatures] = signatures;
  const versions = request.headers['x-hubspot-signature-version'] ?? [];
  if (moreSignatures.length > 0 || versions.length > 1) return refused('malformed');
  if (!rules.allowV1 || versions[0] !== 'v1') return refused('unsupported-version');
  if (!HEX_SHA256.test(signature)) return refused('malformed');
  return judge(signature, rules.secrets, (secret) =>
    createHash('sha256').update(secret).update(request.body).digest('hex'),
  );
};

/**
 * Says whether HubSpot signed a request, and which portals the signing secret may speak for. Never throws.
 *
 * v3 is `Base64(HMAC-SHA256(secret, method + URI + body + timestamp))`. Only where no v3 header came, and only where
 * allowed, v1 counts: `hex(SHA-256(secret + body))`. HubSpot sends the older headers beside v3, so a wrong v3 never falls
 * back to them. (HubSpot: request-validation guide.)
 */
export const verifySignature = (request: SignedRequest, rules: SignatureRules): SignatureVerdict => {
  const v3 = request.headers['x-hubspot-signature-v3'];
  if (v3) return verifyV3(request, rules, v3);
  const older = request.headers['x-hubspot-signature'];
  return older ? verifyV1(request, rules, older) : refused('missing');
};
