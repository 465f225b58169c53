import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { hashFiles } from '../../src/lib/hash-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hash-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('is another for another content, another name, a file that is not there, and other circumstances', async () => {
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  await writeFile(a, 'one');
  const hashes = [await hashFiles([a], 1), await hashFiles([a], 2), await hashFiles([a, b], 1)];
  await writeFile(b, '');
  hashes.push(await hashFiles([a, b], 1), await hashFiles([b, a], 1));
  await writeFile(a, 'two');
  hashes.push(await hashFiles([a], 1));
  expect(new Set(hashes).size).toBe(hashes.length);
  await writeFile(a, 'one');
  expect(await hashFiles([a], 1)).toBe(hashes[0]);
});
