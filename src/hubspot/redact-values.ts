/**
 * Longer text is cut before it is looked at: a line of HubSpot's is short, and what is longer was written by somebody
 * else.
 */
const LONGEST_READ = 2_000;
const LONGEST_LINE = 200;

/**
 * What stands in quotation marks of any kind; to the end, where the text was cut before the last one. An apostrophe is
 * none. Each alternative matches wherever it begins, so that no character is looked at again and again.
 */
const QUOTED =
  /"[^"]*(?:"|$)|“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|`[^`]*(?:`|$)|(?<!\p{L})['‘].*?(?:['’](?!\p{L})|$)/gsu;
const WORD = /\S+/g;
const PHONE_NUMBER = /\+\d[\d ().-]{5,}\d/g;

/**
 * Gives what the cut may have gone through, a word or a phone number, goes as well: its rest would not be recognised.
 */
const cutToRead = (text: string): string => {
  if (text.length <= LONGEST_READ) return text;
  let end = LONGEST_READ;
  while (end > 0 && /\S/.test(text.charAt(end - 1))) end -= 1;
  while (end > 0 && /[\s\d().+-]/.test(text.charAt(end - 1))) end -= 1;
  // Of one endless word nothing is known.
  return end === 0 ? '…' : text.slice(0, end);
};

const isAddress = (word: string): boolean => word.slice(1, -1).includes('@');

/**
 * One line of HubSpot's, fit for logs and comments: it quotes values in its messages, and they may be a customer's. At
 * most 200 characters, and quick however long the text is.
 */
export const redactValues = (text: string): string =>
  cutToRead(text)
    .replace(QUOTED, '"…"')
    .replace(WORD, (word) => (isAddress(word) ? '…' : word))
    .replace(PHONE_NUMBER, '…')
    .slice(0, LONGEST_LINE);
