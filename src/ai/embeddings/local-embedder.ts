import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { userCacheDir } from '../../lib/user-cache-dir.ts';
import { type Embedder, EmbeddingsUnavailable, normalised, prefixFor } from './embedder.ts';
import { type LocalModelFiles, localModelFiles } from './local-model.ts';

/** Of a text, in characters, before it is taken apart. */
const LONGEST_TEXT = 2_000;
/** What small models were trained on; what is further on adds little. */
const MOST_TOKENS = 256;

/** As much of `onnxruntime-node` as is used: it is installed only where somebody wants it. */
interface Runtime {
  InferenceSession: {
    create(path: string, options: { intraOpNumThreads: number; interOpNumThreads: number }): Promise<Session>;
  };
  Tensor: new (type: 'int64', data: BigInt64Array, dims: number[]) => unknown;
}
interface Session {
  inputNames: readonly string[];
  run(feeds: Record<string, unknown>): Promise<Record<string, { dims: readonly number[]; data: Float32Array }>>;
}

const RUNTIME = 'onnxruntime-node';

const loadRuntime = async (): Promise<Runtime> => {
  try {
    // By a name that nobody resolves before it is wanted.
    const loaded: Runtime & { default?: Runtime } = await import(RUNTIME);
    return loaded.default ?? loaded;
  } catch (error) {
    throw new EmbeddingsUnavailable(
      `EMBEDDING_MODEL=local needs ${RUNTIME}, which can't be loaded (${(error as NodeJS.ErrnoException).code ?? 'failed'}): npm install --no-save --ignore-scripts ${RUNTIME}@1.30.0`,
    );
  }
};

/** The mean of the tokens' vectors, which is what sentence encoders are trained for. */
const meanOf = ({ dims, data }: { dims: readonly number[]; data: Float32Array }): Float32Array => {
  if (dims.length === 2) return data;
  const [, tokens = 0, width = 0] = dims;
  const mean = new Float32Array(width);
  for (let token = 0; token < tokens; token += 1) {
    for (let at = 0; at < width; at += 1) mean[at] = (mean[at] as number) + (data[token * width + at] as number);
  }
  return mean;
};

export interface LocalEmbedderOptions {
  /** Holds `model.onnx` and `tokenizer.json`; `null`: the model that is fetched. */
  folder: string | null;
  xdgCacheHome: string | undefined;
}

const filesIn = (folder: string): LocalModelFiles => ({
  model: join(folder, 'model.onnx'),
  tokenizer: join(folder, 'tokenizer.json'),
});

/**
 * Vectors from an ONNX model in this process, on one thread. The model is loaded when it is first asked, and after a
 * failure at the next time.
 */
export const createLocalEmbedder = ({ folder, xdgCacheHome }: LocalEmbedderOptions): Embedder => {
  const name = folder === null ? 'all-MiniLM-L6-v2' : basename(folder);
  const load = async () => {
    const runtime = await loadRuntime();
    const files = folder === null ? await localModelFiles(userCacheDir(xdgCacheHome)) : filesIn(folder);
    try {
      const tokenizer = new Tokenizer(JSON.parse(await readFile(files.tokenizer, 'utf8')), {});
      const session = await runtime.InferenceSession.create(files.model, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
      });
      return { runtime, tokenizer, session };
    } catch {
      throw new EmbeddingsUnavailable(
        `The local embedding model can't be read: ${files.model} has to be ONNX, with tokenizer.json beside it`,
      );
    }
  };
  let loading: ReturnType<typeof load> | null = null;
  const loaded = (): ReturnType<typeof load> => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };

  return {
    model: `local ${name}`,
    async embed(texts, use, signal) {
      const { runtime, tokenizer, session } = await loaded();
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        if (signal.aborted) throw new EmbeddingsUnavailable('The local embedding model takes too long');
        const { ids }: { ids: number[] } = tokenizer.encode(`${prefixFor(name, use)}${text.slice(0, LONGEST_TEXT)}`);
        const read = ids.length > MOST_TOKENS ? [...ids.slice(0, MOST_TOKENS - 1), ids.at(-1) ?? 0] : ids;
        const row = (value: (id: number) => number): unknown =>
          new runtime.Tensor(
            'int64',
            BigInt64Array.from(read, (id) => BigInt(value(id))),
            [1, read.length],
          );
        const all: Record<string, unknown> = {
          input_ids: row((id) => id),
          attention_mask: row(() => 1),
          token_type_ids: row(() => 0),
        };
        const feeds = Object.fromEntries(session.inputNames.map((input) => [input, all[input]]));
        const [output] = Object.values(await session.run(feeds));
        if (!output) throw new EmbeddingsUnavailable('The local embedding model gave no vector');
        vectors.push(normalised(meanOf(output)));
      }
      return vectors;
    },
  };
};
