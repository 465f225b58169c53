import { type LoadClientProfileOptions, loadClientConnectConfig } from '@temporalio/envconfig';
import { TEMPORAL_ADDRESS, TEMPORAL_ADDRESS_ADVICE } from './address.ts';

/** The Temporal server to use, and the way to reach it. */
export interface TemporalSettings {
  /** `host:port`. */
  address: string;
  namespace: string;
  /** With the address, and with credentials and TLS where they are set: never to be logged. */
  connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
}

/** Temporal's settings in the environment or its configuration file can't be read. */
export class TemporalSettingsError extends Error {
  override readonly name = 'TemporalSettingsError';

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `Temporal's settings can't be read: ${reason}. Check TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE and TEMPORAL_TLS_*.`,
      { cause },
    );
  }
}

/**
 * Reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*, TEMPORAL_PROFILE and
 * TEMPORAL_CONFIG_FILE as every Temporal tool does. Without any of them: `localhost:7233`, namespace `default`.
 * `options` replace the process's environment or the file, for tests.
 * @throws {TemporalSettingsError}
 */
export const readTemporalSettings = (options: LoadClientProfileOptions = {}): TemporalSettings => {
  try {
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig(options);
    const address = connectionOptions.address ?? 'localhost:7233';
    if (!TEMPORAL_ADDRESS.test(address)) throw new Error(`the address ${TEMPORAL_ADDRESS_ADVICE}`);
    return { address, namespace, connectionOptions: { ...connectionOptions, address } };
  } catch (error) {
    throw new TemporalSettingsError(error);
  }
};

/** A server without credentials or TLS, such as the embedded one. */
export const plainSettings = (address: string, namespace = 'default'): TemporalSettings => ({
  address,
  namespace,
  connectionOptions: { address },
});
