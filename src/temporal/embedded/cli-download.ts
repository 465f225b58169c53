import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rename } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// A network that swallows packets would keep the SDK waiting for minutes.
const FIRST_BYTE_TIMEOUT_MS = 15_000;
const DOWNLOAD_TIMEOUT_MS = 240_000;

// The SDK names the file after itself and its version, with `.downloading` behind it until it is complete.
const downloadsIn = async (folder: string) => (await readdir(folder)).filter((name) => name.startsWith('temporal-'));

/**
 * Downloads the `temporal` program the way the Temporal SDK does, in a process of its own: the SDK's native runtime can
 * be set up only once per process, and is not to be bothered by this; and a process can be stopped.
 * @param destination path of the program to be, in an existing folder that holds no other download
 * @throws {Error} with the SDK's reason; at the signal, once the process is gone
 */
export const downloadTemporalCli = async (destination: string, signal?: AbortSignal): Promise<void> => {
  signal?.throwIfAborted();
  const folder = dirname(destination);
  const script = fileURLToPath(new URL(`./cli-download-process${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let timedOut = false;
  const giveUp = () => {
    timedOut = true;
    child.kill('SIGKILL');
  };
  signal?.addEventListener('abort', giveUp, { once: true });
  const overall = setTimeout(giveUp, DOWNLOAD_TIMEOUT_MS);
  const firstByte = setTimeout(async () => {
    if ((await downloadsIn(folder)).length === 0) giveUp();
  }, FIRST_BYTE_TIMEOUT_MS);
  try {
    const [code] = await once(child, 'close');
    if (timedOut) throw new Error('temporal.download did not answer in time');
    if (code !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `ended with ${code}`);
  } finally {
    clearTimeout(overall);
    clearTimeout(firstByte);
    signal?.removeEventListener('abort', giveUp);
  }
  const [program] = await downloadsIn(folder);
  if (program === undefined) throw new Error('the SDK reported success but left no program');
  await rename(join(folder, program), destination);
};
