import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { openSessionStore } from '../../src/sessions/open-session-store.ts';

// A program of its own: in jest it takes three times as long. It makes the database of the folder it is given, small,
// since each product in a test copies it: with short files for the log, and without the databases that nobody opens.
const [, , dataDir = ''] = process.argv;
const database = await PGlite.create(join(dataDir, 'sessions'), { initDbStartParams: ['--wal-segsize=1'] });
for (const unused of ['template0', 'template1']) {
  await database.exec(`ALTER DATABASE ${unused} IS_TEMPLATE false`);
  await database.exec(`DROP DATABASE ${unused}`);
}
await database.close();
await (await openSessionStore({ databaseUrl: undefined, dataDir })).close();
