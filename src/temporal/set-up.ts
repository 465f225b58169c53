import { createClient, TemporalUnreachable } from './connection.ts';
import type { TemporalSettings } from './envconfig.ts';
import { type PreparedNamespace, prepareNamespace } from './namespace.ts';

/**
 * Prepares the namespace of an external server, retention included, over a connection of its own.
 * @throws {TemporalUnreachable}
 * @throws {NamespaceMissing}
 * @throws {SearchAttributesMissing}
 */
export const setUpTemporal = async (settings: TemporalSettings): Promise<PreparedNamespace> => {
  const { connection } = createClient(settings);
  try {
    await connection.ensureConnected().catch((error: unknown) => {
      throw new TemporalUnreachable(settings.address, error);
    });
    return await prepareNamespace(connection, settings.namespace, { raiseRetention: true });
  } finally {
    await connection.close();
  }
};
