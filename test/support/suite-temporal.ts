/** What global-setup.ts made ready, for every test file of the run. */
export interface SuiteTemporal {
  address: string;
  cliPath: string;
  workflowBundlePath: string;
  /** Removed after the last test. */
  folder: string;
}

// Jest's workers inherit the environment of the process that ran the set-up, and nothing else of it.
const VARIABLE = 'THREADKEEPER_TEST_TEMPORAL';

export const shareWithTests = (suite: SuiteTemporal): void => {
  // biome-ignore lint/style/noProcessEnv: see above
  process.env[VARIABLE] = JSON.stringify(suite);
};

export const suiteTemporal = (): SuiteTemporal => {
  // biome-ignore lint/style/noProcessEnv: see above
  const shared = process.env[VARIABLE];
  if (shared === undefined) throw new Error('Run the tests with jest.config.mjs: its globalSetup starts Temporal.');
  return JSON.parse(shared);
};
