import { Connection } from '@temporalio/client';
import { TemporalUnreachable } from './connection.ts';
import type { TemporalSettings } from './envconfig.ts';
import { type PreparedNamespace, prepareNamespace } from './namespace.ts';

/**
 * Prepares the namespace of an external server, retention included, over a connection of its own.
 * @throws {TemporalUnreachable}
 * @throws {NamespaceMissing}
 * @throws {SearchAttributesMissing}
 */
export const setUpTemporal = async (settings: TemporalSettings): Promise<PreparedNamespace> => {
  const connection = await Connection.connect({ ...settings.connectionOptions, connectTimeout: '5s' }).catch(
    (error: unknown) => {
      throw new TemporalUnreachable(settings.address, error);
    },
  );
  try {
    return await prepareNamespace(connection, settings.namespace, { raiseRetention: true });
  } finally {
    await connection.close();
  }
};
