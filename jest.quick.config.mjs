import everything from './jest.config.mjs';

/** `npm test`: all but what is slow. @type {import('jest').Config} */
export default { ...everything, testPathIgnorePatterns: ['[.]slow[.]test[.]ts$'] };
