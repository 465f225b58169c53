import everything from './jest.config.mjs';

/** `npm run test:slow`: real processes that are killed, browsers, demos. @type {import('jest').Config} */
export default {
  ...everything,
  // Some of them start several processes, most of them wait: two leave a core idle, four wait for one another.
  maxWorkers: 3,
  testMatch: ['<rootDir>/test/**/*.slow.test.ts'],
};
