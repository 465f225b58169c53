import { newPayloadKey } from './temporal/payload-keys.ts';

// `npm run keys`: a new key for PAYLOAD_KEYS.
process.stdout.write(`${newPayloadKey(new Date())}\n`);
