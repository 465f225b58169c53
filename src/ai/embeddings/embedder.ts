/** Turns texts into vectors that point the same way where the texts mean the same. */
export interface Embedder {
  /** Which model it is, by the name that its vectors are kept under. */
  model: string;
  /**
   * One vector of length 1 for each text, in their order, all with as many dimensions. A long text is cut.
   * @throws {EmbeddingsUnavailable}
   */
  embed(texts: readonly string[], use: EmbeddingUse, signal: AbortSignal): Promise<Float32Array[]>;
}

/** What a text is to its model: some want to be told. */
export type EmbeddingUse = 'question' | 'passage';

/** No vectors can be had now. The message says why and what to check, never what was asked. */
export class EmbeddingsUnavailable extends Error {
  override readonly name = 'EmbeddingsUnavailable';
}

/** The vector at length 1. @throws {EmbeddingsUnavailable} where it is none */
export const normalised = (vector: ArrayLike<number>): Float32Array => {
  let sum = 0;
  for (let index = 0; index < vector.length; index += 1) sum += (vector[index] as number) ** 2;
  const length = Math.sqrt(sum);
  if (!Number.isFinite(length) || length === 0) {
    throw new EmbeddingsUnavailable('The embedding model gave no vector: check that EMBEDDING_MODEL is for embeddings');
  }
  return Float32Array.from(vector, (value) => value / length);
};

/** How alike two vectors of length 1 are: 1 where they are the same. */
export const cosine = (one: Float32Array, other: Float32Array): number => {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index] as number) * (other[index] as number);
  return sum;
};

/** What a model, by its name, wants before a text: the E5 family was trained with these. */
export const prefixFor = (model: string, use: EmbeddingUse): string => {
  if (!/(?:^|[/_-])e5-(?:small|base|large)/i.test(model)) return '';
  return use === 'question' ? 'query: ' : 'passage: ';
};
