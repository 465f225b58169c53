import type { AnswerNotes } from './backend.ts';

/** What a million tokens cost, in whatever currency the operator pays in. */
export interface Prices {
  input: number;
  output: number;
}

/** What a model took for its work. */
export type TokenUsage = NonNullable<AnswerNotes['usage']>;

/** What a call of the AI took. */
export interface Spent extends TokenUsage {
  /** In millionths of the prices' currency; `null`: no prices are set. */
  cost: number | null;
  /** What the thread has cost so far, this call with it; `null` where that isn't known. */
  threadCost: number | null;
}

/** What it cost, in whole millionths of the currency: so many tokens at so much a million. */
export const costOf = ({ inputTokens, outputTokens }: TokenUsage, { input, output }: Prices): number =>
  Math.round(inputTokens * input + outputTokens * output);

/** An amount of the prices' currency in millionths, in which costs are counted: sums of them stay exact. */
export const millionths = (amount: number): number => Math.round(amount * 1e6);
