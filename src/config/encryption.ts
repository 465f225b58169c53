import { z } from 'zod';
import { commaSeparated, httpUrl, wholeNumber } from './primitives.ts';
import { payloadKeys } from './secrets.ts';

/** What the environment says of the keys for what Temporal stores, and of the codec server that decrypts it for people. */
export const encryptionVariables = {
  PAYLOAD_KEYS: payloadKeys.optional().meta({
    takes: '`id:base64`, comma-separated',
    description:
      'Keys of 32 bytes, as `npm run keys` prints them. The first encrypts, all decrypt. API, workers and codec server need the same. Absent: nothing is encrypted.',
  }),
  CODEC_SERVER_HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be an address of this machine, such as 127.0.0.1 or 0.0.0.0')
    .default('127.0.0.1')
    .meta({ takes: 'address', description: 'Where `npm run codec-server` listens.' }),
  CODEC_SERVER_PORT: wholeNumber(8081, 0, 65_535).describe('Its port.'),
  CODEC_SERVER_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must have at least 16 characters, without spaces')
    .optional()
    .meta({
      takes: 'at least 16 characters, no spaces',
      description:
        'What callers have to show: `Authorization: Bearer …`. Required unless it listens on a loopback address.',
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
      description: 'Where the Temporal Web UI stands, as browsers name it: no other page may call.',
    }),
};
