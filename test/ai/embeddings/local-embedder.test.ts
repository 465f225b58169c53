import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cosine, EmbeddingsUnavailable } from '../../../src/ai/embeddings/embedder.ts';
import { createLocalEmbedder } from '../../../src/ai/embeddings/local-embedder.ts';
import { localModelFiles } from '../../../src/ai/embeddings/local-model.ts';
import { userCacheDir } from '../../../src/lib/user-cache-dir.ts';

const never = new AbortController().signal;

const hasRuntime = (() => {
  try {
    createRequire(import.meta.url).resolve('onnxruntime-node');
    return true;
  } catch {
    return false;
  }
})();
const hasModel =
  hasRuntime &&
  (await localModelFiles(userCacheDir()).then(
    () => true,
    () => false,
  ));

if (!hasModel) {
  process.stderr.write(
    '\nSKIPPED: onnxruntime-node is not installed here, or the model can not be fetched, ' +
      'so vectors of a local model are not tested.\n\n',
  );
}

describe('vectors from a local model', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  (hasRuntime ? it.skip : it)('say what to install where there is nothing to run one', async () => {
    await expect(
      createLocalEmbedder({ folder, xdgCacheHome: undefined }).embed(['a'], 'question', never),
    ).rejects.toThrow(/npm install .*onnxruntime-node/);
  });

  (hasRuntime ? it : it.skip)('say what a folder has to hold', async () => {
    await writeFile(join(folder, 'model.onnx'), 'no model');
    const failure = createLocalEmbedder({ folder, xdgCacheHome: undefined }).embed(['a'], 'question', never);
    await expect(failure).rejects.toThrow(EmbeddingsUnavailable);
    await expect(failure).rejects.toThrow(/has to be ONNX, with tokenizer.json beside it/);
  });

  (hasModel ? it : it.skip)('are nearer for what means the same in other words', async () => {
    const texts = ['Where is my parcel?', 'I want to track my shipment', 'How do I bake a cake?'];
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(import.meta.dirname, 'embed-locally.ts'),
      ...texts,
    ]);
    const [parcel, shipment, cake] = (JSON.parse(stdout) as number[][]).map((vector) => Float32Array.from(vector));
    if (!parcel || !shipment || !cake) throw new Error('too few vectors');
    expect(cosine(parcel, parcel)).toBeCloseTo(1);
    expect(cosine(parcel, shipment)).toBeGreaterThan(cosine(parcel, cake) + 0.2);
  });
});
