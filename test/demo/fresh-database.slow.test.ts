import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freshDatabase } from '../../dev/demo/fresh-database.ts';
import { openDatabase } from '../../src/sessions/open-session-store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fresh-database-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('makes an empty database once, and copies it from then on', async () => {
  let made = 0;
  const cache = join(folder, 'cache');
  for (const name of ['first', 'second']) {
    const dataDir = join(folder, name);
    await freshDatabase(dataDir, cache, () => (made += 1));
    const { db, close } = await openDatabase({ databaseUrl: undefined, dataDir });
    expect(await db.selectFrom('sessions').selectAll().execute()).toEqual([]);
    await close();
  }
  expect(made).toBe(1);
  expect(await readdir(join(cache, 'demo-databases'))).toHaveLength(1);

  const notAFolder = join(folder, 'file');
  await writeFile(notAFolder, '');
  await freshDatabase(join(folder, 'third'), notAFolder, () => undefined);
  expect(await readdir(folder)).not.toContain('third');
});
