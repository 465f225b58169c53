import { z } from 'zod';
import { type PayloadKey, readPayloadKeys } from '../temporal/payload-keys.ts';
import { commaSeparated, required } from './primitives.ts';

/** Keys that encrypt with the first and decrypt with all. */
export const payloadKeys = z.string().transform((text, context) => {
  const keys = readPayloadKeys(text);
  if (keys) return keys;
  // Says nothing of what stands there.
  context.addIssue({
    code: 'custom',
    message: 'must be id:base64 of 32 bytes, comma-separated, no id twice, as npm run keys prints them',
  });
  return z.NEVER;
});

/** Demands at least one key. */
export const tokenKeys = payloadKeys.transform(([first, ...others], context): [PayloadKey, ...PayloadKey[]] => {
  if (first) return [first, ...others];
  context.addIssue({ code: 'custom', message: 'holds no key' });
  return z.NEVER;
});

/** Client secrets of the app: more than one while it is rotated. */
export const secretList = required(
  "the app's client secret, which signs the webhooks (two, comma-separated, while you replace it)",
)
  .transform(commaSeparated)
  .refine((secrets) => secrets.length > 0, 'holds no secret');
