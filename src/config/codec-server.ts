import { isLoopback } from '../lib/loopback.ts';
import type { PayloadKey } from '../temporal/payload-keys.ts';
import { environmentSchema, presentIn, warningsIn } from './environment.ts';
import { ConfigError, problemsIn } from './errors.ts';
import type { Warning } from './warning.ts';

/** The codec server listens like this, and answers these callers. */
export interface CodecServerSettings {
  payloadKeys: PayloadKey[];
  host: string;
  port: number;
  /** The token that callers have to show; without it anyone on this machine may call. */
  token: string | undefined;
  /** The Temporal Web UI is served from these, and may call. */
  uiOrigins: string[];
  /** These work, but not as they should. */
  warnings: Warning[];
}

/**
 * The settings of the codec server, which needs no others.
 * @throws {ConfigError} also where others could reach it and there is no token
 */
export const readCodecServerSettings = (environment: Record<string, string | undefined>): CodecServerSettings => {
  const present = presentIn(environment);
  const warnings = warningsIn(present);
  const read = environmentSchema
    .pick({
      PAYLOAD_KEYS: true,
      CODEC_SERVER_HOST: true,
      CODEC_SERVER_PORT: true,
      CODEC_SERVER_TOKEN: true,
      CODEC_SERVER_UI_ORIGIN: true,
    })
    .safeParse(present);
  if (!read.success) throw new ConfigError(problemsIn(read.error), warnings);
  const { PAYLOAD_KEYS, CODEC_SERVER_HOST: host, CODEC_SERVER_TOKEN: token } = read.data;
  const problems = [];
  if (!PAYLOAD_KEYS?.length) problems.push('PAYLOAD_KEYS is missing: without keys there is nothing to decrypt');
  if (!token && !isLoopback(host))
    problems.push(`CODEC_SERVER_TOKEN is missing: others than this machine can reach CODEC_SERVER_HOST ${host}`);
  if (problems.length > 0) throw new ConfigError(problems, warnings);
  return {
    payloadKeys: PAYLOAD_KEYS ?? [],
    host,
    port: read.data.CODEC_SERVER_PORT,
    token,
    uiOrigins: read.data.CODEC_SERVER_UI_ORIGIN,
    warnings,
  };
};
