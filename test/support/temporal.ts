import { randomUUID } from 'node:crypto';
import { afterAll } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { type Logger, pino } from 'pino';
import { connectWorkers, createClient } from '../../src/temporal/connection.ts';
import { plainSettings, type TemporalSettings } from '../../src/temporal/envconfig.ts';
import { installRuntime } from '../../src/temporal/runtime.ts';
import { createWorkers, type WorkersOptions } from '../../src/temporal/worker.ts';
import type { WorkflowSource } from '../../src/temporal/workflow-bundle.ts';
import { suiteTemporal } from './suite-temporal.ts';

/** A test file's way to the suite's Temporal server. Everything that it hands out is closed after the file's last test. */
export interface TestTemporal {
  settings: TemporalSettings;
  client: Client;
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

/** A name that no other test uses, for a task queue, a workflow ID or a namespace. */
export const uniqueName = (what: string): string => `${what}-${randomUUID().slice(0, 8)}`;

/** What the file wants to see of its processes; without it they are silent: they log the failures that tests provoke. */
export interface Seen {
  logger?: Logger;
  /** `{IP address}:{port}` of the worker's metrics page; none without it. */
  metricsAddress?: string;
}

/** To be called once at the top of a test file. */
export const useTemporal = ({ logger = pino({ level: 'silent' }), metricsAddress }: Seen = {}): TestTemporal => {
  const { address, workflowBundlePath } = suiteTemporal();
  const settings = plainSettings(address);
  const client = createClient(settings, []);
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
    await client.connection.close();
  });

  return {
    settings,
    client,
    workflows,
    logger,
    workerConnection,
    runWorkers: async (options) => {
      const workers = await createWorkers({
        connection: await workerConnection(),
        namespace: settings.namespace,
        workflows,
        payloadKeys: [],
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
