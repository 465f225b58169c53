import { createHash } from 'node:crypto';

/** Numbers from 0 to 1. */
export type Random = () => number;

/**
 * A generator of its own for each subject, so that what one draws doesn't change what another gets. The same seed gives
 * the same numbers.
 */
export const createRandom = (seed: number, subject: string): Random => {
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${subject} ${drawn}`).digest().readUInt32BE(0) / 2 ** 32;
  };
};

export const between = (random: Random, low: number, high: number): number => low + random() * (high - low);

/** @throws {Error} for an empty list */
export const pick = <T>(random: Random, items: readonly T[]): T => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
};

export const shuffled = <T>(random: Random, items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
