import { domainToASCII } from 'node:url';

/**
 * Endings at which chats and mail programs make a link of a bare name. Those that are words of their own need a path
 * behind them.
 */
const LINKED_ENDINGS = new Set(
  'app art biz blog br ca cc ch click club cn co com cz de dev dk edu es eu fi finance fr gov info io jp kr link live ltd me mobi net news nl online org pl pro pw ru se sh shop site space store support tech tk top tv uk us vip website wiki win xyz zip рф'.split(
    ' ',
  ),
);

const UNSEEN = /\p{Cf}/gu;
const DOTS = /[。．｡]/g;

/**
 * Domains as browsers compare them: `münchen.example` is `xn--mnchen-3ya.example`. What can't be one is left as it is.
 */
export const asDomain = (host: string): string => domainToASCII(host) || host.toLowerCase();

/** The part of a link behind `//` that says where it leads. */
const hostOf = (rest: string): string => {
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  return authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
};

/**
 * The domains to which a text leads, by a link of any scheme, a bare name that a reader's program makes a link of
 * (`example.com`, `example.info/help`), or an email address. With doubt it is a link.
 */
export const linkedDomains = (text: string): string[] => {
  const plain = text.replace(UNSEEN, '').replace(DOTS, '.').replaceAll('\\', '/').normalize('NFKC');
  const domains = [...plain.matchAll(/[a-z][a-z\d+.-]*:\/\/([^\s<>"'`)\]]*)/giu)].map(([, rest = '']) => hostOf(rest));
  for (const { 0: token, index } of plain.matchAll(/[\p{L}\p{M}\p{N}.-]{4,}/gu)) {
    const name = token.replace(/^[.-]+|[.-]+$/g, '');
    const ending = name.split('.').at(-1) ?? '';
    if (!/.\../u.test(name) || !/^(?:\p{L}{2,}|xn--[a-z\d-]+)$/iu.test(ending)) continue;
    const before = plain.slice(Math.max(0, index - 2), index);
    const isLinked =
      before === '//' ||
      before.endsWith('@') ||
      /^www\./i.test(name) ||
      /^(?:\/|:\d)/.test(plain.slice(index + token.length)) ||
      LINKED_ENDINGS.has(ending.toLowerCase());
    if (isLinked) domains.push(name);
  }
  return [...new Set(domains.map(asDomain))];
};

/** Whether a domain, or one above it, is among those allowed; `*` allows all. */
export const isAllowedDomain = (domain: string, allowed: readonly string[]): boolean =>
  allowed.some((one) => one === '*' || domain === one || domain.endsWith(`.${one}`));
