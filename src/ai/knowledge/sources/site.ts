import { setTimeout as delay } from 'node:timers/promises';
import pMap from 'p-map';
import robotsParser from 'robots-parser';
import {
  type DownloadedFile,
  type DownloadOptions,
  downloadFile,
  FileTooLarge,
  FileUnavailable,
} from '../../../hubspot/download.ts';
import { type LeftOut, type SourceArticle, type SourceReading, SourceUnreadable, withinBounds } from './article.ts';
import { type DocumentReader, DocumentUnreadable, openDocumentReader } from './documents.ts';
import { LARGEST_SITEMAP, type ListedPage, NoSitemap, readSitemap } from './sitemap.ts';
import type { SiteSource } from './source.ts';

/** What a site's robots.txt may name, and what its log shows. */
const ROBOT = 'Threadkeeper';
export const USER_AGENT = `${ROBOT}/0.1 (reads help articles for the support of the business that runs it)`;

const FILE_MS = 20_000;
const LARGEST_ROBOTS = 512 * 1024;
const LARGEST_PAGE = 4 * 1024 * 1024;
const MOST_SITEMAPS = 200;
/** An index may list indexes, though it should not. */
const DEEPEST_SITEMAP = 3;
/** Its types say that the function is a property of what it exports, which is the function. */
const parseRobots = robotsParser as unknown as typeof robotsParser.default;
/** Somebody else's server, which has customers to serve. */
const AT_ONCE = 2;
const LONGEST_CRAWL_DELAY_MS = 10_000;
const PAUSE_BEFORE_SECOND_TRY_MS = 2_000;
/** What stands on more than this share of the pages is a frame around them; of at least so many pages. */
const FRAME_SHARE = 0.5;
const LEAST_PAGES_WITH_FRAME = 6;

export interface SiteOptions {
  signal: AbortSignal;
  /** What the version that is served now has: a page that can't be had just now is kept. By path. */
  previous?: ReadonlyMap<string, SourceArticle>;
  /** Which addresses may be called: those of the internet unless given. */
  mayConnectTo?: (address: string) => boolean;
  /** How long it is waited before a page that failed is asked for again, in ms; 2 s unless given. */
  pauseMs?: number;
}

/** A host whose robots.txt is known. */
interface Site {
  isAllowed(url: URL): boolean;
  crawlDelayMs: number;
  get(url: string, mostBytes: number, mayFollow?: (url: URL) => boolean): Promise<DownloadedFile>;
}

const reasonOf = (error: unknown): string => {
  if (error instanceof FileTooLarge || error instanceof FileUnavailable) return error.message;
  if (error instanceof DocumentUnreadable) return error.message;
  return 'The host did not answer in time';
};

/** A URL as a site's pages are compared by: without fragment, its path decoded as robots.txt has it. */
const pageUrl = (url: string): URL | null => {
  if (!URL.canParse(url)) return null;
  const parsed = new URL(url);
  parsed.hash = '';
  return /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '' ? parsed : null;
};

const openSite = async (host: URL, { signal, mayConnectTo }: SiteOptions): Promise<Site> => {
  const get: Site['get'] = async (url, mostBytes, mayFollow = (next) => next.host === host.host) => {
    const options: DownloadOptions = {
      mostBytes,
      signal: AbortSignal.any([signal, AbortSignal.timeout(FILE_MS)]),
      trustedOrigin: null,
      userAgent: USER_AGENT,
      mayFollow,
      ...(mayConnectTo ? { mayConnectTo } : {}),
    };
    try {
      return await downloadFile(url, options);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  };
  const robotsUrl = new URL('/robots.txt', host).href;
  let robotsText = '';
  try {
    robotsText = (await get(robotsUrl, LARGEST_ROBOTS, () => true)).bytes.toString('utf8');
  } catch (error) {
    signal.throwIfAborted();
    // RFC 9309: a site that has none allows everything, one whose rules can't be read allows nothing.
    const hasNone =
      error instanceof FileUnavailable && error.status !== null && error.status >= 400 && error.status < 500;
    if (!hasNone) {
      throw new SourceUnreadable(`${robotsUrl} can't be read, so nothing of the site may be (${reasonOf(error)})`, {
        passes: true,
        cause: error,
      });
    }
  }
  const robots = parseRobots(robotsUrl, robotsText);
  return {
    get,
    isAllowed: (url) => robots.isAllowed(url.href, ROBOT) !== false,
    crawlDelayMs: Math.min(LONGEST_CRAWL_DELAY_MS, (robots.getCrawlDelay(ROBOT) ?? 0) * 1000),
  };
};

/** Whether a path begins with a prefix, whole segments or not, as the prefix is written. */
const beginsWith = (path: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => path.startsWith(prefix));

const tooMany = (mostPages: number): SourceUnreadable =>
  new SourceUnreadable(
    `The sitemap lists more than ${mostPages} pages, which is mostPages: raise it, or say in allow which paths to read`,
    { passes: false },
  );

const listPages = async (source: SiteSource, site: Site, options: SiteOptions): Promise<ListedPage[]> => {
  const host = new URL(source.sitemap).host;
  const pages = new Map<string, ListedPage>();
  const seen = new Set<string>();
  const read = async (address: string, depth: number): Promise<void> => {
    const url = pageUrl(address);
    if (url === null || url.host !== host || seen.has(url.href)) return;
    if (depth > DEEPEST_SITEMAP || seen.size >= MOST_SITEMAPS) return;
    seen.add(url.href);
    if (!site.isAllowed(url)) {
      throw new SourceUnreadable(`robots.txt doesn't allow ${ROBOT} to read ${url.href}`, { passes: false });
    }
    let sitemap: Awaited<ReturnType<typeof readSitemap>>;
    try {
      sitemap = await readSitemap((await site.get(url.href, LARGEST_SITEMAP)).bytes);
    } catch (error) {
      options.signal.throwIfAborted();
      const reason = error instanceof NoSitemap ? error.message : reasonOf(error);
      const passes = !(error instanceof NoSitemap);
      throw new SourceUnreadable(`The sitemap ${url.href} can't be read: ${reason}`, { passes, cause: error });
    }
    for (const page of sitemap.pages) {
      const at = pageUrl(page.url);
      if (at === null || at.host !== host || pages.has(at.href)) continue;
      if (source.allow.length > 0 && !beginsWith(at.pathname, source.allow)) continue;
      if (beginsWith(at.pathname, source.leaveOut)) continue;
      pages.set(at.href, { url: at.href, updated: page.updated });
      if (pages.size > source.mostPages) throw tooMany(source.mostPages);
    }
    for (const further of sitemap.sitemaps) await read(further, depth + 1);
  };
  await read(source.sitemap, 0);
  return [...pages.values()];
};

/** Without the blocks that stand on most pages: a banner, a menu, "Was this helpful?". */
const withoutFrame = (articles: SourceArticle[]): SourceArticle[] => {
  if (articles.length < LEAST_PAGES_WITH_FRAME) return articles;
  const pagesWith = new Map<string, number>();
  const blocksOf = ({ text }: SourceArticle): string[] => text.split(/\n{2,}/);
  for (const article of articles) {
    for (const block of new Set(blocksOf(article))) pagesWith.set(block, (pagesWith.get(block) ?? 0) + 1);
  }
  const isFrame = (block: string): boolean => (pagesWith.get(block) ?? 0) > articles.length * FRAME_SHARE;
  return articles.map((article) => ({
    ...article,
    text: blocksOf(article)
      .filter((block) => !isFrame(block))
      .join('\n\n'),
  }));
};

/** Whether a page is surely there no more, so that what was read of it before doesn't count. */
const isGone = (error: unknown): boolean =>
  error instanceof FileUnavailable && (error.status === 404 || error.status === 410);

const isPassing = (error: unknown): boolean =>
  !(error instanceof FileTooLarge) &&
  !(error instanceof DocumentUnreadable) &&
  !(error instanceof FileUnavailable && error.status !== null && error.status < 500 && error.status !== 429);

interface Pages {
  host: string;
  site: Site;
  documents: DocumentReader;
  options: SiteOptions;
  /** Whether a page may be read that another one leads to. */
  mayRead(url: URL): boolean;
}

const readPage = async (page: ListedPage, { host, site, documents, mayRead }: Pages): Promise<SourceArticle> => {
  const mayFollow = (url: URL): boolean => url.host === host && mayRead(url);
  const { bytes, url, contentType, lastModified } = await site.get(page.url, LARGEST_PAGE, mayFollow);
  const isPage = contentType === null || /^(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType);
  if (!isPage) throw new DocumentUnreadable('It is no HTML page');
  const document = await documents.read({ kind: 'html', bytes, url, contentType });
  if (document.text === '') throw new DocumentUnreadable('It holds no text');
  const own = document.canonical === null ? null : pageUrl(document.canonical);
  const modified = Date.parse(lastModified ?? '');
  return {
    path: own !== null && own.host === host ? own.href : url,
    text: document.text,
    title: document.title,
    language: document.language,
    updated: document.updated ?? page.updated ?? (Number.isNaN(modified) ? null : new Date(modified).toISOString()),
  };
};

const readPages = async (pages: ListedPage[], from: Pages): Promise<SourceReading> => {
  const { site, options } = from;
  const { signal, previous, pauseMs = PAUSE_BEFORE_SECOND_TRY_MS } = options;
  const leftOut: LeftOut[] = [];
  const read = async (page: ListedPage): Promise<SourceArticle | null> => {
    if (!site.isAllowed(new URL(page.url))) {
      leftOut.push({ path: page.url, reason: "robots.txt doesn't allow it" });
      return null;
    }
    if (site.crawlDelayMs > 0) await delay(site.crawlDelayMs, undefined, { signal });
    try {
      return await readPage(page, from);
    } catch (first) {
      signal.throwIfAborted();
      let last = first;
      if (isPassing(first)) {
        await delay(pauseMs, undefined, { signal });
        try {
          return await readPage(page, from);
        } catch (second) {
          signal.throwIfAborted();
          last = second;
        }
      }
      leftOut.push({ path: page.url, reason: reasonOf(last) });
      return isGone(last) ? null : (previous?.get(page.url) ?? null);
    }
  };
  const concurrency = site.crawlDelayMs > 0 ? 1 : AT_ONCE;
  const found = await pMap(pages, read, { concurrency, signal });
  return {
    articles: found.filter((article) => article !== null),
    leftOut: leftOut.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
};

/**
 * Reads these pages of one host, as its robots.txt allows, few at a time. One that can't be had just now stays as it
 * was; one that is gone is left out.
 * @throws {SourceUnreadable} where robots.txt can't be read, or the signal's reason
 */
export const readSitePages = async (
  pagesOf: (site: Site) => Promise<ListedPage[]>,
  host: URL,
  mayRead: (url: URL) => boolean,
  options: SiteOptions,
): Promise<SourceReading> => {
  const site = await openSite(host, options);
  const pages = await pagesOf(site);
  const documents = openDocumentReader(options.signal);
  try {
    const both = (url: URL): boolean => site.isAllowed(url) && mayRead(url);
    const { articles, leftOut } = await readPages(pages, { host: host.host, site, documents, options, mayRead: both });
    return withinBounds({ articles: withoutFrame(articles), leftOut });
  } finally {
    await documents.close();
  }
};

/**
 * The pages that a site's sitemap lists, as markdown: only those of its host, under the allowed paths, that robots.txt
 * allows; addresses of the internet only.
 * @throws {SourceUnreadable} where robots.txt or the sitemap can't be read, or the signal's reason
 */
export const readSite = (source: SiteSource, options: SiteOptions): Promise<SourceReading> =>
  readSitePages(
    (site) => listPages(source, site, options),
    new URL(source.sitemap),
    ({ pathname }) => source.allow.length === 0 || beginsWith(pathname, source.allow),
    options,
  );
