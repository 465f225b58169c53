import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Passage } from '../knowledge/passages.ts';
import { cosine, type Embedder, EmbeddingsUnavailable } from './embedder.ts';
import type { VectorStore } from './vector-store.ts';

/** How near a question is to a passage by what both mean: 0 as the other passages are on average, 1 the same. */
export interface Meaning {
  /** To the nearest of its heading and other wordings. */
  heading: number;
  text: number;
}

/** By passage. */
export type Meanings = ReadonlyMap<Passage, Meaning>;

/** The passages' vectors, and the question's beside them. */
export interface MeaningIndex {
  /**
   * For each question how near each passage is; `null`: not to be had now, so words alone decide. It never throws but
   * at the signal, and waits for a server two seconds at most.
   */
  meaningsOf(questions: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Meanings> | null>;
  /** Resolves once every passage has its vectors. */
  ready: Promise<void>;
  /** Resolves once they were looked for, whether they could be had or not. */
  tried: Promise<void>;
}

export interface MeaningIndexOptions {
  embedder: Embedder;
  vectors: VectorStore;
  /** Gets a line when vectors can't be had, and one when they can again; at most one a minute. */
  warn?(line: string): void;
  /** Ends what goes on in the background. */
  signal?: AbortSignal;
  /** How long it waits after a failure before it asks the server for articles' vectors again. */
  retryMs?: number;
}

const QUESTION_MS = 2_000;
const BATCH_MS = 60_000;
const RETRY_MS = 30_000;
const BATCH = 16;
const WAIT_FOR_OTHERS_MS = 500;
/** After a failure the next questions go without, so that none waits for a server that is down. */
const PAUSE_MS = 15_000;
const WARN_EVERY_MS = 60_000;
/** So many sentences of one message: those further on are found by their words. */
const MOST_QUESTIONS = 16;
/** With fewer there is no telling what is near and what is just alike in everything. */
const FEWEST_PASSAGES = 4;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Texts {
  wordings: string[];
  text: string;
}

/**
 * Gets the vectors of all passages from the store or the embedder, in the background, again and again until it has
 * them; until then, and while the embedder fails, words alone decide.
 */
export const createMeaningIndex = (
  passages: readonly Passage[],
  { embedder, vectors, warn = () => undefined, signal, retryMs = RETRY_MS }: MeaningIndexOptions,
): MeaningIndex => {
  const texts: Texts[] = passages.map(({ title, questions, text }) => ({
    wordings: [title, ...questions],
    text: `${title}\n${text}`,
  }));
  const hashed = new Map<string, { text: string; use: 'question' | 'passage' }>();
  const keyOf = (use: 'question' | 'passage', text: string): string => hashOf(`${use}\n${text}`);
  for (const { wordings, text } of texts) {
    for (const wording of wordings) hashed.set(keyOf('question', wording), { text: wording, use: 'question' });
    hashed.set(keyOf('passage', text), { text, use: 'passage' });
  }

  let warnedAt = Number.NEGATIVE_INFINITY;
  const report = (error: unknown): void => {
    if (signal?.aborted || performance.now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = performance.now();
    const reason =
      error instanceof EmbeddingsUnavailable
        ? error.message
        : `Vectors can't be read or kept: ${(error as Error).message}`;
    warn(`${reason}. Questions are answered by their words alone meanwhile`);
  };

  const computeClaimed = async (model: string, claimed: readonly string[]): Promise<void> => {
    let open = [...claimed];
    try {
      for (const use of ['question', 'passage'] as const) {
        const ours = claimed.filter((hash) => hashed.get(hash)?.use === use);
        for (let start = 0; start < ours.length; start += BATCH) {
          const batch = ours.slice(start, start + BATCH);
          const limit = AbortSignal.timeout(BATCH_MS);
          const made = await embedder.embed(
            batch.map((hash) => hashed.get(hash)?.text ?? ''),
            use,
            signal ? AbortSignal.any([signal, limit]) : limit,
          );
          await vectors.write(
            model,
            batch.map((hash, index) => ({ hash, vector: made[index] as Float32Array })),
          );
          open = open.filter((hash) => !batch.includes(hash));
        }
      }
    } finally {
      if (open.length > 0) await vectors.release(model, open).catch(() => undefined);
    }
  };

  /** A model may change behind its name: with other dimensions its vectors are others. */
  const probe = async (): Promise<string> => {
    const limit = AbortSignal.timeout(BATCH_MS);
    const [vector] = await embedder.embed(['?'], 'question', signal ? AbortSignal.any([signal, limit]) : limit);
    return `${embedder.model} ${vector?.length}`;
  };

  const collect = async (): Promise<Map<string, Float32Array>> => {
    const model = await probe();
    const found = new Map<string, Float32Array>();
    for (;;) {
      const missing = [...hashed.keys()].filter((hash) => !found.has(hash)).sort();
      for (const { hash, vector } of await vectors.read(model, missing)) found.set(hash, vector);
      const open = missing.filter((hash) => !found.has(hash));
      if (open.length === 0) return found;
      // A few at a time, so that several workers share the work.
      const claimed = await vectors.claim(model, open.slice(0, 4 * BATCH));
      if (claimed.length > 0) await computeClaimed(model, claimed);
      else await sleep(WAIT_FOR_OTHERS_MS, undefined, { ref: false, ...(signal ? { signal } : {}) });
    }
  };

  let found: { wordings: Float32Array[][]; texts: Float32Array[] } | null = null;
  const { promise: tried, resolve: noteTried } = Promise.withResolvers<void>();
  const fill = async (): Promise<void> => {
    while (!signal?.aborted) {
      try {
        const byHash = await collect();
        const vectorOf = (use: 'question' | 'passage', text: string) => byHash.get(keyOf(use, text)) as Float32Array;
        found = {
          wordings: texts.map(({ wordings }) => wordings.map((wording) => vectorOf('question', wording))),
          texts: texts.map(({ text }) => vectorOf('passage', text)),
        };
        noteTried();
        return;
      } catch (error) {
        report(error);
        noteTried();
        await sleep(retryMs, undefined, { ref: false, ...(signal ? { signal } : {}) }).catch(() => undefined);
      }
    }
  };
  const ready = fill();

  const nearness = (values: number[]): number[] => {
    const sum = values.reduce((all, value) => all + value, 0);
    return values.map((value) => {
      const others = (sum - value) / (values.length - 1);
      return Math.max(-1, (value - others) / Math.max(0.05, 1 - others));
    });
  };

  let pausedUntil = Number.NEGATIVE_INFINITY;
  return {
    ready,
    tried,
    async meaningsOf(questions, stop) {
      const known = found;
      if (known === null || passages.length < FEWEST_PASSAGES || performance.now() < pausedUntil) return null;
      const asked = [...new Set(questions)].slice(0, MOST_QUESTIONS);
      if (asked.length === 0) return null;
      try {
        const made = await embedder.embed(asked, 'question', AbortSignal.any([stop, AbortSignal.timeout(QUESTION_MS)]));
        if (made[0]?.length !== known.texts[0]?.length) {
          throw new EmbeddingsUnavailable('The embedding model has changed behind its name: restart the workers');
        }
        return new Map(
          asked.map((question, at) => {
            const vector = made[at] as Float32Array;
            const headings = nearness(
              known.wordings.map((wordings) => Math.max(...wordings.map((wording) => cosine(vector, wording)))),
            );
            const bodies = nearness(known.texts.map((text) => cosine(vector, text)));
            return [
              question,
              new Map(
                passages.map((passage, index) => [
                  passage,
                  { heading: headings[index] as number, text: bodies[index] as number },
                ]),
              ),
            ];
          }),
        );
      } catch (error) {
        stop.throwIfAborted();
        pausedUntil = performance.now() + PAUSE_MS;
        report(error);
        return null;
      }
    },
  };
};
