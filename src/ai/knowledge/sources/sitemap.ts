import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Parser } from 'htmlparser2';

const unpack = promisify(gunzip);

/** A page that a sitemap lists. */
export interface ListedPage {
  url: string;
  /** ISO 8601. */
  updated: string | null;
}

/** What stands in a sitemap: pages, or further sitemaps. */
export interface Sitemap {
  pages: ListedPage[];
  sitemaps: string[];
}

/**
 * A larger one, in bytes and unpacked, is not taken apart, though the protocol allows it: it would hold up everything
 * else, and lists more pages than are ever read.
 */
export const LARGEST_SITEMAP = 10 * 1024 * 1024;

/** There is no sitemap where one should be. */
export class NoSitemap extends Error {
  override readonly name = 'NoSitemap';
}

const textOf = async (bytes: Buffer): Promise<string> => {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    return (isPacked ? await unpack(bytes, { maxOutputLength: LARGEST_SITEMAP }) : bytes).toString('utf8');
  } catch {
    throw new NoSitemap('it can not be unpacked, or is too large');
  }
};

/**
 * A sitemap, or an index of sitemaps, packed by gzip or not (sitemaps.org); plain lists of URLs too.
 * @throws {NoSitemap}
 */
export const readSitemap = async (bytes: Buffer): Promise<Sitemap> => {
  const text = await textOf(bytes);
  if (!text.trimStart().startsWith('<')) {
    const lines = text.split('\n').map((line) => line.trim());
    if (!lines.every((line) => line === '' || /^https?:\/\//.test(line))) throw new NoSitemap('it is none');
    return { pages: lines.filter(Boolean).map((url) => ({ url, updated: null })), sitemaps: [] };
  }
  const found: Sitemap = { pages: [], sitemaps: [] };
  let isSitemap = false;
  let fields: Record<string, string> = {};
  let open: string | null = null;
  // Some put a prefix before the names.
  const localName = (name: string): string => name.replace(/^.*:/, '').toLowerCase();
  const parser = new Parser(
    {
      onopentag(name, _attributes) {
        const local = localName(name);
        if (local === 'urlset' || local === 'sitemapindex') isSitemap = true;
        if (local === 'url' || local === 'sitemap') fields = {};
        // An image in a page's entry has a place of its own: `image:loc`.
        open =
          name === 'loc' || name === 'lastmod' || /^(?!image|video|news)\w+:(?:loc|lastmod)$/.test(name) ? local : null;
      },
      ontext(part) {
        if (open !== null) fields[open] = `${fields[open] ?? ''}${part}`;
      },
      onclosetag(name) {
        open = null;
        const url = fields.loc?.trim();
        const local = localName(name);
        if (!url) return;
        if (local === 'sitemap') found.sitemaps.push(url);
        if (local === 'url') {
          const at = Date.parse(fields.lastmod?.trim() ?? '');
          found.pages.push({ url, updated: Number.isNaN(at) ? null : new Date(at).toISOString() });
        }
        if (local === 'sitemap' || local === 'url') fields = {};
      },
    },
    { xmlMode: true },
  );
  parser.end(text);
  if (!isSitemap) throw new NoSitemap('it is none');
  return found;
};
