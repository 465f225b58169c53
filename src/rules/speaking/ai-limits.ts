import { amountInWords } from '../amounts.ts';
import { LIMIT_WORDS, type Limit } from './limits.ts';

/** The AI is not asked: the portal's ceiling of the day is spent, or the contact's calls of the hour are. */
export type AiLimit = Extract<Limit, 'ceiling' | 'calls'>;

/** Says why a message goes to agents in place of the AI. `ceiling` in millionths. */
export const ceilingReason = (ceiling: number): string =>
  `today's ceiling for the AI, ${amountInWords(ceiling)}, ${LIMIT_WORDS.ceiling}`;

/** Says why a message goes to agents in place of the AI. */
export const callsReason = (callsPerHour: number): string =>
  `the AI has been asked ${callsPerHour} ${LIMIT_WORDS.calls}`;
