/** Behind what was cut off. */
const GOES_ON = ' …';

/** Where a sentence or a line ends, but for a list's numbers; Chinese and Japanese put no blank behind. */
const SENTENCE_END = /(?<!^ {0,8}\d{1,3})[.!?…]["'”’»)\]*_]{0,3}(?=\s)|[。！？][」』”）]{0,3}|\S(?=\s*\n)/gmu;
const WORD_END = /\S(?=\s)/gu;
const CHARACTER = /[\s\S]/gu;

/**
 * The last of these places, in rising order, that fits; `null` where none does. A longer text never fits where a
 * shorter doesn't.
 */
const lastThatFits = (places: number[], fits: (end: number) => boolean): number | null => {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(places[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : (places[low - 1] ?? null);
};

const endsOf = (text: string, pattern: RegExp): number[] =>
  [...text.matchAll(pattern)].map((match) => match.index + match[0].length);

/**
 * The text cut to at most `longest` characters as `lengthOf` counts them, at the end of a sentence; where the first one
 * is too long, behind a word, and where there is no such place, anywhere but inside a character. What is cut ends in
 * `…`.
 */
export const shorten = (text: string, longest: number, lengthOf = (part: string): number => part.length): string => {
  if (lengthOf(text) <= longest) return text;
  const upTo = (end: number): string => `${text.slice(0, end).trimEnd()}${GOES_ON}`;
  const fits = (end: number): boolean => lengthOf(upTo(end)) <= longest;
  const end =
    lastThatFits(endsOf(text, SENTENCE_END), fits) ??
    lastThatFits(endsOf(text, WORD_END), fits) ??
    lastThatFits(endsOf(text, CHARACTER), fits) ??
    0;
  return upTo(end);
};
