import { rm } from 'node:fs/promises';

/** Ends what global-setup.ts started (jest's `globalTeardown`, in the same process). */
export default async (): Promise<void> => {
  const { stopSuiteServer, suiteFolder } = globalThis as unknown as {
    stopSuiteServer: () => Promise<void>;
    suiteFolder: string;
  };
  await stopSuiteServer();
  await rm(suiteFolder, { recursive: true, force: true });
};
