import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { PayloadKey } from './payload-keys.ts';
import { isSamePlace, labelOf, type PayloadPlace, placeIn, placeOf } from './payload-place.ts';

// A CommonJS module whose names Node can't see from outside.
const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array | null | undefined): string => new TextDecoder().decode(data ?? new Uint8Array());

// The names that Temporal's own samples use, so that other tools know them.
const ENCODING = 'binary/encrypted';
const CIPHER = 'AES-256-GCM';
const KEY_ID = 'encryption-key-id';
// Ours: whose the payload is. The cipher authenticates it, so that it can't be changed or taken away.
const PLACE = 'encryption-place';

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
      `A payload was encrypted with key "${keyId}", which PAYLOAD_KEYS doesn't have: add it, after the first ` +
        'one, and restart. Until then its run waits.',
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
      `A payload can't be decrypted with key "${keyId}": it was changed, or PAYLOAD_KEYS has another key under ` +
        'that id.',
      options,
    );
    this.keyId = keyId;
  }
}

const named = ({ namespace = 'any', workflowId = 'any' }: PayloadPlace): string =>
  `workflow "${workflowId.slice(0, 200)}" of namespace "${namespace.slice(0, 200)}"`;

/** A payload was taken from one run in Temporal and put into another. */
export class PayloadMisplaced extends Error {
  override readonly name = 'PayloadMisplaced';

  constructor(made: PayloadPlace, read: PayloadPlace) {
    super(
      `A payload of ${named(made)} is in ${named(read)}: someone who can write to Temporal's database ` +
        'moved it. Find out who, and terminate the run. Until then it waits.',
    );
  }
}

/** A payload came in clear text where that is refused. */
export class PayloadNotEncrypted extends Error {
  override readonly name = 'PayloadNotEncrypted';

  constructor() {
    super(
      'A payload is not encrypted, and PAYLOAD_ENCRYPTION is required. Start your own runs through the codec server ' +
        '(temporal --codec-endpoint), or set PAYLOAD_ENCRYPTION=optional until runs from before have ended. ' +
        'Until then its run waits.',
    );
  }
}

const encrypt = ({ id, secret }: PayloadKey, payload: Payload, place: PayloadPlace): Payload => {
  const nonce = randomBytes(NONCE_BYTES);
  const label = bytes(labelOf(place));
  const cipher = createCipheriv(ALGORITHM, secret, nonce).setAAD(label);
  // The whole payload, its metadata too: what kind of thing it is says something as well.
  const sealed = [cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()];
  return {
    metadata: { encoding: bytes(ENCODING), 'encryption-cipher': bytes(CIPHER), [KEY_ID]: bytes(id), [PLACE]: label },
    data: Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]),
  };
};

const decrypt = ({ id, secret }: PayloadKey, data: Uint8Array, label: Uint8Array | undefined): Payload => {
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new PayloadUnreadable(id);
  const decipher = createDecipheriv(ALGORITHM, secret, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  // Payloads from before there were labels have none.
  if (label) decipher.setAAD(label);
  try {
    const opened = [decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    const { metadata, data: content } = PayloadMessage.decode(Buffer.concat(opened));
    return { metadata, data: content };
  } catch (cause) {
    throw new PayloadUnreadable(id, { cause });
  }
};

/** Says whether a payload is one that the codec encrypted, with whatever key. */
export const isEncrypted = ({ metadata }: Payload): boolean => text(metadata?.encoding) === ENCODING;

/** The treatment of payloads that are not encrypted. */
export interface EncryptionPolicy {
  /** The codec refuses what comes from Temporal in clear text; `false` unless given. */
  required?: boolean;
}

/**
 * Encrypts every payload that goes to Temporal with the first key, by AES-256-GCM, and decrypts with any of them;
 * without keys it encrypts nothing. What isn't encrypted passes through, unless encryption is required: runs from
 * before it was on, and starts by hand.
 *
 * Each payload is bound to the namespace and the workflow id that it was encrypted for: they stand beside it,
 * authenticated, and are compared wherever the SDK says for whom it decrypts. A codec server doesn't learn whose a
 * payload is: it authenticates the label, and compares what it knows, the namespace.
 *
 * `decode` throws {@link PayloadKeyMissing}, {@link PayloadUnreadable}, {@link PayloadMisplaced} and
 * {@link PayloadNotEncrypted}; a worker then fails the task, and Temporal tries it again until that is put right.
 */
export const createPayloadCodec = (
  keys: readonly PayloadKey[],
  { required = false }: EncryptionPolicy = {},
): PayloadCodec => {
  const byId = new Map(keys.map((key) => [key.id, key]));
  const [first] = keys;
  const decodeOne = (payload: Payload, read: PayloadPlace): Payload => {
    if (!isEncrypted(payload)) {
      if (required) throw new PayloadNotEncrypted();
      return payload;
    }
    const id = text(payload.metadata?.[KEY_ID]);
    const key = byId.get(id);
    if (!key) throw new PayloadKeyMissing(id.replace(/[^\w.-]/g, '?').slice(0, 64));
    const label = payload.metadata?.[PLACE] ?? undefined;
    const opened = decrypt(key, payload.data ?? new Uint8Array(), label);
    const made = label ? placeIn(text(label)) : {};
    if (!isSamePlace(made, read)) throw new PayloadMisplaced(made, read);
    return opened;
  };
  return {
    async encode(payloads, context) {
      return first ? payloads.map((payload) => encrypt(first, payload, placeOf(context))) : payloads;
    },
    async decode(payloads, context) {
      return payloads.map((payload) => decodeOne(payload, placeOf(context)));
    },
  };
};

/** This is where failure-converter.ts is, built or not. */
export const FAILURE_CONVERTER_PATH = fileURLToPath(
  new URL(`./failure-converter${extname(import.meta.url)}`, import.meta.url),
);

/**
 * Converts what clients and workers send to Temporal: the {@link createPayloadCodec} and, where there are keys, a
 * failure converter that puts messages and stack traces of errors into payloads as well. Every client and every worker
 * of a deployment needs the same keys.
 */
export const dataConverterOf = (keys: readonly PayloadKey[], policy: EncryptionPolicy = {}): DataConverter => ({
  payloadCodecs: [createPayloadCodec(keys, policy)],
  ...(keys.length === 0 ? {} : { failureConverterPath: FAILURE_CONVERTER_PATH }),
});
