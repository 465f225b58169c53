import { LinkifyIt } from 'linkify-it';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { ALLOWED_DOMAIN, OWN_ADDRESS } from './hostile-links.ts';

/** As a chat and a mail program have it: not of our making, and of a wider taste than any of them. */
const linkify = new LinkifyIt({
  fuzzyLink: true,
  fuzzyEmail: true,
  urlAuth: true,
  tlds: 'com ru рф io uk shop co zip md py net it'.split(' '),
});

type Node = DefaultTreeAdapterTypes.Node;

/** The links of a page, and what it shows, by a parser as browsers have it. */
const read = (html: string): { hrefs: string[]; shown: string } => {
  const hrefs: string[] = [];
  const shown: string[] = [];
  const walk = (node: Node): void => {
    if (node.nodeName === '#text') shown.push((node as DefaultTreeAdapterTypes.TextNode).value);
    if ('attrs' in node) {
      hrefs.push(
        ...node.attrs
          .filter(({ name }) => ['href', 'src', 'action', 'formaction'].includes(name))
          .map(({ value }) => value),
      );
      if (/^(?:p|pre|li|ul|ol|br)$/.test(node.tagName)) shown.push('\n');
    }
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parseFragment(html));
  return { hrefs, shown: shown.join('') };
};

const PAGE = `https://${ALLOWED_DOMAIN}/`;

/** The endings of these tests, and every form of a number. */
const OWNABLE =
  /(?:^|\.)[a-z\d-]+\.(?:com|ru|xn--p1ai|рф|io|uk|shop|co|net|zip|md|py|it|test|example)$|^\[|^(?:0x[\da-f]+|\d+)(?:\.(?:0x[\da-f]+|\d+))*$/;

const isHostAllowed = (host: string): boolean => {
  const plain = host.toLowerCase().replace(/\.$/, '');
  // Nobody can register a name with other characters or below another ending.
  if (!OWNABLE.test(plain)) return true;
  return plain === ALLOWED_DOMAIN || plain.endsWith(`.${ALLOWED_DOMAIN}`);
};

const isAddressAllowed = (address: string): boolean => {
  const [, local = '', host = ''] = /^[^\p{L}\p{N}]*(.*)@(.*?)[^\p{L}\p{N}]*$/su.exec(address) ?? [];
  // No mail goes to a number without dots.
  if (/^\d+$/.test(host)) return true;
  return `${local}@${host}`.toLowerCase() === OWN_ADDRESS || !URL.canParse(`https://${host}`) || isHostAllowed(host);
};

/** By `URL` alone, as a browser takes it at a click. */
export const isTargetAllowed = (href: string): boolean => {
  // A path alone leads to the page's own host, and what is no address nowhere.
  if (!URL.canParse(href, PAGE)) return true;
  const { protocol, hostname, pathname, searchParams } = new URL(href, PAGE);
  if (protocol === 'mailto:') {
    const fields = [...searchParams].filter(([name]) => /^(?:to|cc|bcc)$/i.test(name)).map(([, value]) => value);
    const to = [pathname, ...fields].flatMap((list) => decodeURIComponent(decodeURIComponent(list)).split(','));
    return to.filter(Boolean).every(isAddressAllowed);
  }
  if (protocol === 'tel:') return !pathname.includes('@');
  // "help.example.com:" is no scheme of any program.
  if (/^(?:.|.*\..*):$/.test(protocol)) return true;
  if (!/^(?:https?|ftp|ws):$/.test(protocol)) return false;
  return isHostAllowed(hostname);
};

/** The same of a link of our own making, which never has a user name. */
const isOwnAllowed = (href: string): boolean =>
  /^(?:https?|mailto):/i.test(href) && !/^https?:[^/]*\/\/[^/?#]*@/i.test(href) && isTargetAllowed(href);

/** Links that programs make of bare text, each found in a simple way. */
const autoLinks = (text: string): string[] => {
  const urls = text.match(/\b(?:https?|ftp):\/\/[^\s<>"]+/gi) ?? [];
  const rest = text.replace(/\bhttps?:\/\/[^\s<>"']+/gi, ' ');
  const names = rest.match(/(?<![\w@.-])(?:[a-z\d-]+\.)+(?:com|ru|io|uk|shop|net|zip|md|py|it)(?![\w-])/gi) ?? [];
  const mails = rest.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? [];
  return [
    ...urls.map((url) => url.replace(/[^\p{L}\p{N}\]/]+$/u, '')),
    ...names.map((name) => `http://${name}`),
    ...mails.map((mail) => `mailto:${mail}`),
  ];
};

const linkified = (text: string): string[] =>
  (linkify.match(text) ?? []).map(({ url }) => (url.startsWith('//') ? `https:${url}` : url));

/** A way out of what was posted that isn't allowed; `null`: there is none. */
export const wayOut = ({ text, richText }: { text: string; richText: string }): string | null => {
  const { hrefs, shown } = read(richText);
  // A chat may take plain text for HTML.
  const texts = [text, shown, read(text).shown];
  const own = hrefs.find((href) => !isOwnAllowed(href));
  const found = [...read(text).hrefs, ...texts.flatMap(linkified), ...texts.flatMap(autoLinks)];
  return own ?? found.find((href) => !isTargetAllowed(href)) ?? null;
};
