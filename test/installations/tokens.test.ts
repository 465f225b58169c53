import { afterAll, beforeAll, describe } from '@jest/globals';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { tokensIn } from './tokens-contract.ts';

(hasPostgres ? describe : describe.skip)('with a PostgreSQL server', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  describe(
    'the tokens of installed portals',
    tokensIn(() => ({ databaseUrl: server.url(), dataDir: '/nowhere' })),
  );
});
