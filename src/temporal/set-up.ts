import { Connection } from '@temporalio/client';
import { TemporalUnreachable } from './connection.ts';
import type { TemporalSettings } from './envconfig.ts';
import { type PreparedNamespace, prepareNamespace } from './namespace.ts';
import { limitRate } from './rate-limit.ts';

/**
 * Prepares the namespace of an external server, retention included, and the rate of HubSpot's activities, over a
 * connection of its own.
 * @throws {TemporalUnreachable}
 * @throws {NamespaceMissing}
 * @throws {SearchAttributesMissing}
 */
export const setUpTemporal = async (
  settings: TemporalSettings,
  { taskQueue, hubspotActivitiesPerSecond }: { taskQueue: string; hubspotActivitiesPerSecond: number },
): Promise<PreparedNamespace> => {
  const { namespace } = settings;
  const connection = await Connection.connect({ ...settings.connectionOptions, connectTimeout: '5s' }).catch(
    (error: unknown) => {
      throw new TemporalUnreachable(settings.address, error);
    },
  );
  try {
    const prepared = await prepareNamespace(connection, namespace, { raiseRetention: true });
    const toDo = await limitRate(connection, { namespace, taskQueue }, hubspotActivitiesPerSecond);
    return { ...prepared, warnings: [...prepared.warnings, ...toDo] };
  } finally {
    await connection.close();
  }
};
