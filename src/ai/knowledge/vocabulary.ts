import type { Language } from './languages.ts';
import { wordsOf } from './words.ts';

/** A term of the articles that a word of a question may mean, and how surely, above 0 to 1. */
export interface Meant {
  term: string;
  share: number;
}

const SHORTEST_MISSPELT = 5;
const SHORTEST_TWICE_MISSPELT = 9;
const SHORTEST_BEGINNING = 5;
const SHORTEST_PART = 4;
const SHORTEST_IN_COMPOUND = 5;
const SHORTEST_JOINED = 5;

const MISSPELT = 0.85;
const BEGINNING = 0.8;
const COMPOUND = 0.75;

/** Letters added, left out, changed, or swapped with their neighbour, up to `most`; above that, more than `most`. */
export const typosBetween = (one: string, other: string, most: number): number => {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      let cost = Math.min(
        (previous[j] as number) + 1,
        (current[j - 1] as number) + 1,
        (previous[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    before = previous;
    previous = current;
  }
  return previous[other.length] as number;
};

/**
 * Says which letters a word has, a bit each: words that differ in many letters are told apart without comparing them.
 */
const lettersOf = (word: string): number => {
  let bits = 0;
  for (let index = 0; index < word.length; index += 1) bits |= 1 << (word.charCodeAt(index) % 31);
  return bits;
};

const bitsIn = (bits: number): number => {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
};

const mostTypos = (word: string): number => {
  if (word.length < SHORTEST_MISSPELT || /\p{N}/u.test(word)) return 0;
  return word.length < SHORTEST_TWICE_MISSPELT ? 1 : 2;
};

/**
 * Gives what a word that no article has may mean: one that begins alike, one with a typing error, or parts of which it
 * is made (`Versandkosten`: `Versand` and `Kosten`). Empty where it means nothing here.
 */
export const createGuess = (terms: Iterable<string>): ((word: string) => Meant[]) => {
  const known = [...terms];
  const isKnown = new Set(known);
  const byLength = Map.groupBy(
    known.filter((term) => term.length >= SHORTEST_MISSPELT).map((term) => [term, lettersOf(term)] as const),
    ([term]) => term.length,
  );
  return (word) => {
    const most = mostTypos(word);
    let typos = most;
    let misspelt: string[] = [];
    const own = lettersOf(word);
    for (let length = word.length - most; most > 0 && length <= word.length + most; length += 1) {
      for (const [term, letters] of byLength.get(length) ?? []) {
        if (bitsIn(own ^ letters) > 2 * typos) continue;
        const count = typosBetween(word, term, typos);
        if (count > typos) continue;
        if (count < typos) misspelt = [];
        typos = count;
        misspelt.push(term);
      }
    }
    if (misspelt.length > 0 && typos === 1) return misspelt.map((term) => ({ term, share: MISSPELT }));
    const alike = known.filter(
      (term) =>
        Math.min(term.length, word.length) >= SHORTEST_BEGINNING && (term.startsWith(word) || word.startsWith(term)),
    );
    if (alike.length > 0) return alike.map((term) => ({ term, share: BEGINNING }));
    for (let cut = SHORTEST_PART; cut <= word.length - SHORTEST_PART; cut += 1) {
      const [head, tail] = [word.slice(0, cut), word.slice(cut)];
      const parts = [head, head.replace(/s$/, ''), tail].filter(
        (part) => part.length >= SHORTEST_PART && isKnown.has(part),
      );
      if (parts.length > 0) return [...new Set(parts)].map((term) => ({ term, share: COMPOUND }));
    }
    return misspelt.map((term) => ({ term, share: MISSPELT }));
  };
};

/**
 * The compounds that a known word begins or ends, for languages that write them as one word: who asks for a
 * `Versicherung` may be answered by `Versicherungsschutz`, and by `Haftpflichtversicherung`.
 */
export const createCompounds = (terms: Iterable<string>): ((word: string) => Meant[]) => {
  const known = [...terms];
  const found = new Map<string, Meant[]>();
  return (word) => {
    const before = found.get(word);
    if (before) return before;
    const compounds =
      word.length < SHORTEST_IN_COMPOUND
        ? []
        : known.filter(
            (term) => term.length >= word.length + SHORTEST_PART - 1 && (term.startsWith(word) || term.endsWith(word)),
          );
    const meant = compounds.map((term) => ({ term, share: COMPOUND }));
    found.set(word, meant);
    return meant;
  };
};

/**
 * A question with those of its words put together that the articles write as one: `on line` for `online`. `isKnown`
 * says whether the articles have a stem.
 */
export const inKnownWords = (text: string, language: Language, isKnown: (stem: string) => boolean): string => {
  const stemOf = (word: string): string => wordsOf(word, language)[0]?.stem ?? '';
  return text.replace(/(?<!\p{L})(\p{L}+)[ -](?=(\p{L}+)(?!\p{L}))/gu, (written: string, one: string, next: string) => {
    const isOne =
      one.length + next.length >= SHORTEST_JOINED &&
      isKnown(stemOf(one + next)) &&
      !(isKnown(stemOf(one)) && isKnown(stemOf(next)));
    return isOne ? one : written;
  });
};
