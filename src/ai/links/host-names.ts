import { domainToASCII } from 'node:url';
import { parse } from 'tldts';

/** Endings of domains that are far more often endings of files. */
const FILE_ENDINGS = new Set('zip mov md py sh rs ps pub cab tf map'.split(' '));
/** No product is called so, and no sentence begins with these. */
export const HOST_ENDINGS: ReadonlySet<string> = new Set(
  'com net org info biz edu gov mil co eu cn ru de uk fr xyz'.split(' '),
);
const PRODUCTS =
  /^(?:[Aa]sp|[Aa]do|[Vv]b|ml|[Jj]son|[Pp]aint|[Ll]ucene)\.net$|^\p{Lu}[\p{L}\p{N}]*\.(?:NET|app|ai|AI|io|IO)$/u;
/** "Number", shortened in many languages: Art.Nr, tel.no. */
const NUMBERS =
  /(?:^|\.)(?:\p{L}+\.nr|(?:acc|account|art|cust|fax|id|inv|invoice|item|mob|model|ord|order|part|ph|phone|ref|serial|tel)\.no)$/iu;
/** "v2.io", "10.am", "e.g.in". */
const SHORTENED = /^(?:v?\d{1,4}(?:\.\d{1,4})*|\p{L}(?:\.\p{L})+)\.\p{L}+$/iu;

const LONGEST_HOST = 253;

/**
 * Domains as browsers compare them: `münchen.example` is `xn--mnchen-3ya.example`. What can't be one is left as it is.
 */
export const asDomain = (host: string): string => {
  // No host is longer, and what is has no end that another one has.
  const name = host.slice(-LONGEST_HOST);
  return (domainToASCII(name) || name.toLowerCase()).replace(/\.$/, '');
};

/** The last labels decide. */
const endOf = (name: string): string => asDomain(name.slice(-LONGEST_HOST).split('.').slice(-5).join('.'));

/**
 * Says whether its ending is a public suffix, so that programs make a link of the bare name, and somebody can own it.
 */
export const hasPublicEnding = (name: string): boolean => {
  const { isIcann, domain } = parse(endOf(name), { validateHostname: false });
  return isIcann === true && domain !== null;
};

/** The same, or an IP address, or a name below an ending that is kept for tests and inner networks. */
export const canBeReached = (name: string): boolean => {
  const { isIcann, isSpecialUse, isIp, domain } = parse(endOf(name), {
    detectSpecialUse: true,
    validateHostname: false,
  });
  return isIp === true || ((isIcann === true || isSpecialUse === true) && domain !== null);
};

/** Says whether a host's name, as `URL` gives it, is an IP address. */
export const isIpAddress = (hostname: string): boolean => /^\[|^\d+(?:\.\d+){3}$/.test(hostname);

/**
 * Says whether a bare name with a public ending is more likely one of a file (`logs.zip`), of a product (`ASP.NET`), a
 * shortened word (`Art.Nr`) or the seam of two sentences (`tomorrow.It`). `after`: the two characters that follow it.
 */
export const isLookAlike = (name: string, after: string): boolean => {
  const ending = name.slice(name.lastIndexOf('.') + 1);
  if (PRODUCTS.test(name)) return true;
  // A path makes a link of it.
  if (/^[/?][\p{L}\p{N}]/u.test(after)) return false;
  if (FILE_ENDINGS.has(ending.toLowerCase()) || NUMBERS.test(name)) return true;
  if (HOST_ENDINGS.has(ending.toLowerCase())) return false;
  return /^\p{Lu}\p{Ll}+$/u.test(ending) || SHORTENED.test(name);
};
