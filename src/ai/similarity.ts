import { languageOf } from './knowledge/languages.ts';
import { type Word, wordsOf } from './knowledge/words.ts';

/** From here on two answers count as alike: they share about half of what they say. */
const ALIKE = 0.5;

/** The AI's draft and an agent's answer compare as one of these. `handoff`: the AI would have left it to an agent. */
export const SHADOW_VERDICTS = ['alike', 'different', 'handoff'] as const;
export type ShadowVerdict = (typeof SHADOW_VERDICTS)[number];

/** An agent's answer compares to the AI's draft like this. */
export interface ShadowComparison {
  verdict: ShadowVerdict;
  /** 0 to 1. */
  similarity: number;
}

const stemsOf = (words: Word[]): Set<string> => {
  const distinctive = words.filter((word) => word.distinctive);
  return new Set((distinctive.length > 0 ? distinctive : words).map(({ stem }) => stem));
};

/**
 * Says how much two answers say the same, 0 to 1: twice the words that they share over all words of both (Sørensen and
 * Dice), by their English stems, and without greetings and other words that are in every answer. It sees words, not
 * meaning: "you can" and "you can't" are much alike, and so good an answer may be in other words.
 */
export const similarityOf = (one: string, other: string): number => {
  return likenessOf(stemsOf(wordsOf(one)), stemsOf(wordsOf(other)));
};

const likenessOf = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  if (a.size + b.size === 0) return 0;
  return (2 * [...a].filter((stem) => b.has(stem)).length) / (a.size + b.size);
};

/**
 * Puts what asks for the same beside each other, in the order that it came in: each goes to the first group whose first
 * member it shares about half of its words with. `language`: a BCP 47 tag; words of two languages are never alike.
 */
export const groupAlike = <Said>(
  all: readonly Said[],
  saidIn: (one: Said) => { words: string; language: string | null },
): Said[][] => {
  const groups: { stems: ReadonlySet<string>; language: string; members: Said[] }[] = [];
  for (const one of all) {
    const { words, language: tag } = saidIn(one);
    const language = (tag ?? 'en').toLowerCase().split('-')[0] ?? 'en';
    const stems = stemsOf(wordsOf(words, languageOf(language)));
    const group = groups.find((known) => known.language === language && likenessOf(known.stems, stems) >= ALIKE);
    if (group) group.members.push(one);
    else groups.push({ stems, language, members: [one] });
  }
  return groups.map(({ members }) => members);
};

/** Gives what an agent's answer says of the AI's draft. */
export const judgeShadow = (draft: { action: 'reply' | 'handoff'; words: string; human: string }): ShadowComparison => {
  if (draft.action === 'handoff') return { verdict: 'handoff', similarity: 0 };
  const similarity = similarityOf(draft.words, draft.human);
  return { verdict: similarity >= ALIKE ? 'alike' : 'different', similarity };
};
