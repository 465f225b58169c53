/** Of a property's value, in characters. */
export const LONGEST_PROPERTY = 500;

/** Formatting characters, those of Unicode's tags among them, and controls but for line breaks: nobody sees them, a model reads them. */
const UNSEEN = /[\p{Cf}\p{Co}\p{Cn}]|(?![\n\t])\p{Cc}/gu;

/** A text as a model may read it: without what nobody sees, and up to a length in characters. */
export const cut = (text: string, longest: number): string => {
  const seen = text.replace(UNSEEN, '');
  return seen.length > longest ? `${seen.slice(0, longest)} [cut]` : seen;
};

/** JSON in which nothing can look like the end of the block that it stands in. */
export const asData = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
