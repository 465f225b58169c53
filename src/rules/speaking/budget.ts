import { amountInWords } from '../amounts.ts';
import type { Autonomy } from './autonomy.ts';

/** The AI may go so far, and this is why that isn't what was set. */
export interface LevelWithin {
  level: Autonomy;
  /** For agents and the run's story; `null`: it is what was set. */
  why: string | null;
}

/**
 * Says how far the AI may go once its portal has spent so much today, both in millionths. What would be sent without a
 * person becomes a draft; whatever has a person in between stays, for two machines that write to each other all night
 * stop at the first draft.
 */
export const levelWithin = (level: Autonomy, spent: number, budget: number | undefined): LevelWithin =>
  level === 'auto' && budget !== undefined && spent >= budget
    ? { level: 'draft', why: `today's budget for the AI, ${amountInWords(budget)}, is spent` }
    : { level, why: null };
