import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { PayloadKey } from './payload-keys.ts';

// A CommonJS module whose names Node can't see from outside.
const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array | null | undefined): string => new TextDecoder().decode(data ?? new Uint8Array());

// The names that Temporal's own samples use, so that other tools know them.
const ENCODING = 'binary/encrypted';
const CIPHER = 'AES-256-GCM';
const KEY_ID = 'encryption-key-id';

const ALGORITHM = 'aes-256-gcm';
// NIST SP 800-38D: 96 random bits, for at most 2^32 payloads of one key.
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A payload was encrypted with a key that this process doesn't have. */
export class PayloadKeyMissing extends Error {
  override readonly name = 'PayloadKeyMissing';
  readonly keyId: string;

  constructor(keyId: string) {
    super(
      `A payload was encrypted with key "${keyId}", which PAYLOAD_KEYS doesn't have: add it, after the first one, and restart. Until then its run waits.`,
    );
    this.keyId = keyId;
  }
}

/** A payload was changed, or encrypted with another key of the same id. */
export class PayloadUnreadable extends Error {
  override readonly name = 'PayloadUnreadable';
  readonly keyId: string;

  constructor(keyId: string, options?: ErrorOptions) {
    super(
      `A payload can't be decrypted with key "${keyId}": it was changed, or PAYLOAD_KEYS has another key under that id.`,
      options,
    );
    this.keyId = keyId;
  }
}

const encrypt = ({ id, secret }: PayloadKey, payload: Payload): Payload => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, secret, nonce);
  // The whole payload, its metadata too: what kind of thing it is tells something as well.
  const sealed = [cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()];
  return {
    metadata: { encoding: bytes(ENCODING), 'encryption-cipher': bytes(CIPHER), [KEY_ID]: bytes(id) },
    data: Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]),
  };
};

const decrypt = ({ id, secret }: PayloadKey, data: Uint8Array): Payload => {
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new PayloadUnreadable(id);
  const decipher = createDecipheriv(ALGORITHM, secret, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  try {
    const opened = [decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    const { metadata, data: content } = PayloadMessage.decode(Buffer.concat(opened));
    return { metadata, data: content };
  } catch (cause) {
    throw new PayloadUnreadable(id, { cause });
  }
};

/** Whether a payload is one that the codec encrypted, with whatever key. */
export const isEncrypted = ({ metadata }: Payload): boolean => text(metadata?.encoding) === ENCODING;

/**
 * Encrypts every payload that goes to Temporal with the first key, by AES-256-GCM, and decrypts with any of them; without
 * keys it encrypts nothing. What isn't encrypted passes through: runs from before encryption was on, and starts by hand.
 *
 * `decode` throws {@link PayloadKeyMissing} and {@link PayloadUnreadable}; a worker then fails the task, and Temporal tries
 * it again until the key is there.
 */
export const createPayloadCodec = (keys: readonly PayloadKey[]): PayloadCodec => {
  const byId = new Map(keys.map((key) => [key.id, key]));
  const [first] = keys;
  return {
    async encode(payloads) {
      return first ? payloads.map((payload) => encrypt(first, payload)) : payloads;
    },
    async decode(payloads) {
      return payloads.map((payload) => {
        if (!isEncrypted(payload)) return payload;
        const id = text(payload.metadata?.[KEY_ID]);
        const key = byId.get(id);
        if (!key) throw new PayloadKeyMissing(id.replace(/[^\w.-]/g, '?').slice(0, 64));
        return decrypt(key, payload.data ?? new Uint8Array());
      });
    },
  };
};

/** Of failure-converter.ts as it stands here, built or not. */
export const FAILURE_CONVERTER_PATH = fileURLToPath(
  new URL(`./failure-converter${extname(import.meta.url)}`, import.meta.url),
);

/**
 * What clients and workers send to Temporal goes through: the {@link createPayloadCodec} and, where there are keys, a
 * failure converter that puts messages and stack traces of errors into payloads as well. Every client and every worker of
 * a deployment needs the same keys.
 */
export const dataConverterOf = (keys: readonly PayloadKey[]): DataConverter => ({
  payloadCodecs: [createPayloadCodec(keys)],
  ...(keys.length === 0 ? {} : { failureConverterPath: FAILURE_CONVERTER_PATH }),
});
