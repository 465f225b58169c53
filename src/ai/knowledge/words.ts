import { ENGLISH, folded, type Language } from './languages.ts';

/** A word as the search compares it. */
export interface Word {
  /** Lower case, no accents, the stem of its language: `Deliveries` and `delivered` share one with their kin. */
  stem: string;
  /** It says something of the subject. */
  distinctive: boolean;
}

const NOT_WORDS = /https?:\/\/\S+|\S+@\S+\.\S+/g;
/** Scripts that put no space between words: the dictionary of `Intl.Segmenter` knows where one ends. */
export const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const IDEOGRAPH = /\p{Script=Han}/u;
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** The bare words of a text in lower case, accents kept, addresses left out. */
export const tokensOf = (text: string): string[] => {
  const runs =
    text
      .normalize('NFC')
      .replace(NOT_WORDS, ' ')
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{M}\p{N}]+(?:'\p{L}+)?/gu) ?? [];
  return runs.flatMap((run) =>
    WITHOUT_SPACES.test(run)
      ? [...segmenter.segment(run)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment)
      : [run],
  );
};

/** `l'article` and `what's`: the word is the part that isn't grammar. */
const withoutGrammar = (token: string, code: string): string =>
  code === 'fr' || code === 'it' ? token.replace(/^\p{L}{1,5}'/u, '') : token.replace(/n't$|'\p{L}+$/u, '');

/** The words of a text in their order, addresses left out. Accents and upper case make no difference. */
export const wordsOf = (text: string, { code, stem, stopWords, phrases }: Language = ENGLISH): Word[] =>
  tokensOf(phrases.reduce((said, [phrase, word]) => said.replace(phrase, word), text.toLowerCase())).map((token) => {
    const word = withoutGrammar(token, code);
    const plain = folded(word);
    return {
      stem: folded(stem(word)),
      distinctive: (plain.length > 1 || IDEOGRAPH.test(plain)) && !stopWords.has(plain),
    };
  });
