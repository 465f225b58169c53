import everything from './jest.config.mjs';

/** `npm run test:slow`: real processes that are killed, browsers, demos. @type {import('jest').Config} */
export default {
  ...everything,
  // Each of them starts several processes: more at once only wait for one another.
  maxWorkers: 2,
  testMatch: ['<rootDir>/test/**/*.slow.test.ts'],
};
