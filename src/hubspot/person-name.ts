/** A person's name as HubSpot keeps it; empty where a part isn't known. No part has a comma. */
export interface PersonName {
  first: string;
  last: string;
}

/** What stands behind a comma without being a first name. */
const SUFFIX =
  /^(?:jr|sr|i{2,3}|iv|ph\.?\s?d|m\.?\s?d|mba|msc|bsc|ba|ma|llm|ll\.?m|esq|cpa|dds|rn|dipl\.?-?\p{L}*\.?|mag|dr|ext(?:ern(?:al|e|o)?)?|contractor|consultant|guest)\.?$/iu;
/** Such a suffix makes it a company's name. */
const COMPANY =
  /^(?:inc|ltd|llc|llp|plc|corp|co|gmbh|ag|kg|s\.?a|s\.?l|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|ab|a\/s|oy|pty|lda)\.?$/iu;
const GENERATION = /^(?:jr|sr|i{2,3}|iv)\.?$/iu;

/** Mail programs add who relayed it, quotes, and what a directory knows of somebody. */
const bare = (name: string): string =>
  name
    .slice(0, 500)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/["“”„«»]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?[([{<][^)\]}>]*[)\]}>]/g, '')
    .replace(/ via .+$/i, '')
    .trim()
    .replace(/^'(.*)'$/, '$1')
    .trim();

/** Directories add a company or a department to a whole name: `Lee, Kim | Sales`. */
const withoutDepartment = (name: string): string => {
  const [head = ''] = name.split(/ [|–—-] |(?<=\p{L}{2})\/(?=\p{L})/u);
  return /[ ,]/.test(head) ? head : name;
};

/**
 * Takes a name apart: `Kim Lee`, and `Lee, Kim` as directories list it. A mail address in the name's place is no name.
 */
export const personName = (name: string | null): PersonName => {
  const whole = withoutDepartment(bare(name ?? ''));
  if (whole.includes('@')) return { first: '', last: '' };
  const [head = '', ...others] = whole
    .split(/ ?[,，、;] ?/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (others.some((part) => COMPANY.test(part))) return { first: '', last: [head, ...others].join(' ') };
  const generation = others.filter((part) => GENERATION.test(part));
  const first = others.filter((part) => !SUFFIX.test(part)).join(' ');
  if (first !== '') return { first, last: [head, ...generation].join(' ') };
  const [given = '', ...rest] = head.split(' ');
  return { first: given, last: [...rest, ...(rest.length > 0 ? generation : [])].join(' ') };
};
