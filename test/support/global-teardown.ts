import { rm } from 'node:fs/promises';

/** Ends what global-setup.ts started (jest's `globalTeardown`, in the same process). */
export default async (): Promise<void> => {
  const { stopSuiteServers, suiteFolder } = globalThis as unknown as {
    stopSuiteServers: () => Promise<unknown>;
    suiteFolder: string;
  };
  await stopSuiteServers();
  await rm(suiteFolder, { recursive: true, force: true });
};
