import type { Spent } from '../ai/prices.ts';

/** `1,234`. */
export const numberInWords = (whole: number): string => String(whole).replace(/\B(?=(\d{3})+$)/g, ',');

/** An amount in millionths as people read it: `0.0031`, `12.40`; no currency, which nobody has set. */
export const amountInWords = (millionths: number): string => {
  const [units = '', decimals = ''] = (millionths / 1e6).toFixed(millionths < 10_000 ? 6 : 4).split('.');
  return `${numberInWords(Number(units))}.${decimals.replace(/0+$/, '').padEnd(2, '0')}`;
};

/** Describes what a call of the AI took, for the run's story. */
export const spentInWords = ({ inputTokens, outputTokens, cost, threadCost }: Spent): string => {
  const read = `the AI read ${numberInWords(inputTokens)} and wrote ${numberInWords(outputTokens)} tokens`;
  if (cost === null) return read;
  const soFar = threadCost === null ? '' : `, this thread ${amountInWords(threadCost)} so far`;
  return `${read}, cost ${amountInWords(cost)}${soFar}`;
};

/** A share, 0 to 1, as people read it: `64 %`; nothing is a dash. */
export const shareInWords = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`);
