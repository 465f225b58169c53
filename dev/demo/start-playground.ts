import type { ChildProcess } from 'node:child_process';
import type { Client } from '@temporalio/client';
import { listen } from '../../src/api/server.ts';
import { onFreePort } from '../../src/lib/ports.ts';
import type { Resources } from '../../src/processes/lifecycle.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { createControls } from './playground/controls.ts';
import { createPlayground } from './playground/playground.ts';
import { createRuns } from './playground/runs.ts';
import { recordedSilence } from './playground/silence.ts';
import { createDemoWorker, type DemoWorker } from './worker-process.ts';

export interface PlaygroundOptions {
  simulator: Simulator;
  client: Client;
  portal: PortalSettings;
  appId: string;
  /** The address of the Temporal Web UI; it has no slash at its end. */
  uiUrl: string;
  namespace: string;
  /** The desk's address. */
  opsUrl: string;
  /** The page's; another one where it is in use. */
  port: number;
  /** `host:port` */
  temporalAddress: string;
  /** The worker's, under what is set on the page. */
  settings: Record<string, string>;
  /** Called with a line on what happens to the worker without an order from the page. */
  onProgress: (line: string) => void;
  /** The worker's. */
  database: OpenDatabase;
  /** A process that waits for the worker's order. */
  firstWorker: ChildProcess;
}

/** Only this machine reaches the page: it kills processes. */
const HOST = '127.0.0.1';

/**
 * Starts the demo's worker, in a process that can be killed, and the page that does so, into `resources`.
 * @throws {CannotListen}
 */
export const startPlayground = async (
  options: PlaygroundOptions,
  resources: Resources,
): Promise<{ worker: DemoWorker; url: string }> => {
  const { simulator, client, portal } = options;
  // The page comes last, and all the others call it.
  let refreshPages = (): void => undefined;
  const changed = (): void => refreshPages();

  const controls = createControls(simulator, portal, () => {
    worker.change();
    changed();
  });
  const worker = createDemoWorker(
    () => ({
      settings: { ...options.settings, ...controls.settings() },
      temporalAddress: options.temporalAddress,
      aiIsDown: controls.switches.aiIsDown,
    }),
    {
      onChange: changed,
      onDeath: options.onProgress,
      onStep: options.onProgress,
      first: options.firstWorker,
    },
  );
  const runs = createRuns(client, () => worker.state === 'polls', changed);
  const playground = createPlayground({
    ...options,
    worker,
    controls,
    runs,
    recordedSilence: recordedSilence(options.database, portal.portalId),
  });
  refreshPages = playground.changed;

  worker.start();
  resources.add(() => worker.stop());
  resources.add(() => runs.close());
  // Open pages hold their streams: nothing is worth waiting for.
  const page = await onFreePort(options.port, (port) => listen(playground.app, { port, host: HOST, closeGraceMs: 0 }));
  resources.add(() => page.close());
  return { worker, url: page.url };
};
