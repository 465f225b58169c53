import { type AnswerRules, asPosted, givesAway } from './check-answer.ts';
import { leadsElsewhere, unclickable } from './links.ts';

/** Every value in another one, a line each. Quoting, or names between them, would part the letters of a word. */
const valuesIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : [String(value ?? '')];

const namesIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(namesIn)];
};

const ADDRESS = /[^\s@<>,;:"'()]+@[^\s@<>,;:"'()]+/gu;

/** The same address in any case, and in look-alike letters. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase();

/** What a model wants to give a tool may say this much of what it must not. `null`: nothing. */
export type Leak = 'confidential' | 'elsewhere' | null;

/**
 * Looks for what no answer may hold in what a model wants to give a tool of the business, or several in one step.
 * `confidential`: a key, or what the model was given in confidence. `elsewhere`: a link, or an address that is not the
 * customer's own, as `email` says.
 */
export const leakIn = (input: unknown, rules: AnswerRules, email: string | null): Leak => {
  const text = [...valuesIn(input), ...namesIn(input)].join('\n');
  if (givesAway(text, rules)) return 'confidential';
  const { linkDomains: domains } = rules;
  const allowed = { domains, email };
  const leads = domains.includes('*')
    ? [...plain(text).matchAll(ADDRESS)].some(([address]) => address !== plain(email ?? ''))
    : leadsElsewhere(asPosted(unclickable(text, allowed)), allowed);
  return leads ? 'elsewhere' : null;
};
