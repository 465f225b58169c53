import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { databaseCheck } from '../../src/doctor/database.ts';
import { examine } from '../../src/doctor/finding.ts';
import { openSessionStore } from '../../src/sessions/open-session-store.ts';
import { freePort } from '../support/free-port.ts';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';

const look = (databaseUrl: string | undefined, dataDir = '/nowhere') =>
  examine(databaseCheck(databaseUrl, dataDir), 30_000);

if (!hasPostgres) {
  process.stderr.write('\nSKIPPED: no PostgreSQL server is installed here, so doctor is not tested on one.\n\n');
}

(hasPostgres ? describe : describe.skip)('a PostgreSQL server', () => {
  let server: TestPostgres;
  const query = async (url: string, ...statements: string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const migrated = async (name: string): Promise<string> => {
    const databaseUrl = await server.createDatabase(name);
    await (await openSessionStore({ databaseUrl, dataDir: '/nowhere' })).close();
    return databaseUrl;
  };

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('is fine where it answers and its tables are up to date', async () => {
    expect(await look(await migrated('fine'))).toMatchObject({ check: 'database', level: 'ok' });
  });

  it('warns that the tables are not there yet, and leaves them to the worker', async () => {
    const url = await server.createDatabase('fresh');
    const found = { level: 'warning', remedy: expect.stringContaining('npm run worker') };
    expect(await look(url)).toMatchObject(found);
    expect(await look(url)).toMatchObject(found);
    await (await openSessionStore({ databaseUrl: url, dataDir: '/nowhere' })).close();
    expect(await look(url)).toMatchObject({ level: 'ok' });
  });

  it('finds tables that a newer version has changed', async () => {
    const url = await migrated('newer');
    await query(url, `insert into kysely_migration values ('0999-from-the-future', now()::text)`);
    expect(await look(url)).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('0999-from-the-future'),
      remedy: expect.stringContaining('Run that version'),
    });
  });

  it('finds a server that is read-only', async () => {
    const url = await migrated('standby');
    await query(url, 'alter database standby set default_transaction_read_only = on');
    expect(await look(url)).toMatchObject({ level: 'problem', remedy: expect.stringContaining('primary') });
  });

  it('finds a user who may not create the tables; its command mends it', async () => {
    const url = await server.createDatabase('guarded');
    await query(url, 'revoke create on schema public from public', `create role guest login password 'guest'`);
    const asGuest = url.replace(/\/\/[^@]+@/, '//guest:guest@');
    const found = await look(asGuest);
    expect(found).toMatchObject({ level: 'problem' });
    const [command = ''] = /GRANT .* TO/.exec(found.remedy ?? '') ?? [];
    await query(url, `${command} guest`);
    expect(await look(asGuest)).toMatchObject({ level: 'warning' });
  });

  it('finds a wrong password, and never shows any', async () => {
    const found = await look(server.url().replace('only-for-tests', 'wrong-one'));
    expect(found).toMatchObject({ level: 'problem', message: expect.stringContaining('password is wrong') });
    expect(JSON.stringify(found)).not.toMatch(/wrong-one|only-for-tests/);
  });

  it("finds a database that isn't there; once created, it is fine", async () => {
    expect(await look(server.url('later'))).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('create it, or check DATABASE_URL'),
    });
    expect(await look(await migrated('later'))).toMatchObject({ level: 'ok' });
  });
});

it('finds a port of DATABASE_URL where nothing listens', async () => {
  expect(await look(`postgres://user:hidden@127.0.0.1:${await freePort()}/db`)).toMatchObject({
    level: 'problem',
    message: expect.stringContaining('start PostgreSQL, or check host and port in DATABASE_URL'),
  });
});

describe('the embedded database', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadkeeper-doctor-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is fine before the first start, and is not made by looking', async () => {
    const dataDir = join(folder, 'not', 'yet');
    const found = { level: 'ok', message: expect.stringContaining('will be made') };
    expect(await look(undefined, dataDir)).toMatchObject(found);
    expect(await look(undefined, dataDir)).toMatchObject(found);
  });

  it('is fine where it can be written', async () => {
    const dataDir = join(folder, 'made');
    await mkdir(join(dataDir, 'sessions'), { recursive: true });
    expect(await look(undefined, dataDir)).toMatchObject({ level: 'ok', message: expect.stringMatching(/written\.$/) });
  });

  it('is a problem where DATA_DIR is no folder', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const found = { level: 'problem', remedy: expect.stringContaining('Set DATA_DIR') };
    expect(await look(undefined, file)).toMatchObject(found);
    expect(await look(undefined, join(file, 'below'))).toMatchObject(found);
  });
});
