import MiniSearch from 'minisearch';
import type { Passage } from './passages.ts';
import { wordsOf } from './words.ts';

/** The best passage for a question. */
export interface Match {
  passage: Passage;
  /** 0 to 1: how much of what the question asks for stands in the passage. See {@link createPassageSearch}. */
  confidence: number;
}

/** Finds the passage that answers a question; `null` where none is about a word of it. */
export type PassageSearch = (question: string) => Match | null;

/** The word of a heading says more about a passage than one of its text. */
const HEADING_BOOST = 3;
/** "How" and "much" rank passages too, but less than what the question is about. */
const STOP_WORD_RANK = 0.25;
/** A word this long may be misspelt by one letter. */
const SHORTEST_MISSPELT = 5;
/** The least that a word unknown to every article weighs: as much as one that half of them have. */
const LEAST_UNKNOWN_WEIGHT = Math.log(1 + 2);

const split = (text: string): string[] => wordsOf(text).map(({ stem }) => stem);
const unchanged = (term: string): string => term;

/** What a passage has of a question. */
interface Candidate {
  id: number;
  rank: number;
  /** The weight of the distinctive words that it has. */
  weight: number;
  /** One of them stands in its headings. */
  isSubject: boolean;
}

/**
 * A full-text search over passages. The same question always finds the same passage.
 *
 * A passage can only answer when its headings have one of the question's distinctive words, or its text has several and
 * none is missing: what a passage mentions in passing is not what it is about.
 *
 * `confidence` is the share of the question's distinctive words that the passage has, each weighed by its rarity: ln(1
 * + passages / passages that have it). 1 means that every one is there. A word that no article has, often the name of
 * the customer's own thing, weighs as much as the question's other words do on average; a number that no article has
 * (an order, a date) doesn't count.
 *
 * Among the passages whose confidence reaches `enough`, the best by BM25 over all words times confidence wins; where
 * none reaches it, the one with the highest confidence.
 */
export const createPassageSearch = (passages: Passage[], enough: number): PassageSearch => {
  const index = new MiniSearch<{ id: number; headings: string; text: string }>({
    fields: ['headings', 'text'],
    tokenize: split,
    processTerm: unchanged,
    searchOptions: { tokenize: (term) => [term], processTerm: unchanged, boost: { headings: HEADING_BOOST } },
  });
  // An article without headings is about whatever it says.
  index.addAll(passages.map(({ headings, text }, id) => ({ id, headings: headings.join('\n') || text, text })));

  const lookUp = (stem: string) => {
    const exact = index.search(stem);
    return exact.length > 0 || stem.length < SHORTEST_MISSPELT ? exact : index.search(stem, { fuzzy: 1 });
  };

  return (question) => {
    const candidates = new Map<number, Candidate>();
    const known: number[] = [];
    let unknown = 0;
    for (const [stem, distinctive] of new Map(wordsOf(question).map((word) => [word.stem, word.distinctive]))) {
      const hits = lookUp(stem);
      const weight = Math.log(1 + passages.length / hits.length);
      if (distinctive && hits.length > 0) known.push(weight);
      if (distinctive && hits.length === 0 && !/\p{N}/u.test(stem)) unknown += 1;
      for (const { id, score, match } of hits) {
        const candidate = candidates.get(id) ?? { id, rank: 0, weight: 0, isSubject: false };
        candidates.set(id, candidate);
        candidate.rank += distinctive ? score : score * STOP_WORD_RANK;
        if (!distinctive) continue;
        candidate.weight += weight;
        candidate.isSubject ||= Object.values(match).some((fields) => fields.includes('headings'));
      }
    }

    const total = known.reduce((sum, weight) => sum + weight, 0);
    const whole = total + unknown * Math.max(total / known.length || 0, LEAST_UNKNOWN_WEIGHT);
    const scored = [...candidates.values()]
      .map(({ weight, ...rest }) => ({ ...rest, confidence: Math.round((weight / whole) * 100) / 100 }))
      .filter(({ isSubject, confidence }) => isSubject || (confidence === 1 && known.length > 1));
    const sufficient = scored.filter(({ confidence }) => confidence >= enough);
    const [best] =
      sufficient.length > 0
        ? sufficient.sort((a, b) => b.rank * b.confidence - a.rank * a.confidence || a.id - b.id)
        : scored.sort((a, b) => b.confidence - a.confidence || a.id - b.id);
    const passage = best && passages[best.id];
    return passage ? { passage, confidence: best.confidence } : null;
  };
};
