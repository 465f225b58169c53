/** Marks that readers leave out: accents, Hebrew points, Arabic vowels, the choice between text and emoji. */
const MARKS =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]|\p{Variation_Selector}/gu;

/** Letters that no normal form takes apart. */
const LETTERS: Record<string, string> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ŧ: 't', ı: 'i', ς: 'σ' },
  // A letter of its own, and no и with a mark.
  'и\u0306': 'й',
};
const LETTER = new RegExp(Object.keys(LETTERS).join('|'), 'g');

/**
 * A text as it is compared: without case, accents, width and invisible characters; one sort of apostrophe. `Größe` and
 * `GROSSE` are the same then.
 */
export const folded = (text: string): string =>
  text
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/\p{Cf}/gu, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
    .replace(MARKS, '')
    // Only what has lost its marks stays apart: `が` is no `か`.
    .normalize('NFC');

/** In these, words stand side by side, or have endings that nobody sets apart. */
const UNSPACED =
  '[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Hang}]';
const IN_WORD = `[[\\p{L}\\p{N}\\p{M}]--${UNSPACED}]`;
const BEGINS_WORD = new RegExp(`^${IN_WORD}`, 'v');
const ENDS_WORD = new RegExp(`${IN_WORD}$`, 'v');

const escaped = (text: string): string => text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');

/** A pattern, and whether a word may go on before it, and behind it. */
interface Pattern {
  pattern: string;
  isBegin: boolean;
  isEnd: boolean;
}

/** `lawyer`, or `lawyer*` for every word that begins so. */
const patternOfWord = (word: string): Pattern => {
  const [, before = '', core = '', after = ''] = /^(\*?)(.*?)(\*?)$/s.exec(word) ?? [];
  const [isBegin, isEnd] = [BEGINS_WORD.test(core), ENDS_WORD.test(core)];
  const begin = before && isBegin ? `${IN_WORD}*` : '';
  const end = after && isEnd ? `${IN_WORD}*` : '';
  return { pattern: `${begin}${escaped(core)}${end}`, isBegin, isEnd };
};

/** As people write who have no umlauts. */
const withoutUmlauts = (phrase: string): string =>
  phrase
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöü]/g, (letter) => ({ ä: 'ae', ö: 'oe' })[letter] ?? 'ue');

/** What stands between two words is no part of any. */
const patternOf = (phrase: string): Pattern => {
  const words = folded(phrase).trim().split(/\s+/).map(patternOfWord);
  return {
    pattern: words.map(({ pattern }) => pattern).join('[\\s\\p{Pd}]+'),
    isBegin: words.at(0)?.isBegin ?? false,
    isEnd: words.at(-1)?.isEnd ?? false,
  };
};

/**
 * One pattern for all of them. Where a word begins and ends is asked once for those that are alike: hundreds of sets of
 * letters take a third of a second to read.
 */
const anyOf = (patterns: readonly Pattern[]): string =>
  [true, false]
    .flatMap((begin) => [true, false].map((end) => ({ begin, end })))
    .flatMap(({ begin, end }) => {
      const alike = patterns.filter(({ isBegin, isEnd }) => isBegin === begin && isEnd === end);
      if (alike.length === 0) return [];
      const some = [...new Set(alike.map(({ pattern }) => pattern))].join('|');
      return [`${begin ? `(?<!${IN_WORD})` : ''}(?:${some})${end ? `(?!${IN_WORD})` : ''}`];
    })
    .join('|');

/** Whether a phrase has something to look for, beside `*`. */
export const isPhrase = (phrase: string): boolean =>
  folded(phrase)
    .trim()
    .split(/\s+/)
    .every((word) => /^\*?[^\s*]+\*?$/.test(word));

/**
 * Says of a folded text whether it holds one of the phrases: whole words, one after the other, in any language; a
 * `*` at a word's begin or end is for the rest of it. In scripts without spaces, a phrase may be anywhere.
 */
export const phraseFinder = (phrases: readonly string[]): ((foldedText: string) => boolean) => {
  if (phrases.length === 0) return () => false;
  const found = new RegExp(anyOf(phrases.flatMap((phrase) => [phrase, withoutUmlauts(phrase)]).map(patternOf)), 'v');
  return (foldedText) => found.test(foldedText);
};
