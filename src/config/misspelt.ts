import { nearestName } from './nearest-name.ts';
import type { Warning } from './warning.ts';

/** Read by `@temporalio/envconfig`, beside those that Threadkeeper looks at. (Temporal: environment configuration.) */
export const TEMPORALS_OWN = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_API_KEY',
  'TEMPORAL_CODEC_AUTH',
  'TEMPORAL_CODEC_ENDPOINT',
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_PROFILE',
  'TEMPORAL_TLS',
  'TEMPORAL_TLS_CLIENT_CERT_DATA',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_DATA',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
  'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION',
  'TEMPORAL_TLS_SERVER_CA_CERT_DATA',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'TEMPORAL_TLS_SERVER_NAME',
];

/** Read here, but named by others: what looks like one of them is theirs too. */
const OTHERS = ['XDG_CACHE_HOME', 'PORT'];

/** Variables that are read by nobody here, and are nearly one of `settings`: each with the right name. */
export const misspeltWarnings = (present: Record<string, string>, settings: readonly string[]): Warning[] => {
  const known = new Set([...settings, ...TEMPORALS_OWN]);
  const candidates = [...known].filter((name) => !OTHERS.includes(name));
  return Object.keys(present).flatMap((setting) => {
    const right = known.has(setting) ? undefined : nearestName(setting, candidates);
    if (right === undefined) return [];
    return [{ setting, message: `${setting} is no setting and has no effect: did you mean ${right}?` }];
  });
};
