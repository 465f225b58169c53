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
const BEGIN = `(?<!${IN_WORD})`;
const END = `(?!${IN_WORD})`;
const BEGINS_WORD = new RegExp(`^${IN_WORD}`, 'v');
const ENDS_WORD = new RegExp(`${IN_WORD}$`, 'v');

const escaped = (text: string): string => text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');

/** `lawyer`, or `lawyer*` for every word that begins so. */
const patternOfWord = (word: string): string => {
  const [, before = '', core = '', after = ''] = /^(\*?)(.*?)(\*?)$/s.exec(word) ?? [];
  const begin = before ? `${IN_WORD}*` : '';
  const end = after ? `${IN_WORD}*` : '';
  return `${BEGINS_WORD.test(core) ? BEGIN + begin : ''}${escaped(core)}${ENDS_WORD.test(core) ? end + END : ''}`;
};

/** As people write who have no umlauts. */
const withoutUmlauts = (phrase: string): string =>
  phrase
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöü]/g, (letter) => ({ ä: 'ae', ö: 'oe' })[letter] ?? 'ue');

const patternOf = (phrase: string): string =>
  folded(phrase).trim().split(/\s+/).map(patternOfWord).join('[\\s\\p{Pd}]+');

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
  const patterns = new Set(phrases.flatMap((phrase) => [patternOf(phrase), patternOf(withoutUmlauts(phrase))]));
  const found = new RegExp(anyOf([...patterns]), 'v');
  return (foldedText) => found.test(foldedText);
};

/** Hundreds of phrases begin and end where words do: that is looked at once for all of them, which takes a tenth. */
const anyOf = (patterns: readonly string[]): string => {
  const together = (begin: string, end: string): string[] => {
    const these = patterns.filter(
      (pattern) => pattern.startsWith(BEGIN) === (begin !== '') && pattern.endsWith(END) === (end !== ''),
    );
    const inner = these.map((pattern) => pattern.slice(begin.length, pattern.length - end.length));
    return inner.length === 0 ? [] : [`${begin}(?:${inner.join('|')})${end}`];
  };
  return [...together(BEGIN, END), ...together(BEGIN, ''), ...together('', END), ...together('', '')].join('|');
};
