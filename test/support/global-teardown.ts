import { rm } from 'node:fs/promises';
import type { DevServer } from '../../src/temporal/dev-server.ts';

/** Ends what global-setup.ts started (jest's `globalTeardown`, in the same process). */
export default async (): Promise<void> => {
  const { suiteServer, suiteFolder } = globalThis as unknown as { suiteServer: DevServer; suiteFolder: string };
  await suiteServer.stop();
  await rm(suiteFolder, { recursive: true, force: true });
};
