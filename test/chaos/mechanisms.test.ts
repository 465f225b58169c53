import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MECHANISMS, takeOut } from './mechanisms.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-mechanisms-'));
  await cp(fileURLToPath(new URL('../../src', import.meta.url)), join(folder, 'src'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

it.each(MECHANISMS)('$name stands where the proof looks for it, once', async (mechanism) => {
  await takeOut(folder, mechanism);
  await expect(takeOut(folder, mechanism)).rejects.toThrow('stands 0 times');
});
