import { afterAll } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import { type Logger, pino } from 'pino';
import { connectWorkers, createClient } from '../../src/temporal/connection.ts';
import { plainSettings, type TemporalSettings } from '../../src/temporal/envconfig.ts';
import { createPayloadCodec } from '../../src/temporal/payload-codec.ts';
import { readPayloadKeys } from '../../src/temporal/payload-keys.ts';
import { installRuntime } from '../../src/temporal/runtime.ts';
import { createWorkers, type WorkersOptions } from '../../src/temporal/worker.ts';
import type { WorkflowSource } from '../../src/temporal/workflow-bundle.ts';
import { suiteTemporal } from './suite-temporal.ts';

export { uniqueName } from './unique-name.ts';

/**
 * A test file's way to the suite's Temporal server. Everything that it hands out is closed after the file's last test.
 */
export interface TestTemporal {
  settings: TemporalSettings;
  /** With the keys of the run, if it has any. */
  client: Client;
  /** Without a key, as whoever looks into Temporal. */
  stranger: Client;
  /** Opens what a history holds, with the same keys. */
  codec: PayloadCodec;
  /** The product's own workflows, bundled once for the suite. */
  workflows: WorkflowSource;
  /** Takes what the file's processes log. */
  logger: Logger;
  /** Connects at its first call. */
  workerConnection(): Promise<NativeConnection>;
  /** A pair of Workers that runs until the returned function, or the end of the file, stops it. */
  runWorkers(
    options: Omit<WorkersOptions, 'connection' | 'namespace' | 'workflows' | 'payloadKeys'> & Partial<WorkersOptions>,
  ): Promise<() => Promise<void>>;
}

/**
 * What the file wants to see of its processes; without it they are silent: they log the failures that tests provoke.
 */
export interface Seen {
  logger?: Logger;
  /** `{IP address}:{port}` of the worker's metrics page; none without it. */
  metricsAddress?: string;
}

/** To be called once at the top of a test file. */
export const useTemporal = ({ logger = pino({ level: 'silent' }), metricsAddress }: Seen = {}): TestTemporal => {
  const { address, workflowBundlePath, payloadKeys: keys } = suiteTemporal();
  const settings = plainSettings(address);
  const payloadKeys = readPayloadKeys(keys) ?? [];
  const client = createClient(settings, payloadKeys);
  const stranger = createClient(settings, []);
  const workflows: WorkflowSource = { workflowBundle: { codePath: workflowBundlePath } };
  const running = new Set<() => Promise<void>>();
  let connection: Promise<NativeConnection> | undefined;
  const workerConnection = () => {
    if (connection === undefined) {
      // Only now: the native runtime ends with its last connection, and without one it would keep jest from ending.
      installRuntime(logger, { prometheusAddress: metricsAddress });
      connection = connectWorkers(settings);
    }
    return connection;
  };

  afterAll(async () => {
    await Promise.all([...running].map((stop) => stop()));
    await (await connection)?.close();
    await Promise.all([client.connection.close(), stranger.connection.close()]);
  });

  return {
    settings,
    client,
    stranger,
    codec: createPayloadCodec(payloadKeys),
    workflows,
    logger,
    workerConnection,
    runWorkers: async (options) => {
      const workers = await createWorkers({
        connection: await workerConnection(),
        namespace: settings.namespace,
        workflows,
        payloadKeys,
        ...options,
      });
      const run = workers.run();
      const stop = async () => {
        running.delete(stop);
        await workers.shutdown();
        await run;
      };
      running.add(stop);
      return stop;
    },
  };
};
