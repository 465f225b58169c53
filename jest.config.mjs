import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  // Most tests wait, for timers, processes or a server: one keeps less than half of a core busy.
  maxWorkers: availableParallelism() + 2,
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Only for what hangs. A lost task costs up to a minute, and a machine that is busy with something else takes several
  // times as long for everything.
  testTimeout: 240_000,
};
