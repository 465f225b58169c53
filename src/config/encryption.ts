import { z } from 'zod';
import type { EncryptionPolicy } from '../temporal/payload-codec.ts';
import type { PayloadKey } from '../temporal/payload-keys.ts';
import { commaSeparated, httpUrl, wholeNumber } from './primitives.ts';
import { payloadKeys } from './secrets.ts';

/**
 * The environment says this of the keys for what Temporal stores, and of the codec server that decrypts it for people.
 */
export const encryptionVariables = {
  PAYLOAD_KEYS: payloadKeys.optional().meta({
    takes: '`id:base64`, comma-separated',
    description:
      'Keys of 32 bytes that encrypt what Temporal stores. `npm run keys` prints one. The first key ' +
      'encrypts, and all decrypt. API, workers and codec server need the same keys. Absent: nothing is ' +
      'encrypted.',
  }),
  PAYLOAD_ENCRYPTION: z
    .enum(['optional', 'required'], { error: 'must be optional or required' })
    .default('optional')
    .describe(
      'With `required` no process starts without `PAYLOAD_KEYS`, and clear text from Temporal is ' +
        'refused. See [refuse clear text](encryption.md#refuse-clear-text).',
    ),
  CODEC_SERVER_HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be an address of this machine, such as 127.0.0.1 or 0.0.0.0')
    .default('127.0.0.1')
    .meta({ takes: 'address', description: 'The address on which `npm run codec-server` listens.' }),
  CODEC_SERVER_PORT: wholeNumber(8081, 0, 65_535).describe('The port of the codec server.'),
  CODEC_SERVER_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must have at least 16 characters, without spaces')
    .optional()
    .meta({
      takes: 'at least 16 characters, no spaces',
      description:
        'The token that callers must send: `Authorization: Bearer …`. It is required unless the server ' +
        'listens on a loopback address.',
    }),
  CODEC_SERVER_UI_ORIGIN: z
    .string()
    .default('http://localhost:8233,http://127.0.0.1:8233')
    .transform(commaSeparated)
    .pipe(
      z.array(
        httpUrl.refine(
          (url) => URL.canParse(url) && new URL(url).origin === url,
          'must be origins, comma-separated, such as https://temporal.example.com',
        ),
      ),
    )
    .meta({
      takes: 'origins, comma-separated',
      description:
        'The addresses of your Temporal Web UI, as people open them in a browser. Web pages of other ' +
        "addresses can't call the codec server.",
    }),
};

type EncryptionVariables = Pick<
  z.infer<z.ZodObject<typeof encryptionVariables>>,
  'PAYLOAD_KEYS' | 'PAYLOAD_ENCRYPTION'
>;

/** The keys and whether they are needed, or what is missing for it, a line each. Of wrong keys it has been said. */
export const readEncryption = (
  { PAYLOAD_KEYS: payloadKeys = [], PAYLOAD_ENCRYPTION }: EncryptionVariables,
  wrong: ReadonlySet<unknown>,
): { payloadKeys: PayloadKey[]; encryption: EncryptionPolicy } | string[] => {
  const required = PAYLOAD_ENCRYPTION === 'required';
  if (required && payloadKeys.length === 0 && !wrong.has('PAYLOAD_KEYS'))
    return ['PAYLOAD_KEYS is missing: PAYLOAD_ENCRYPTION is required (npm run keys prints a key)'];
  return { payloadKeys, encryption: { required } };
};
