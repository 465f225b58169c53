import { ALL, type Basis, type Contender, whyLeftOut } from './contenders.ts';
import type { Sizes } from './options.ts';
import { quantile } from './statistics.ts';

/** What every part of the measurements works with. */
export interface Bench {
  sizes: Sizes;
  basis: Basis;
  /** Names of those that are measured; the others are not even mentioned. */
  contenders: readonly string[];
  /** Logs progress, in one line. */
  log(line: string): void;
}

/** Contenders that can run here; of the others, why not. */
export const present = ({ contenders }: Pick<Bench, 'contenders'>): { there: Contender[]; leftOut: string[] } => {
  const asked = ALL.filter(({ name }) => contenders.includes(name));
  return {
    there: asked.filter((contender) => whyLeftOut(contender) === null),
    leftOut: asked.flatMap((contender) => {
      const reason = whyLeftOut(contender);
      return reason === null ? [] : [`${contender.title}: ${reason}`];
    }),
  };
};

/**
 * Gives what `measure` gives, or `null` when it fails, which is noted in `leftOut`: one contender's failure
 * is not the end of the others.
 */
export const orLeftOut = async <T>(
  what: string,
  leftOut: string[],
  log: Bench['log'],
  measure: () => Promise<T>,
): Promise<T | null> => {
  try {
    return await measure();
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0] ?? '';
    leftOut.push(`${what}: ${reason}`);
    log(`${what} failed: ${reason}`);
    return null;
  }
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = Number.NaN, high = low] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return (low + high) / 2;
};

/** How far the rounds lie apart: half of the span, as a share of the median. */
export const spread = (values: readonly number[]): number =>
  values.length < 2 ? 0 : (Math.max(...values) - Math.min(...values)) / 2 / median(values);

export const percentiles = (values: readonly number[]): { p50: number; p95: number; p99: number } => ({
  p50: quantile(values, 0.5),
  p95: quantile(values, 0.95),
  p99: quantile(values, 0.99),
});

/** In another order each time: what heats up or fills up meets everybody in turn. */
export const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
