import { answerHelpOnly } from './command-line.ts';
import { newPayloadKey } from './temporal/payload-keys.ts';

answerHelpOnly('keys');

// `npm run keys`: a new key for PAYLOAD_KEYS.
process.stdout.write(`${newPayloadKey(new Date())}\n`);
