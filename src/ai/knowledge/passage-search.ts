import type { Meaning, Meanings } from '../embeddings/meaning-index.ts';
import { languageIn } from './detect-language.ts';
import { languageOf } from './languages.ts';
import { createLikeness } from './likeness.ts';
import type { Passage } from './passages.ts';
import { synonymsOf } from './synonyms.ts';
import { createCompounds, createGuess, inKnownWords, type Meant } from './vocabulary.ts';
import { wordsOf } from './words.ts';

/** A question and a passage compared: how much of the one stands in the other; all 0 to 1, but for `density`. */
export interface Evidence {
  /** The part of the question that is somewhere in the passage, each word weighed by its rarity. */
  asked: number;
  /** The part of the question that is in the heading, times the part of the heading that is in the question. */
  heading: number;
  /** The second of these alone: below 1, the heading is about something that wasn't asked for. */
  headingAsked: number;
  /** The question's words are so frequent in the text, for its length (as BM25 counts). */
  density: number;
  /** The likeness of question and heading by their letters. */
  likeness: number;
}

/** A passage that may answer a question. */
export interface Match {
  passage: Passage;
  /** 0 to 1: how probable it is that it answers. See {@link createCandidateSearch}. */
  confidence: number;
  /** The same as if there were no other passage. */
  fit: number;
  evidence: Evidence;
  /** How near it is by what it means; `null` where the words alone decided. */
  meaning: Meaning | null;
}

/**
 * The passages that may answer a question, the best first. `meanings` say how near each is to the question by what it
 * means; without, the words alone decide.
 */
export type CandidateSearch = (question: string, most?: number, meanings?: Meanings | null) => Match[];

const MOST_CANDIDATES = 5;

/** The share of a synonym in a heading, and in the text, where it may be said in passing. */
const SYNONYM = 0.8;
const SYNONYM_IN_TEXT = 0.6;
/**
 * A word unknown to every article weighs as much as the others do on average, and at least as one that half of them
 * have.
 */
const LEAST_UNKNOWN_WEIGHT = Math.log(1 + 2);
/** A word that few passages have, as BM25 weighs it. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;

/**
 * Each piece of evidence says so much, and these make a best one safe. Fitted by logistic regression on public question
 * sets of eight help centres in five languages, none of whose words are here; each set was also predicted from the
 * others alone.
 */
const ANSWERS = { asked: 0.77, heading: 3.67, density: 1.04, likeness: 4.81, base: -4.24 };
const SURE = { best: 0.54, lead: 0.63, words: 0.42, base: -1.44 };
/**
 * The same where it is known what question and passage mean too, between what two models' vectors say: of how near the
 * two are counts what is beyond the other passages' average, so it says about the same whatever the model's own scale.
 */
const ANSWERS_BY_MEANING = { asked: 0, heading: 4.2, density: 1.2, likeness: 0, base: -5 };
const MEANING_SAYS = { heading: 3, text: 4.5 };
const SURE_BY_MEANING = { best: 0.42, lead: 1, words: 0.24, base: -1.4 };
/** So many of the nearest by meaning are considered, though they share no word with the question. */
const MOST_BY_MEANING = 5;
const NO_EVIDENCE: Evidence = { asked: 0, heading: 0, headingAsked: 0, density: 0, likeness: 0 };

/** A lead beyond this says no more, nor do more words than these. */
const MOST_LEAD = 3;
const MOST_WORDS = 4;

const probability = (logit: number): number => 1 / (1 + Math.exp(-logit));
const hundredths = (share: number): number => Math.round(share * 100) / 100;
const inBounds = (logit: number): number => Math.min(9, Math.max(-9, logit));

/** A wording of what a passage answers: its heading, or a question of the front matter. */
interface Wording {
  id: number;
  stems: Set<string>;
}

interface Entry {
  passage: Passage;
  wordings: Wording[];
  /** Words of the headings above its own. */
  above: Set<string>;
  /** The text has a word so often. */
  counts: Map<string, number>;
  length: number;
}

interface Scored {
  passage: Passage;
  evidence: Evidence;
}

/** Of a page those of its site: what the site is called says nothing of one page. */
const foldersOf = ({ path }: Passage): string[] =>
  path
    .replace(/^https?:\/\/[^/]*\/?/, '')
    .split('/')
    .slice(0, -1);

const byWords = ({ asked, heading, density, likeness }: Evidence, weights: typeof ANSWERS): number =>
  weights.base +
  weights.asked * asked +
  weights.heading * heading +
  weights.density * density +
  weights.likeness * likeness;

const logitOf = (evidence: Evidence, meaning: Meaning | null): number =>
  meaning === null
    ? byWords(evidence, ANSWERS)
    : byWords(evidence, ANSWERS_BY_MEANING) + MEANING_SAYS.heading * meaning.heading + MEANING_SAYS.text * meaning.text;

/** With those that are nearest by what they mean. */
const withNearest = (scored: Scored[], passages: readonly Passage[], meanings: Meanings): Scored[] => {
  const there = new Set(scored.map(({ passage }) => passage));
  const nearnessOf = (passage: Passage): number => {
    const meaning = meanings.get(passage);
    return meaning ? meaning.heading + meaning.text : Number.NEGATIVE_INFINITY;
  };
  const nearest = [...passages].sort((one, other) => nearnessOf(other) - nearnessOf(one)).slice(0, MOST_BY_MEANING);
  return [
    ...scored,
    ...nearest.filter((passage) => !there.has(passage)).map((passage) => ({ passage, evidence: NO_EVIDENCE })),
  ];
};

const scoresIn = (passages: readonly Passage[], code: string) => {
  const language = languageOf(code);
  const synonyms = synonymsOf(language);
  const distinctive = (text: string): string[] =>
    wordsOf(text, language)
      .filter((word) => word.distinctive)
      .map(({ stem }) => stem);
  const written = (text: string): string =>
    wordsOf(text, language)
      .map(({ stem }) => stem)
      .join(' ');

  const headings: string[] = [];
  const owners: number[] = [];
  const having = new Map<string, number[]>();
  const inHeadings = new Map<string, number>();
  const entries = passages.map((passage, owner): Entry => {
    const forms = [passage.title, ...passage.questions];
    const wordings = forms.map((form) => {
      headings.push(written(form));
      owners.push(owner);
      return { id: headings.length - 1, stems: new Set(distinctive(form)) };
    });
    const above = new Set([...passage.headings.slice(0, -1), ...foldersOf(passage)].flatMap(distinctive));
    const counts = new Map<string, number>();
    for (const stem of distinctive(passage.text)) counts.set(stem, (counts.get(stem) ?? 0) + 1);
    const subjects = new Set([...above, ...wordings.flatMap(({ stems }) => [...stems])]);
    for (const stem of subjects) inHeadings.set(stem, (inHeadings.get(stem) ?? 0) + 1);
    for (const stem of new Set([...subjects, ...counts.keys()])) {
      const list = having.get(stem);
      if (list) list.push(owner);
      else having.set(stem, [owner]);
    }
    return { passage, wordings, above, counts, length: wordsOf(passage.text, language).length };
  });
  const meanLength = entries.reduce((sum, { length }) => sum + length, 0) / Math.max(1, entries.length) || 1;
  const weightOf = (stem: string): number => Math.log(1 + passages.length / (having.get(stem)?.length ?? 0.5));
  const weightInHeadings = (stem: string): number => Math.log(1 + passages.length / (inHeadings.get(stem) ?? 0.5));
  const likeness = createLikeness(headings, owners);
  const guess = createGuess(having.keys());
  const compoundsWith = language.compounds ? createCompounds(having.keys()) : () => [];

  const synonymsAmong = ({ term, share }: Meant): Meant[] =>
    (synonyms.get(term) ?? [])
      .filter((other) => having.has(other))
      .map((other) => ({ term: other, share: share * SYNONYM }));
  const meantBy = (stem: string): Meant[] => {
    const exact = { term: stem, share: 1 };
    const direct = [...(having.has(stem) ? [exact, ...compoundsWith(stem)] : []), ...synonymsAmong(exact)];
    return direct.length > 0 ? direct : guess(stem).flatMap((meant) => [meant, ...synonymsAmong(meant)]);
  };

  const isKnown = (word: string): boolean => having.has(word);

  return (question: string): { scored: Scored[]; words: number } => {
    const stems = [...new Set(distinctive(inKnownWords(question, language, isKnown)))];
    const meanings = stems.map((stem) => ({ stem, meant: meantBy(stem) }));
    const known = meanings
      .filter(({ meant }) => meant.length > 0)
      .map(({ meant }) => ({ meant, weight: Math.max(...meant.map(({ term }) => weightOf(term))) }));
    // A number that no article has is the customer's own: an order, a date.
    const unknown = meanings.filter(({ stem, meant }) => meant.length === 0 && !/\p{N}/u.test(stem)).length;
    const total = known.reduce((sum, { weight }) => sum + weight, 0);
    const whole = total + unknown * Math.max(total / known.length || 0, LEAST_UNKNOWN_WEIGHT);

    const possible = new Set(known.flatMap(({ meant }) => meant.flatMap(({ term }) => having.get(term) ?? [])));
    const alike = likeness.of(written(question));
    const scored = [...possible].map((owner): Scored => {
      const { passage, wordings, above, counts, length } = entries[owner] as Entry;
      const isSubject = (term: string): boolean =>
        above.has(term) || wordings.some((wording) => wording.stems.has(term));
      const met = new Map<string, number>();
      let got = 0;
      let density = 0;
      for (const { meant, weight } of known) {
        let best = 0;
        let dense = 0;
        for (const { term, share } of meant) {
          const count = counts.get(term) ?? 0;
          const subject = isSubject(term);
          if (count === 0 && !subject) continue;
          met.set(term, Math.max(met.get(term) ?? 0, share));
          best = Math.max(best, subject || share === 1 ? share : share * SYNONYM_IN_TEXT);
          const room = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * length) / meanLength);
          dense = Math.max(dense, (share * count * (1 + SATURATION)) / (count + room));
        }
        got += weight * best;
        density += weight * dense;
      }
      let heading = 0;
      let headingAsked = 0;
      let likest = 0;
      for (const { id, stems: own } of wordings) {
        likest = Math.max(likest, alike(id));
        let all = 0;
        let asked = 0;
        for (const stem of own) {
          const weight = weightInHeadings(stem);
          all += weight;
          asked += weight * (met.get(stem) ?? 0);
        }
        let found = 0;
        for (const { meant, weight } of known) {
          let share = 0;
          for (const one of meant) if (own.has(one.term)) share = Math.max(share, one.share);
          found += weight * share;
        }
        const product = all > 0 ? (asked / all) * (found / whole) : 0;
        if (product <= heading) continue;
        heading = product;
        headingAsked = asked / all;
      }
      const evidence = { asked: got / whole, heading, headingAsked, density: density / whole, likeness: likest };
      return { passage, evidence };
    });
    return { scored, words: known.length };
  };
};

/**
 * A full-text search over passages, in the language of each article. The same question always finds the same passages.
 *
 * `confidence` says how probable it is that a passage answers, from its {@link Evidence}, its lead over the next
 * passage, and how many of the question's words the articles know. How much of the *heading* was asked for counts as
 * much as how much of the question was found: "Change an order" doesn't answer who asks where an order is. A word that
 * no article has is looked up as a typing error, a compound or a synonym; where it is none, often the name of the
 * customer's own thing, it lowers the confidence.
 */
export const createCandidateSearch = (passages: readonly Passage[]): CandidateSearch => {
  const byLanguage = Map.groupBy(passages, ({ language }) => language ?? 'en');
  const scorers = new Map([...byLanguage].map(([code, group]) => [code, scoresIn(group, code)]));
  const order = new Map(passages.map((passage, index) => [passage, index]));
  return (question, most = MOST_CANDIDATES, meanings = null) => {
    const codes = [...scorers.keys()];
    const own = codes.length > 1 ? languageIn(question, codes) : null;
    const asked = own !== null && scorers.has(own) ? [own] : codes;
    const all = asked.flatMap((code) => {
      const { scored, words } = (scorers.get(code) as ReturnType<typeof scoresIn>)(question);
      const group = byLanguage.get(code) ?? [];
      return (meanings ? withNearest(scored, group, meanings) : scored).map(({ passage, evidence }) => {
        const meaning = meanings?.get(passage) ?? null;
        return { passage, evidence, meaning, words, logit: logitOf(evidence, meaning) };
      });
    });
    const sure = meanings ? SURE_BY_MEANING : SURE;
    all.sort((a, b) => b.logit - a.logit || (order.get(a.passage) as number) - (order.get(b.passage) as number));
    const [first, second] = all;
    return all.slice(0, most).map(({ passage, evidence, meaning, logit, words }) => {
      const rival = passage === first?.passage ? second : first;
      const lead = inBounds(logit) - inBounds(rival?.logit ?? -9);
      const confidence = probability(
        sure.base +
          sure.best * inBounds(logit) +
          sure.lead * Math.min(MOST_LEAD, lead) +
          sure.words * Math.min(MOST_WORDS, words),
      );
      return {
        passage,
        evidence,
        meaning,
        fit: hundredths(probability(logit)),
        confidence: hundredths(confidence),
      };
    });
  };
};
