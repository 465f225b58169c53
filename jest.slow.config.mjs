import everything from './jest.config.mjs';

/** `npm run test:slow`: real processes that are killed, browsers, demos. @type {import('jest').Config} */
export default { ...everything, testMatch: ['<rootDir>/test/**/*.slow.test.ts'] };
