import { beforeAll, describe } from '@jest/globals';
import { createSuiteDatabase } from '../support/suite-environment.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { tokensIn } from './tokens-contract.ts';

(suiteTemporal().databaseUrl === null ? describe.skip : describe)('with a PostgreSQL server', () => {
  let databaseUrl: string;
  beforeAll(async () => {
    databaseUrl = (await createSuiteDatabase()) ?? '';
  });

  describe(
    'the tokens of installed portals',
    tokensIn(() => ({ databaseUrl, dataDir: '/nowhere' })),
  );
});
