import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../docs/markdown.ts';

const run = promisify(execFile);
/** What npm runs of a package that it installs. */
const HOOKS = ['preinstall', 'install', 'postinstall'];

let folder: string;
/** A folder in which the scripts of the package leave a file each. */
let traces: string;

/** A project that depends on a package with a script for each hook. */
const project = async (name: string): Promise<string> => {
  const at = join(folder, name);
  await mkdir(at);
  await writeFile(
    join(at, 'package.json'),
    JSON.stringify({
      name,
      version: '1.0.0',
      dependencies: { packed: `file:${join(folder, 'packed-1.0.0.tgz')}` },
    }),
  );
  return at;
};
// biome-ignore lint/style/noProcessEnv: where npm is. Nothing else comes along: npm hands its settings on to what it runs.
const { PATH = '', HOME = '' } = process.env;
const npm = async (cwd: string, ...words: string[]) =>
  await run('npm', [...words, '--offline', '--no-audit', '--cache', join(folder, 'cache')], {
    cwd,
    env: { PATH, HOME },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-install-'));
  traces = join(folder, 'traces');
  await mkdir(join(folder, 'packed'));
  const scripts = Object.fromEntries(HOOKS.map((hook) => [hook, `echo ran > ${join(traces, hook)}`]));
  await writeFile(
    join(folder, 'packed', 'package.json'),
    JSON.stringify({ name: 'packed', version: '1.0.0', scripts }),
  );
  await npm(folder, 'pack', './packed', '--ignore-scripts');
  await mkdir(traces);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('.npmrc', () => {
  it('lets no package run a script when it is installed, by npm install, npm ci or npm rebuild', async () => {
    const ours = await project('ours');
    await copyFile(join(ROOT, '.npmrc'), join(ours, '.npmrc'));
    for (const command of ['install', 'ci', 'rebuild']) await npm(ours, command);
    expect(await readdir(join(ours, 'node_modules'))).toContain('packed');
    expect(await readdir(traces)).toEqual([]);
  });

  it('is what keeps them from it', async () => {
    await npm(await project('others'), 'install', '--ignore-scripts=false', '--dangerously-allow-all-scripts');
    expect(await readdir(traces)).toEqual(expect.arrayContaining(HOOKS));
  });
});
