/** What global-setup.ts made ready, for every test file of the run. */
export interface SuiteTemporal {
  address: string;
  cliPath: string;
  /** Of what `payloadKeys` demand. */
  workflowBundlePath: string;
  /**
   * What every product of the run encrypts its payloads with, as PAYLOAD_KEYS has it; empty: they stand in clear text.
   */
  payloadKeys: string;
  /** A PostgreSQL server where every product of the run gets a database of its own; `null`: each embeds one. */
  databaseUrl: string | null;
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
