import { execFile } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * `npm run build` of this code in a folder of its own, so that whoever builds or edits meanwhile changes nothing for the
 * processes that are started again and again. Gives the folder of `api.js` and `worker.js`.
 * @throws {Error} of the build
 */
export const buildApart = async (folder: string, signal: AbortSignal): Promise<string> => {
  await mkdir(folder);
  for (const part of ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  try {
    await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: folder, signal });
  } catch (error) {
    signal.throwIfAborted();
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`npm run build failed:\n${stdout}${stderr}`, { cause: error });
  }
  return join(folder, 'dist');
};
