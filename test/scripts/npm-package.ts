import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ROOT, read } from '../docs/markdown.ts';

const run = promisify(execFile);
const MINUTES = 60_000;
const MEGABYTE = 2 ** 20;

// biome-ignore lint/style/noProcessEnv: the product gets none of it but what is named below
const OURS = process.env;
const { TEST_EMPTY_CACHE } = OURS;
/**
 * Where npm and the fetched `temporal` program are, and how this machine reaches the registry: without its proxy or its
 * certificates npm tries each package again and again, for a quarter of an hour.
 */
const KEPT =
  /^(?:PATH|HOME|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|(?:https?|no)_?proxy|npm_config_(?:registry|cafile|(?:user|global)config))$/i;
const MACHINE = Object.fromEntries(Object.entries(OURS).filter(([name]) => KEPT.test(name)));
/** As on a machine that has never installed anything; else packages come from npm's cache, as far as it has them. */
const hasEmptyCache = TEST_EMPTY_CACHE === 'true';

let folder: string;
let empty: string;
let tarball: string;

/** Without a wait before each answer: the demo is tested elsewhere. */
const DEMO = { QUIET_PERIOD: '0s', EMAIL_DELAY: '0s' };
const inEmptyFolder = async (...words: string[]): Promise<string> => {
  const [command = '', ...rest] = words;
  const options = { cwd: empty, env: { ...MACHINE, ...DEMO }, maxBuffer: 8 * MEGABYTE };
  return (await run(command, rest, options)).stdout;
};

/** Runs the command of the package. */
const npx = async (...words: string[]): Promise<string> =>
  hasEmptyCache
    ? await inEmptyFolder(
        ...['npx', '--yes', '--cache', join(folder, 'cache'), '--package', `file:${tarball}`, 'threadkeeper'],
        ...words,
      )
    : await inEmptyFolder('npx', '--no', '--prefix', join(folder, 'installed'), 'threadkeeper', ...words);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-npm-package-'));
  empty = join(folder, 'empty');
  await mkdir(empty);
  const name = `threadkeeper-${JSON.parse(read('package.json')).version}.tgz`;
  await run(process.execPath, ['scripts/make-package.ts'], { cwd: ROOT, env: MACHINE });
  tarball = join(folder, name);
  await rename(join(ROOT, name), tarball);
  if (hasEmptyCache) return;
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
  await inEmptyFolder('npm', 'install', ...quick, '--prefix', join(folder, 'installed'), tarball);
}, 10 * MINUTES);
afterAll(() => rm(folder, { recursive: true, force: true }));

it(
  'is installed, and plays the demo by npx in an empty folder, of which it keeps nothing',
  async () => {
    expect(await npx('--help')).toMatch(/^Usage: threadkeeper COMMAND/);
    const demo = await npx('demo', '--once');
    expect(demo).toContain('Threadkeeper, with everything embedded');
    expect(demo).toMatch(/AI\s+Standard shipping takes 2 to 4 working days/);
    expect(await readdir(empty)).toEqual([]);
  },
  15 * MINUTES,
);
