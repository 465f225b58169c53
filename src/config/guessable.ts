/** So many characters of a token have to be hard to guess. */
const LEAST = 10;
const LEAST_DIFFERENT = 6;
const SHORTEST_PART = 3;

/** People write these where a secret should be. */
const WORDS = (
  'my super changeit changeme change replace insert enter your yours mine here this that with please ' +
  'must should password passwort passphrase pass secret token admin administrator root user login ' +
  'letmein welcome monkey dragon iloveyou qwerty threadkeeper hubspot temporal operations operator ops ' +
  'example sample default dummy test testing value key access random string'
)
  .split(' ')
  .sort((a, b) => b.length - a.length);
const ROWS = ['1234567890', '!@#$%^&*()', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'zxcvbnm', 'yxcvbnm'];
const KEYBOARD = ROWS.flatMap((row) => [row, [...row].reverse().join('')]).map((row) => row + row);

const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/**
 * Says how long from `at` on each character is as far from the last as that from the one before: `aaaa`, `4567`, `zyx`,
 * `aceg`.
 */
const stepsFrom = (text: string, at: number): number => {
  const step = text.charCodeAt(at + 1) - text.charCodeAt(at);
  if (!(Math.abs(step) <= 2)) return 1;
  let end = at + 2;
  while (end < text.length && text.charCodeAt(end) - text.charCodeAt(end - 1) === step) end += 1;
  return end - at;
};

/** The longest part from `at` on that `isKnown`. */
const longestFrom = (text: string, at: number, isKnown: (part: string) => boolean): number => {
  let length = SHORTEST_PART - 1;
  while (at + length < text.length && isKnown(text.slice(at, at + length + 1))) length += 1;
  return length;
};

/** In so many guesses of a part the text is found: a sequence, a word, or what stood before is one part. */
const partsIn = (text: string): number => {
  let parts = 0;
  for (let at = 0; at < text.length; parts += 1) {
    const from = at;
    const word = WORDS.find((one) => text.startsWith(one, from))?.length ?? 1;
    const steps = stepsFrom(text, from);
    const keys = longestFrom(text, from, (part) => KEYBOARD.some((row) => row.includes(part)));
    const again = longestFrom(text, from, (part) => text.indexOf(part) < from);
    at += Math.max(word, ...[steps, keys, again].filter((length) => length >= SHORTEST_PART));
  }
  return parts;
};

/**
 * Says whether a token is one that is tried soon: a word, a sequence, or a pattern that repeats, also written
 * otherwise.
 */
export const isGuessable = (token: string): boolean => {
  const plain = token.toLowerCase();
  const spellings = [
    plain,
    plain.replace(/(.)\1+/g, '$1'),
    plain.replace(/[^a-z0-9]/g, ''),
    plain.replace(/[^a-z]/g, ''),
    plain.replace(/[01345@$!7]/g, (character) => LEET[character] ?? character),
  ];
  // One that has hardly a letter has nothing to lose with what is none.
  const judged = spellings.filter((spelling, index) => index < 2 || spelling.length >= plain.length * 0.7);
  // Each kind of character that a spelling leaves out is one more guess: dashes are one, a machine's digits are many.
  const leftOut = (spelling: string): number =>
    spelling.length < plain.length ? new Set([...plain].filter((one) => !spelling.includes(one))).size : 0;
  const everyOther = (first: number): string => [...plain].filter((_, index) => index % 2 === first).join('');
  return (
    new Set(plain).size < LEAST_DIFFERENT ||
    judged.some((spelling) => partsIn(spelling) + leftOut(spelling) < LEAST) ||
    // Two that take turns, as in 01020304.
    partsIn(everyOther(0)) + partsIn(everyOther(1)) < LEAST
  );
};
