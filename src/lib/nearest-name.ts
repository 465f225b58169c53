/** Shorter words are words of their own: `NPM_TOKEN` is not meant to be `OPS_TOKEN`. */
const LEAST_LETTERS = 4;
/** Where a name is split into other words, such as `EMAILDELAY`, more of it has to fit. */
const LEAST_LETTERS_WHOLE = 8;
/** Two words with a slip each can still be known again. */
const MOST_SLIPS = 2;

/** `EMAIL_DELAY`, `email-delay` and `emailDelay` are the same two. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .split(/[^A-Z\d]+/)
    .filter((word) => word !== '');

/** Says whether two texts differ by one letter: wrong, missing, too much, or swapped with the next. */
const isOneSlip = (a: string, b: string): boolean => {
  let from = 0;
  while (from < a.length && a[from] === b[from]) from += 1;
  const [restA, restB] = [a.slice(from), b.slice(from)];
  const [one = '', two = ''] = restA;
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (restB.startsWith(two + one) && restA.slice(2) === restB.slice(2))
  );
};

const isSlipOf = (word: string, right: string): boolean =>
  `${word}S` === right ||
  word === `${right}S` ||
  (Math.min(word.length, right.length) >= LEAST_LETTERS && isOneSlip(word, right));

const isNear = (name: string, right: string): boolean => {
  const [words, rightWords] = [wordsOf(name), wordsOf(right)];
  if (words.length !== rightWords.length) {
    const [whole, rightWhole] = [words.join(''), rightWords.join('')];
    if (whole === rightWhole) return whole.length > LEAST_LETTERS;
    return rightWhole.length >= LEAST_LETTERS_WHOLE && isOneSlip(whole, rightWhole);
  }
  const wrong = words.filter((word, index) => word !== rightWords[index]);
  if (wrong.length === 0) return words.join('').length > LEAST_LETTERS;
  return (
    wrong.length <= MOST_SLIPS &&
    words.every((word, i) => word === rightWords[i] || isSlipOf(word, rightWords[i] ?? ''))
  );
};

/**
 * Says which of `names` a name is surely meant to be, though it is none of them: case and separators don't count, and
 * in up to two words of four letters and more one letter may be wrong, missing, too much, or swapped with the next; a
 * shorter one may be plural. Else `undefined`: an environment is full of other programs' names, and a warning that is
 * wrong teaches people to overlook warnings.
 */
export const nearestName = (name: string, names: readonly string[]): string | undefined =>
  names.find((right) => isNear(name, right));
