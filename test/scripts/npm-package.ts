import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ROOT, read } from '../docs/markdown.ts';

const run = promisify(execFile);
const MINUTES = 60_000;

let folder: string;
let empty: string;
let tarball: string;

// biome-ignore lint/style/noProcessEnv: where npm and the fetched `temporal` program are. Nothing else comes along.
const { PATH = '', HOME = '' } = process.env;
/** In an empty folder, with a cache that nobody has filled. */
const npx = async (...words: string[]): Promise<string> => {
  const options = ['--yes', '--cache', join(folder, 'cache'), '--package', `file:${tarball}`];
  const { stdout } = await run('npx', [...options, 'threadkeeper', ...words], { cwd: empty, env: { PATH, HOME } });
  return stdout;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-npm-package-'));
  empty = join(folder, 'empty');
  await mkdir(empty);
  const name = `threadkeeper-${JSON.parse(read('package.json')).version}.tgz`;
  await run('npm', ['run', '--silent', 'package'], { cwd: ROOT, env: { PATH, HOME } });
  tarball = join(folder, name);
  await rename(join(ROOT, name), tarball);
}, 10 * MINUTES);
afterAll(() => rm(folder, { recursive: true, force: true }));

it(
  'is installed by npx, and plays the demo in an empty folder, of which it keeps nothing',
  async () => {
    expect(await npx('--help')).toMatch(/^Usage: threadkeeper COMMAND/);
    expect(await npx('demo', '--once')).toContain('Threadkeeper, with everything embedded');
    expect(await readdir(empty)).toEqual([]);
  },
  15 * MINUTES,
);
