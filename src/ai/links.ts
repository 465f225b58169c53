import { hostOf, linksIn, recipientsOf } from './links/addresses.ts';
import type { Found } from './links/found.ts';
import {
  BREAK,
  DOTS,
  folded,
  formsOf,
  tidied,
  withoutEntities,
  withoutTags,
  withoutUnseen,
} from './links/text-forms.ts';

export { asDomain } from './links/host-names.ts';

/** A text as it is posted: what a chat shows, and what mail programs and HubSpot's inbox show. */
export interface Posted {
  text: string;
  richText: string;
}

/** Where links may lead. */
export interface Allowed {
  /** Subdomains included; `*`: any. */
  domains: readonly string[];
  /** The customer's own address, which may always be named; `null`: it isn't known. */
  email: string | null;
}

/**
 * Says whether a domain, or one above it, is among those allowed; `*` allows all. Below a name without a dot, such as
 * `wiki`, anyone may be.
 */
export const isAllowedDomain = (domain: string, allowed: readonly string[]): boolean =>
  allowed.some((one) => one === '*' || domain === one || (one.includes('.') && domain.endsWith(`.${one}`)));

const isAllowed = ({ domain, email, isBarred }: Omit<Found, 'start' | 'end'>, allowed: Allowed): boolean =>
  !isBarred &&
  (isAllowedDomain(domain, allowed.domains) ||
    (allowed.email !== null && email?.toLowerCase() === allowed.email.toLowerCase()));

/**
 * The domains to which a text leads, by a link of any scheme, a bare name that a reader's program makes a link of
 * (`example.com`, `example.info/help`), or an email address. Names that only look like one (`logs.zip`) are none.
 */
export const linkedDomains = (text: string): string[] => [
  ...new Set(
    linksIn(withoutUnseen(text)).flatMap(({ domain, isLookAlike }) => (isLookAlike || domain === '' ? [] : domain)),
  ),
];

/** Browsers leave out the line breaks of an address in a tag. */
const inLines = (html: string): string => html.replace(/<[^<>]*>/g, (tag) => tag.replace(/[\n\r\t]/g, ''));

/** Where a link of our own HTML leads. */
const targetsOf = (href: string): Omit<Found, 'start' | 'end'>[] => {
  if (/^mailto:/i.test(href)) return recipientsOf(href.slice('mailto:'.length));
  return [/^https?:/i.test(href) ? hostOf(href) : { domain: '', isBarred: true }];
};

/**
 * Says whether anything in what is posted leads to a place that isn't allowed: a link of our own, or a text that chats
 * and mail programs make one of. Schemes are a closed list: https, http, ftp, ws, wss, mailto, and tel, which has no
 * host.
 */
export const leadsElsewhere = ({ text, richText }: Posted, allowed: Allowed): boolean => {
  if (allowed.domains.includes('*')) return false;
  const hrefs = [...richText.matchAll(/<a href="([^"]*)">/g)].map(([, href = '']) => withoutEntities(href));
  if (hrefs.flatMap(targetsOf).some((target) => !isAllowed(target, allowed))) return true;
  // Programs look at each piece of text by itself, or at all of a line.
  const shown = [text, ...['', ' '].map((instead) => withoutEntities(withoutTags(richText, instead)))];
  // A chat may take plain text for HTML.
  const taken = shown.filter((one) => /[&<]/.test(one)).map((one) => inLines(withoutEntities(one)));
  return [...new Set([...shown, ...taken, ...taken.map((one) => withoutTags(one, ''))].flatMap(formsOf))].some((form) =>
    linksIn(form).some((found) => !isAllowed(found, allowed)),
  );
};

/**
 * The same text, in which names that only look like those of hosts (`logs.zip`, `ASP.NET`) can't become links: an
 * invisible character ({@link BREAK}) stands behind each of their dots. Links that are allowed stay as they are.
 * Controls are left out, and so is what nobody sees between two characters of ASCII: it could make another name of one.
 */
export const unclickable = (text: string, allowed: Allowed): string => {
  if (allowed.domains.includes('*')) return text;
  const clean = tidied(text);
  let result = '';
  let last = 0;
  for (const found of linksIn(folded(clean))) {
    const { start, end, isLookAlike } = found;
    if (!isLookAlike || isAllowed(found, allowed)) continue;
    result += clean.slice(last, start) + clean.slice(start, end).replace(DOTS, `$&${BREAK}`);
    last = end;
  }
  return result + clean.slice(last);
};
