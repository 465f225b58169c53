import type { AnswerNotes } from './backend.ts';

/** A million tokens cost this, in whatever currency the operator pays in. */
export interface Prices {
  input: number;
  output: number;
}

/** A model took this for its work. */
export type TokenUsage = NonNullable<AnswerNotes['usage']>;

/** A call of the AI took this. */
export interface Spent extends TokenUsage {
  /** In millionths of the prices' currency; `null`: no prices are set. */
  cost: number | null;
  /** The thread has cost this so far, this call with it; `null` where that isn't known. */
  threadCost: number | null;
}

/** What both took together; `undefined`: nothing is known of either. */
export const sumOfUsage = (a: TokenUsage | undefined, b: TokenUsage | undefined): TokenUsage | undefined =>
  a && b ? { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens } : (a ?? b);

/** Gives what it cost, in whole millionths of the currency: so many tokens at so much a million. */
export const costOf = ({ inputTokens, outputTokens }: TokenUsage, { input, output }: Prices): number =>
  Math.round(inputTokens * input + outputTokens * output);

/** An amount of the prices' currency in millionths, in which costs are counted: sums of them stay exact. */
export const millionths = (amount: number): number => Math.round(amount * 1e6);
