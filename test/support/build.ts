import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { madeOnce } from './made-once.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const npmRunBuild = async (folder: string, signal: AbortSignal): Promise<void> => {
  // A process group of its own: the compiler is a grandchild, and would go on writing after npm's end.
  const npm = spawn('npm', ['run', '--silent', 'build'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const killAll = (): void => {
    if (npm.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', killAll);
  try {
    // Not its exit: only when the last of the group is gone are its pipes closed.
    const [code] = await once(npm, 'close');
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`npm run build failed:\n${output}`);
  } finally {
    signal.removeEventListener('abort', killAll);
  }
};

/**
 * The compiler's checks take most of a build's time, and `npm test` makes them once. Unchecked, no types of packages
 * are needed.
 */
const leaveTypesUnchecked = async (path: string): Promise<void> => {
  const config = JSON.parse(await readFile(path, 'utf8'));
  Object.assign(config.compilerOptions, { noCheck: true, noResolve: true, types: [] });
  await writeFile(path, JSON.stringify(config));
};

/**
 * `npm run build` of this code in a folder of its own, so that whoever builds or edits meanwhile changes nothing for
 * the processes that are started again and again. Gives the folder of `api.js` and `worker.js`. `change` may edit the
 * copied sources first.
 * @throws {Error} of the build
 */
export const buildApart = async (
  folder: string,
  signal: AbortSignal,
  change: (sources: string) => Promise<void> = async () => undefined,
): Promise<string> => {
  await mkdir(folder);
  for (const part of ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  }
  await leaveTypesUnchecked(join(folder, 'tsconfig.build.json'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await change(folder);
  signal.throwIfAborted();
  await npmRunBuild(folder, signal);
  return join(folder, 'dist');
};

/** The same for all test files of a run. */
export const suiteBuild = async (): Promise<string> =>
  join(await madeOnce('build', (folder) => buildApart(folder, new AbortController().signal)), 'dist');
