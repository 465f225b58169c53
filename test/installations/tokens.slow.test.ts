import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { withEmbeddedDatabase } from '../support/embedded-database.ts';
import { tokensIn } from './tokens-contract.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await withEmbeddedDatabase(await mkdtemp(join(tmpdir(), 'threadkeeper-tokens-')));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describe(
  'the tokens of installed portals, in the embedded database',
  tokensIn(() => ({ databaseUrl: undefined, dataDir })),
);
