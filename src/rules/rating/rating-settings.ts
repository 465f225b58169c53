/** How a portal asks its customers for a rating. */
export interface RatingSettings {
  /** The question, by language; `*` is for all others. */
  messages: Record<string, string>;
  /** So long after the thread was closed the customer is asked, in ms. */
  delayMs: number;
  /** So long an answer is waited for, in ms. */
  waitMs: number;
}

/** A rating: from 1, poor, to 5, very good. */
export const SCORES = [1, 2, 3, 4, 5] as const;
export type Score = (typeof SCORES)[number];

export const isScore = (value: unknown): value is Score => SCORES.some((score) => score === value);
