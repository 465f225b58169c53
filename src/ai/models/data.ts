/** A property's value is cut to this many characters. */
export const LONGEST_PROPERTY = 500;

/**
 * Formatting characters, those of Unicode's tags among them, and controls but for line breaks: nobody sees them, a
 * model reads them.
 */
const UNSEEN = /[\p{Cf}\p{Co}\p{Cn}]|(?![\n\t])\p{Cc}/gu;

/** A text as a model may read it: without what nobody sees, and up to a length in characters. */
export const cut = (text: string, longest: number): string => {
  const seen = text.replace(UNSEEN, '');
  return seen.length > longest ? `${seen.slice(0, longest)} [cut]` : seen;
};

/** JSON in which nothing can look like the end of the block that it stands in. */
export const asData = (value: unknown): string => withoutBrackets(JSON.stringify(value));

/** What another system gave as text, with nothing in it that can look like the end of a block. */
export const withoutBrackets = (text: string): string =>
  text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const lengthOf = (value: unknown): number => asData(value).length;

/** The same as {@link cut}, by the length that it has as data: `<` takes six characters there. */
export const cutAsData = (text: string, longest: number): string => {
  let kept = cut(text, longest);
  if (lengthOf(kept) <= longest) return kept;
  while (lengthOf(kept) > longest) kept = kept.slice(0, Math.floor((kept.length * longest) / lengthOf(kept)));
  return `${kept} [cut]`;
};

/** The newest of these, oldest first, that fit into so many characters as data; the very newest always. */
export const newestAsData = <Item>(items: readonly Item[], longest: number): Item[] => {
  let left = longest;
  const first = items.findLastIndex((item, index) => {
    left -= lengthOf(item);
    return left < 0 && index < items.length - 1;
  });
  return items.slice(first + 1);
};

/** The first of these fields that fit into so many characters as data. */
export const fieldsAsData = (fields: Record<string, string>, longest: number): Record<string, string> => {
  let left = longest;
  const fitting = Object.entries(fields).filter((field) => {
    left -= lengthOf(field);
    return left >= 0;
  });
  return Object.fromEntries(fitting);
};
