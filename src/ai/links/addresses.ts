import type { Found } from './found.ts';
import { asDomain, canBeReached, isIpAddress } from './host-names.ts';
import { namesIn, trimmedEnd } from './names.ts';
import { percentDecoded } from './text-forms.ts';

/** The schemes whose hosts `URL` reads as browsers do. */
const WITH_HOST = ['https', 'http', 'ftp', 'wss', 'ws'] as const;
/** Of programs that open at a click, though no host stands behind them. */
const OF_PROGRAMS = new Set(
  (
    'blob bitcoin callto data ethereum facetime geo intent itms-apps itms-services jar javascript magnet ' +
    'msteams onenote outlook search-ms sip sips skype sms smsto steam tg vbscript viber view-source ' +
    'whatsapp xmpp zoommtg'
  ).split(' '),
);
/** No host is longer, no scheme, and no program makes a link of more. Each bound keeps a long text from taking long. */
const LONGEST_HOST = 300;
const LONGEST_SCHEME = 32;
const LONGEST_ADDRESS = 2_000;

const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;
const HOST = /^[\p{L}\p{M}\p{N}.-]*/u;
/** Of what follows a host, so much as belongs to the same link for every reader. */
const TAIL =
  /[/?#](?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}])[\p{L}\p{M}\p{N}._~/?#=&+:@%!$*-]){0,2000}/uy;

type Host = Pick<Found, 'domain' | 'isBarred'>;

interface Address {
  start: number;
  end: number;
  hosts: Host[];
  isMail?: true;
}

/** Where an address of the web leads by `URL`, and whether anything in it can be read in two ways. */
export const hostOf = (url: string): Host => {
  if (!URL.canParse(url)) return { domain: '', isBarred: true };
  const { username, password, hostname } = new URL(url);
  const domain = asDomain(hostname);
  // Browsers alone take a number in another form for an IP address.
  const isDisguised = isIpAddress(hostname) && !url.includes(`//${hostname}`);
  return username || password || hostname === '' || isDisguised ? { domain, isBarred: true } : { domain };
};

/**
 * The hosts to which `https://` and what follows up to the path can lead. Any character but those of hosts is read in
 * one way by browsers and in others by mail programs, so it bars the link, but for the letters of a script without
 * spaces: the sentence goes on.
 */
const hostsOf = (scheme: string, authority: string): Host[] => {
  const meant = trimmedEnd(authority, /[\p{L}\p{M}\p{N}\]]/u);
  const [plain = ''] = /^[\p{L}\p{M}\p{N}.-]*(?::\d{1,5})?/u.exec(meant) ?? [];
  const whole = hostOf(`${scheme}://${meant}`);
  if (plain !== meant || meant.length > LONGEST_HOST || whole.isBarred) return [{ ...whole, isBarred: true }];
  const [before = '', next = ''] = /^[\w.-]*(.?)/u.exec(plain) ?? [];
  if (!WITHOUT_SPACES.test(next)) return [whole];
  const cut = hostOf(`${scheme}://${before.slice(0, before.length - next.length)}`);
  return canBeReached(whole.domain) ? [cut, whole] : [cut];
};

/**
 * Every recipient of a `mailto:`, copies included, in every encoding, and where its words lead. `rest`: what follows
 * the colon. `isNested`: it stands in the words of another one, and its own words aren't looked at.
 */
export const recipientsOf = (rest: string, isNested = false): (Host & { email?: string })[] => {
  const [to = '', ...query] = rest.split('?');
  const fields = query
    .join('?')
    .split('&')
    .filter(Boolean)
    .map((field) => {
      const [name = '', ...value] = field.replace(/^amp;/, '').split('=');
      return { name: percentDecoded(name).toLowerCase(), value: percentDecoded(value.join('=')) };
    });
  const valuesOf = (...names: string[]) => fields.flatMap(({ name, value }) => (names.includes(name) ? value : []));
  const known = ['to', 'cc', 'bcc', 'subject', 'body'];
  const other = fields.some(({ name }) => !known.includes(name)) ? [{ domain: '', isBarred: true } as const] : [];
  // Who encodes an address hides it from those who read.
  if (/%/.test(to) || query.some((field) => /(?:^|&)(?:amp;)?b?cc=[^&]*%|(?:^|&)(?:amp;)?to=[^&]*%/i.test(field))) {
    return [{ domain: '', isBarred: true }];
  }
  const emails = [percentDecoded(to), ...valuesOf('to', 'cc', 'bcc')].flatMap((list) => list.split(/[,;]/));
  return [
    ...other,
    ...emails.filter(Boolean).map((email): Host & { email?: string } => {
      const [, host] = /^[\p{L}\p{M}\p{N}.!#$&'*+=^_{}~-]+@([\p{L}\p{M}\p{N}.-]+)$/u.exec(email) ?? [];
      return host === undefined ? { domain: '', isBarred: true } : { domain: asDomain(host), email };
    }),
    ...(isNested ? [] : valuesOf('subject', 'body').flatMap((words) => linksIn(words, true))),
  ];
};

/** Programs make a link of it without the slashes too, as browsers do. */
const isOfWeb = (scheme: string): boolean => scheme.startsWith('http');

/** Gives what stands with a scheme: where it ends, and where it leads. `at`: of the colon. */
const addressAt = (text: string, at: number, isNested: boolean): Address | null => {
  const written = /[a-z][a-z\d+.-]*$/i.exec(text.slice(Math.max(0, at - LONGEST_SCHEME), at))?.[0].toLowerCase() ?? '';
  if (written === '') return null;
  const rest = text.slice(at + 1, at + 1 + LONGEST_ADDRESS);
  const slashes = /^\/*/.exec(rest)?.[0].length ?? 0;
  // Programs look for `https` and don't ask what stands before it.
  const scheme = WITH_HOST.find((one) => (isOfWeb(one) ? written.endsWith(one) : written === one));
  const authority = /^[^/?#\s<>"]{0,400}/.exec(rest.slice(slashes))?.[0] ?? '';
  const isMail = written.endsWith('mailto');
  const start = at - (scheme ?? (isMail ? 'mailto' : written)).length;
  if (
    scheme &&
    (slashes > 1 ? /[\p{L}\p{N}]/u.test(authority) : isOfWeb(scheme) && /^[\p{L}\p{N}[@%]|@/u.test(authority))
  ) {
    const host = HOST.exec(authority)?.[0] ?? '';
    const port = /^:\d{1,5}/.exec(authority.slice(host.length))?.[0] ?? '';
    // Mail programs look for the host behind a user name further than browsers do.
    const isBehindUser = /^[^/?#\s]{0,400}@/.test(rest.slice(slashes));
    const hosts = hostsOf(scheme, authority).map((one) => (isBehindUser ? ({ ...one, isBarred: true } as const) : one));
    const afterHost = at + 1 + slashes + host.length + port.length;
    // Without its slashes it is none for some programs, and they look into its path.
    if (slashes < 2) return { start, end: afterHost, hosts };
    TAIL.lastIndex = afterHost;
    return { start, end: afterHost + (TAIL.exec(text)?.[0].length ?? 0), hosts };
  }
  if (isMail) {
    const to = trimmedEnd(/^[^\s<>"]*/.exec(rest)?.[0] ?? '', /[\p{L}\p{N}]/u);
    return /[@%]/.test(to) ? { start, end: at + 1 + to.length, hosts: recipientsOf(to, isNested), isMail: true } : null;
  }
  if (written === 'tel')
    return /^[^\s<>"]*@/.test(rest) ? { start, end: at + 1, hosts: [{ domain: '', isBarred: true }] } : null;
  const isOfProgram = OF_PROGRAMS.has(written) && /^[^\s)"'.,;!*]/.test(rest);
  if (!isOfProgram && !(slashes > 1 && /[\p{L}\p{N}]/u.test(authority))) return null;
  const domain = asDomain(HOST.exec(authority)?.[0] ?? '');
  return { start, end: at + 1, hosts: [{ domain, isBarred: true }] };
};

/**
 * `//` and a host that stands behind a user name, or is a number. Names behind it are found with all other names.
 * `covered`: what isn't looked at.
 */
const withoutSchemeIn = (text: string, covered: readonly { start: number; end: number }[]): Found[] => {
  const found: Found[] = [];
  let next = 0;
  for (const { 0: written, index: start } of text.matchAll(/\/\/[^/?#\s]{1,400}/g)) {
    while (next < covered.length && (covered[next]?.end ?? 0) <= start) next += 1;
    const isCovered = start >= (covered[next]?.start ?? Number.POSITIVE_INFINITY);
    if (
      isCovered ||
      !/^\/\/(?:[^@]+@[\p{L}\p{N}[]|.*@.*\.|[^@]*%[\da-f]{2}|\[|(?:0x[\da-f]+|\d+)\.[\dx]|0x[\da-f]{6}|\d{8})/iu.test(
        written,
      )
    )
      continue;
    found.push({ domain: '', isBarred: true, start, end: start + written.length });
  }
  return found;
};

/**
 * Gives what of a text programs make links of: addresses with a scheme, of mail, and bare names. It takes the text in
 * one form (`formsOf`), and time in proportion to its length.
 */
export const linksIn = (text: string, isNested = false): Found[] => {
  const found: Found[] = [];
  const covered: { start: number; end: number }[] = [];
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    const address = addressAt(text, at, isNested);
    if (address === null) continue;
    const { start, end, hosts, isMail } = address;
    found.push(...hosts.map((host) => ({ ...host, start, end })));
    // What stands in the path of a link is the link's own.
    if (!hosts.some(({ isBarred }) => isBarred)) covered.push({ start, end });
    // All of a mail's address was looked at; in one of the web another one may stand.
    if (isMail) at = end - 1;
  }
  return [...found, ...withoutSchemeIn(text, covered), ...namesIn(text, covered)];
};
