import { isLoopback } from '../lib/loopback.ts';
import type { EncryptionPolicy } from '../temporal/payload-codec.ts';
import { type Check, type CheckResult, info, ok, warning } from './finding.ts';

const SEES = 'everyone who can read Temporal can read what customers write';
const REMEDY =
  'npm run keys prints a key: set it as PAYLOAD_KEYS for the API and every worker, and restart them ' +
  '(docs/encryption.md).';

const judge = (keys: number, address: string, { required }: EncryptionPolicy): CheckResult => {
  if (keys > 0) {
    const by = keys === 1 ? 'by 1 key' : `by the first of ${keys} keys, which all decrypt`;
    const clearText = required ? 'refused' : 'accepted too, without PAYLOAD_ENCRYPTION=required';
    return ok(`What Temporal stores is encrypted ${by}. Clear text is ${clearText}.`);
  }
  const isHere = isLoopback(address.replace(/:\d+$/, ''));
  return isHere
    ? info(
        `What Temporal stores is not encrypted: ${SEES}. That is fine on this machine. ` +
          'Set PAYLOAD_KEYS before you use another server.',
      )
    : warning(`What Temporal stores is not encrypted: ${SEES}.`, REMEDY);
};

/**
 * Says whether what Temporal stores is encrypted. `address`: its `host:port`. Of the keys, it says how many there are.
 */
export const payloadsCheck = (keys: readonly unknown[], address: string, policy: EncryptionPolicy = {}): Check => ({
  name: 'payloads',
  run: () => judge(keys.length, address, policy),
  whenSilent: REMEDY,
});
