import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cachedBundle } from '../../src/temporal/bundle-cache.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-cache-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('bundles the workflows once for the same sources, drops old bundles, and works where nothing can be kept', async () => {
  let bundled = 0;
  const bundle = (cacheDir: string) => cachedBundle({ encrypting: false, cacheDir }, () => (bundled += 1));
  const first = await bundle(folder);
  const codePath = 'workflowBundle' in first && 'codePath' in first.workflowBundle ? first.workflowBundle.codePath : '';
  expect(await readFile(codePath, 'utf8')).toContain('replyToMessage');
  const kept = join(folder, 'workflow-bundles');
  for (let age = 1; age <= 9; age += 1) {
    const path = join(kept, `${'0'.repeat(31)}${age}.js`);
    await writeFile(path, '');
    await utimes(path, age, age);
  }
  expect(await bundle(folder)).toEqual(first);
  expect(bundled).toBe(1);

  await rm(codePath);
  expect(await bundle(folder)).toEqual(first);
  expect(bundled).toBe(2);
  const names = await readdir(kept);
  expect(names).toHaveLength(6);
  expect(codePath.endsWith(names.find((name) => !name.startsWith('000')) ?? 'none')).toBe(true);

  const notAFolder = join(folder, 'file');
  await writeFile(notAFolder, '');
  expect(await bundle(notAFolder)).toEqual({ workflowBundle: { code: expect.stringContaining('replyToMessage') } });
});
