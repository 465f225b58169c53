import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from 'node:crypto';
import type { PortalId } from './ids.ts';

/**
 * A call doesn't count as HubSpot's for one of these reasons. A closed set; `future` and `stale` together hint at a
 * wrong clock here.
 */
export const SIGNATURE_REFUSALS = [
  'missing',
  'malformed',
  'unsupported-version',
  'stale',
  'future',
  'mismatch',
] as const;
export type SignatureRefusal = (typeof SIGNATURE_REFUSALS)[number];

export type SignatureCheck =
  /** `portalIds`: the portals that the matching secret may speak for, `null` for every configured one. */
  { genuine: true; portalIds: PortalId[] | null } | { genuine: false; reason: SignatureRefusal };

/** A request as it came in, before anything was decoded. */
export interface SignedRequest {
  method: string;
  /** Lower-case names, every occurrence kept: Node's `headersDistinct`. */
  headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** The raw bytes, whole or in the pieces in which they came. */
  body: Uint8Array | readonly Uint8Array[];
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
  /** Accept v2 where no v3 header came. It signs the URL too, and no time either; absent: no. */
  allowV2?: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

/** A signature's time may lie so far in the past (HubSpot's rule) or in the future (ours), in ms, inclusive. */
export const SIGNATURE_TOLERANCE_MS = 300_000;

// HubSpot: request-validation guide, "URL-encoded characters" table. Everything else stays as it is encoded.
const DECODED_ESCAPES = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** The URI that HubSpot signs for a URL: some of its percent escapes decoded, once (request-validation guide). */
export const signedUri = (url: string): string => url.replace(DECODED_ESCAPES, decodeURIComponent);

const matches = (given: string, expected: string): boolean => {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** A distinct secret, and the portals it may speak for (`null`: every configured one). */
interface Candidate {
  secret: string;
  portalIds: PortalId[] | null;
}

interface Candidates {
  all: readonly Candidate[];
  forEvery: readonly Candidate[];
  byPortal: ReadonlyMap<string, readonly Candidate[]>;
}

// One app's secret may be there for many portals: it is hashed once.
const candidatesIn = (secrets: readonly WebhookSecret[]): Candidates => {
  const bySecret = new Map<string, Candidate>();
  for (const { secret, portalIds } of secrets) {
    const known = bySecret.get(secret);
    if (!known) bySecret.set(secret, { secret, portalIds: portalIds && [...portalIds] });
    else if (portalIds === null || known.portalIds === null) known.portalIds = null;
    else known.portalIds.push(...portalIds);
  }
  const all = [...bySecret.values()];
  const byPortal = new Map<string, Candidate[]>();
  for (const candidate of all) {
    for (const portalId of new Set(candidate.portalIds)) {
      const others = byPortal.get(portalId);
      if (others) others.push(candidate);
      else byPortal.set(portalId, [candidate]);
    }
  }
  return { all, forEvery: all.filter(({ portalIds }) => portalIds === null), byPortal };
};

const indexed = new WeakMap<readonly WebhookSecret[], Candidates>();

const candidatesOf = (secrets: readonly WebhookSecret[]): Candidates => {
  const candidates = indexed.get(secrets) ?? candidatesIn(secrets);
  indexed.set(secrets, candidates);
  return candidates;
};

const piecesOf = (body: SignedRequest['body']): readonly Uint8Array[] => (body instanceof Uint8Array ? [body] : body);

const sizeOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

// A property's value may have 65,536 characters, of six bytes each where they are escaped, and may come before the
// portal.
const HINT_WINDOW_BYTES = 512 * 1024;
// HubSpot sends up to 100 events.
const HINTS = 100;
const HINT_KEY = '"portalId"';
const HINT_VALUE = /^"portalId"\s{0,8}:\s{0,8}"?(\d{1,20})\b/;
const HINT_LENGTH = HINT_KEY.length + 40;

const beginningOf = (pieces: readonly Uint8Array[]): Buffer => {
  const [first = new Uint8Array(), ...more] = pieces;
  if (more.length === 0 || first.length >= HINT_WINDOW_BYTES) {
    return Buffer.from(first.buffer, first.byteOffset, Math.min(first.length, HINT_WINDOW_BYTES));
  }
  return Buffer.concat(pieces, Math.min(sizeOf(pieces), HINT_WINDOW_BYTES));
};

/**
 * The portals that the beginning of a body names. Anyone can write them there: they order the work, and prove nothing.
 */
const portalsNamedIn = (pieces: readonly Uint8Array[]): Set<string> => {
  const beginning = beginningOf(pieces);
  const named = new Set<string>();
  let at = beginning.indexOf(HINT_KEY);
  for (let looks = 0; at >= 0 && looks < HINTS; looks += 1) {
    const portalId = HINT_VALUE.exec(beginning.toString('latin1', at, at + HINT_LENGTH))?.[1];
    if (portalId) named.add(portalId);
    at = beginning.indexOf(HINT_KEY, at + HINT_KEY.length);
  }
  return named;
};

/** Setting up one try costs this beside its bytes, in bytes hashed in the same time (measured: 4.3 microseconds). */
const TRY_BYTES = 8 * 1024;
/** A request that nobody knows yet may have so much hashed: 6 ms. A small body is checked with 1,000 secrets in it. */
const HASH_BUDGET_BYTES = 10 * 1024 * 1024;
/**
 * The likeliest portal's secrets that are tried, whatever the size of the body: a secret that is being replaced, and
 * its successor.
 */
const SURE_TRIES = 2;

const likeliestFirst = ({ all, forEvery, byPortal }: Candidates, pieces: readonly Uint8Array[]) => {
  if (all.length <= 1) return { ordered: new Set(all), sure: 1 };
  const named = [...portalsNamedIn(pieces)].map((portalId) => byPortal.get(portalId) ?? []);
  const [likeliest = []] = [forEvery, ...named].filter((candidates) => candidates.length > 0);
  const ordered = new Set([...forEvery, ...named.flat(), ...all]);
  return { ordered, sure: Math.max(1, Math.min(SURE_TRIES, likeliest.length)) };
};

/**
 * Tries the secrets of the portals that the body names, then the others, until one fits or {@link HASH_BUDGET_BYTES}
 * are spent. So what an unsigned request costs doesn't grow with the number of portals.
 */
const judge = (
  given: string,
  secrets: readonly WebhookSecret[],
  pieces: readonly Uint8Array[],
  sign: (secret: string) => string,
): SignatureCheck => {
  const { ordered, sure } = likeliestFirst(candidatesOf(secrets), pieces);
  const cost = sizeOf(pieces) + TRY_BYTES;
  let tries = 0;
  for (const { secret, portalIds } of ordered) {
    if (tries >= sure && (tries + 1) * cost > HASH_BUDGET_BYTES) break;
    tries += 1;
    if (matches(given, sign(secret))) return { genuine: true, portalIds: portalIds && [...portalIds] };
  }
  return { genuine: false, reason: 'mismatch' };
};

const refused = (reason: SignatureRefusal): SignatureCheck => ({ genuine: false, reason });

const BASE64_SHA256 = /^[A-Za-z0-9+/]{43}=$/;
const HEX_SHA256 = /^[0-9a-f]{64}$/;
const MILLISECONDS = /^\d{1,15}$/;

/** The headers claim this: a signature of this form, over the body and what goes before and after it. */
interface Claim {
  version: 'v1' | 'v2' | 'v3';
  signature: string;
  /** Empty for v1 and v2, which sign no time. */
  timestamp: string;
}

type ClaimRules = Pick<SignatureRules, 'allowV1' | 'allowV2' | 'now'>;

const claimV3 = (
  headers: SignedRequest['headers'],
  { now }: ClaimRules,
  signatures: readonly string[],
): Claim | SignatureRefusal => {
  const [signature = '', ...moreSignatures] = signatures;
  const [timestamp = '', ...moreTimestamps] = headers['x-hubspot-request-timestamp'] ?? [];
  if (moreSignatures.length > 0 || moreTimestamps.length > 0) return 'malformed';
  if (!BASE64_SHA256.test(signature) || !MILLISECONDS.test(timestamp)) return 'malformed';

  const ageMs = now - Number(timestamp);
  if (ageMs > SIGNATURE_TOLERANCE_MS) return 'stale';
  if (ageMs < -SIGNATURE_TOLERANCE_MS) return 'future';
  return { version: 'v3', signature, timestamp };
};

const claimOlder = (
  headers: SignedRequest['headers'],
  { allowV1, allowV2 = false }: ClaimRules,
  signatures: readonly string[],
): Claim | SignatureRefusal => {
  const [signature = '', ...moreSignatures] = signatures;
  const versions = headers['x-hubspot-signature-version'] ?? [];
  if (moreSignatures.length > 0 || versions.length > 1) return 'malformed';
  const [version] = versions;
  const isAllowed = (version === 'v1' && allowV1) || (version === 'v2' && allowV2);
  if (!isAllowed) return 'unsupported-version';
  if (!HEX_SHA256.test(signature)) return 'malformed';
  return { version, signature, timestamp: '' };
};

const claimIn = (headers: SignedRequest['headers'], rules: ClaimRules): Claim | SignatureRefusal => {
  const v3 = headers['x-hubspot-signature-v3'];
  if (v3) return claimV3(headers, rules, v3);
  const older = headers['x-hubspot-signature'];
  return older ? claimOlder(headers, rules, older) : 'missing';
};

/**
 * Says why a request is refused whatever its body is, by its headers alone; `null` where the body decides. Never
 * throws.
 */
export const refusedByHeaders = (headers: SignedRequest['headers'], rules: ClaimRules): SignatureRefusal | null => {
  const claim = claimIn(headers, rules);
  return typeof claim === 'string' ? claim : null;
};

/**
 * Says whether HubSpot signed a request, and which portals the signing secret may speak for. Never throws.
 *
 * v3 is `Base64(HMAC-SHA256(secret, method + URI + body + timestamp))`. Only where no v3 header came, and only where
 * allowed, v1 counts: `hex(SHA-256(secret + body))`; or v2, `hex(SHA-256(secret + method + URI + body))`. HubSpot sends
 * the older headers beside v3, so a wrong v3 never falls back to them. (HubSpot: request-validation guide.)
 *
 * With many secrets, those of the portals that the body names come first, and only so many are tried as fit into 10 MiB
 * of hashing: of a small body more than 1,000, of one of 8 MiB those of the first portal. `secrets` must not change
 * later.
 */
export const verifySignature = (request: SignedRequest, rules: SignatureRules): SignatureCheck => {
  const claim = claimIn(request.headers, rules);
  if (typeof claim === 'string') return refused(claim);
  const { version, signature, timestamp } = claim;
  const pieces = piecesOf(request.body);
  const hashed = (hash: Hash | Hmac): Hash | Hmac => {
    for (const piece of pieces) hash.update(piece);
    return hash;
  };
  const start = request.method + signedUri(rules.publicUrl);
  const signV3 = (secret: string) =>
    hashed(createHmac('sha256', secret).update(start)).update(timestamp).digest('base64');
  const signOlder = (secret: string) =>
    hashed(createHash('sha256').update(version === 'v2' ? secret + start : secret)).digest('hex');
  return judge(signature, rules.secrets, pieces, version === 'v3' ? signV3 : signOlder);
};
