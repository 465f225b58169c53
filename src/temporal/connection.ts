import { Client, type ClientInterceptors, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { TemporalSettings } from './envconfig.ts';
import { dataConverterOf, type EncryptionPolicy } from './payload-codec.ts';
import type { PayloadKey } from './payload-keys.ts';

/** The Temporal server doesn't answer, or refuses the connection. */
export class TemporalUnreachable extends Error {
  override readonly name = 'TemporalUnreachable';

  constructor(address: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    // The native client prints its Rust error; what a person needs is the system's message in it.
    const [, system = reason] = /message: "([^"]+)"/.exec(reason) ?? [];
    super(
      `Temporal at ${address} can't be reached (${system}): start it, or correct TEMPORAL_ADDRESS and its credentials.`,
      { cause },
    );
  }
}

/**
 * A client of the settings' namespace that connects at its first call, so that a process can start before Temporal
 * does. What it sends is encrypted with the first of `payloadKeys`; with none, said as `[]`, it goes in clear text.
 * Whoever made it closes `client.connection`.
 */
export const createClient = (
  { connectionOptions, namespace }: TemporalSettings,
  payloadKeys: readonly PayloadKey[],
  { interceptors, encryption }: { interceptors?: ClientInterceptors | undefined; encryption?: EncryptionPolicy } = {},
): Client =>
  new Client({
    connection: Connection.lazy(connectionOptions),
    namespace,
    dataConverter: dataConverterOf(payloadKeys, encryption),
    ...(interceptors ? { interceptors } : {}),
  });

/**
 * The connection that Workers poll over. To be closed after they have stopped.
 * @throws {TemporalUnreachable}
 */
export const connectWorkers = async ({ address, connectionOptions }: TemporalSettings): Promise<NativeConnection> => {
  try {
    return await NativeConnection.connect(connectionOptions);
  } catch (error) {
    throw new TemporalUnreachable(address, error);
  }
};
