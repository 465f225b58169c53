import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { PayloadKey } from '../temporal/payload-keys.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed text was changed, was sealed for something else, or its key is not there. Says nothing of the text. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** Encrypts texts so that nobody without a key can read, change or make one, nor use one in another's place. */
export interface Seal {
  /** `purpose` says what the text is for; only with the same can it be opened again. */
  seal(text: string, purpose: string): string;
  /** @throws {SealBroken} */
  open(sealed: string, purpose: string): string;
}

/** AES-256-GCM: the first key seals, all open. A sealed text is `id:base64url of nonce, ciphertext and tag`. */
export const createSeal = (keys: readonly [PayloadKey, ...PayloadKey[]]): Seal => ({
  seal(text, purpose) {
    const [{ id, secret }] = keys;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, secret, nonce).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${id}:${sealed.toString('base64url')}`;
  },

  open(sealed, purpose) {
    const [id, encoded = ''] = sealed.split(':');
    const key = keys.find((candidate) => candidate.id === id);
    const data = Buffer.from(encoded, 'base64url');
    if (!key) throw new SealBroken('It was sealed with a key that TOKEN_KEYS does not have');
    if (data.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken('It is too short to be sealed');
    const nonce = data.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key.secret, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(data.subarray(-TAG_BYTES));
    try {
      const text = [decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
      return Buffer.concat(text).toString('utf8');
    } catch (cause) {
      throw new SealBroken('It was changed, or sealed for something else', { cause });
    }
  },
});
