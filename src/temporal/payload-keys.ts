import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

/** A key that payloads are encrypted with. */
export interface PayloadKey {
  /** Stands beside each payload in clear text, so that the key can be found again. */
  id: string;
  /** 256 bits. Shows nothing of itself where it is printed. */
  secret: KeyObject;
}

const BYTES = 32;
const ID = /^[\w.-]{1,64}$/;

const readKey = (entry: string): PayloadKey | null => {
  const [id = '', encoded = '', ...rest] = entry.split(':');
  const bytes = Buffer.from(encoded, 'base64');
  // Buffer.from skips what is no base64: a key that lost letters must not become a shorter one.
  const isWhole = bytes.length === BYTES && bytes.toString('base64') === encoded;
  return rest.length === 0 && ID.test(id) && isWhole ? { id, secret: createSecretKey(bytes) } : null;
};

/**
 * Reads `id:base64 of 32 bytes`, comma-separated, or gives `null` where an entry is none or an id stands there twice.
 * The first encrypts, all decrypt.
 */
export const readPayloadKeys = (text: string): PayloadKey[] | null => {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const keys = entries.map(readKey).filter((key) => key !== null);
  const ids = new Set(keys.map(({ id }) => id));
  return keys.length === entries.length && ids.size === keys.length ? keys : null;
};

/** A new key as PAYLOAD_KEYS takes it, its id the day: `2026-01-31:…`. */
export const newPayloadKey = (now: Date): string =>
  `${now.toISOString().slice(0, 10)}:${randomBytes(BYTES).toString('base64')}`;
