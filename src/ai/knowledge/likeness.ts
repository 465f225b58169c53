import { WITHOUT_SPACES } from './words.ts';

/**
 * How alike a question and the headings are by their letters, 0 to 1: the cosine of their letter triples, rare ones
 * counting more.
 */
export interface Likeness {
  /** Of a question, written as its stems with a space between them. */
  of(question: string): (heading: number) => number;
}

const triplesOf = (text: string): Map<string, number> => {
  // A character of these says as much as a syllable or a word.
  const isDense = WITHOUT_SPACES.test(text);
  const padded = isDense ? text.replaceAll(' ', '') : ` ${text} `;
  const size = isDense ? 2 : 3;
  const counts = new Map<string, number>();
  for (let start = 0; start + size <= padded.length; start += 1) {
    const triple = padded.slice(start, start + size);
    counts.set(triple, (counts.get(triple) ?? 0) + 1);
  }
  return counts;
};

/**
 * Forms of a word, compounds and typing errors share most of their triples, so it sees what whole words don't.
 * `headings` are written as questions are; `owners[i]` is what heading `i` belongs to, and a triple is rare that few
 * owners have.
 */
export const createLikeness = (headings: readonly string[], owners: readonly number[]): Likeness => {
  const all = headings.map(triplesOf);
  const having = new Map<string, Set<number>>();
  for (const [index, triples] of all.entries()) {
    for (const triple of triples.keys()) {
      const set = having.get(triple) ?? new Set();
      having.set(triple, set.add(owners[index] as number));
    }
  }
  const count = new Set(owners).size;
  const rarity = new Map([...having].map(([triple, set]) => [triple, Math.log(1 + count / set.size)]));
  const rarityOfUnknown = Math.log(1 + 2 * count);

  const weighted = (triples: Map<string, number>): Map<string, number> => {
    const weights = new Map<string, number>();
    let sum = 0;
    for (const [triple, times] of triples) {
      const weight = (rarity.get(triple) ?? rarityOfUnknown) * (1 + Math.log(times));
      weights.set(triple, weight);
      sum += weight * weight;
    }
    const length = Math.sqrt(sum) || 1;
    for (const [triple, weight] of weights) weights.set(triple, weight / length);
    return weights;
  };
  const vectors = all.map(weighted);

  return {
    of(question) {
      const own = weighted(triplesOf(question));
      return (heading) => {
        const other = vectors[heading] as Map<string, number>;
        let sum = 0;
        for (const [triple, weight] of own) sum += weight * (other.get(triple) ?? 0);
        return Math.min(1, sum);
      };
    },
  };
};
