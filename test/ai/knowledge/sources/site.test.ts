import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../../../dev/simulator/simulator.ts';
import { type SourceArticle, SourceUnreadable } from '../../../../src/ai/knowledge/sources/article.ts';
import { readKnowledgeBase } from '../../../../src/ai/knowledge/sources/knowledge-base.ts';
import { readSite, type SiteOptions, USER_AGENT } from '../../../../src/ai/knowledge/sources/site.ts';
import { NoSitemap, readSitemap } from '../../../../src/ai/knowledge/sources/sitemap.ts';
import type { SiteSource } from '../../../../src/ai/knowledge/sources/source.ts';
import type { PortalId } from '../../../../src/hubspot/ids.ts';
import { createKnowledgeBase } from '../../../../src/hubspot/knowledge-base.ts';
import { ACCESS_TOKEN, testSimulator } from '../../../support/simulator.ts';
import { Site } from '../../../support/site.ts';
import { pageOf } from './files.ts';

const signal = new AbortController().signal;
let site: Site;

beforeEach(async () => {
  site = new Site();
  await site.start();
});
afterEach(() => site.stop());

const source = (changes: Partial<SiteSource> = {}): SiteSource => ({
  type: 'site',
  name: 'help',
  sitemap: `${site.url}/sitemap.xml`,
  allow: [],
  leaveOut: [],
  mostPages: 100,
  language: null,
  allowLoss: false,
  ...changes,
});
const read = (changes: Partial<SiteSource> = {}, options: Partial<SiteOptions> = {}) =>
  readSite(source(changes), { signal, mayConnectTo: () => true, pauseMs: 1, ...options });
const pathsOf = ({ articles }: { articles: SourceArticle[] }): string[] =>
  articles.map(({ path }) => path.replace(site.url, ''));

describe('a site', () => {
  it('gives the pages of its sitemap, with address, title, language and date', async () => {
    site.pages = {
      '/sitemap.xml': site.sitemap('/returns', '/shipping'),
      '/returns': pageOf('Returns', 'Within 30 days.'),
      '/shipping': pageOf('Shipping', 'Two days.'),
    };
    const { articles, leftOut } = await read();
    expect(articles).toEqual([
      {
        path: `${site.url}/returns`,
        text: '# Returns\n\nWithin 30 days.',
        title: 'Returns',
        language: 'en-GB',
        updated: '2026-02-01T00:00:00.000Z',
      },
      expect.objectContaining({ path: `${site.url}/shipping`, title: 'Shipping' }),
    ]);
    expect(leftOut).toEqual([]);
    expect(site.asked[0]).toBe('/robots.txt');
    expect([...site.userAgents]).toEqual([USER_AGENT]);
  });

  it('follows an index of sitemaps, packed or not, on its own host alone', async () => {
    const packed = gzipSync(`<urlset><url><loc>${site.url}/b</loc></url></urlset>`);
    const listed = ['ORIGIN/one.xml', 'ORIGIN/two.xml.gz', 'http://other.example/three.xml', 'ORIGIN/sitemap.xml'];
    site.pages = {
      '/sitemap.xml': {
        body: `<sitemapindex>${listed.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join('')}</sitemapindex>`,
      },
      '/one.xml': {
        body: '<urlset><url><loc>ORIGIN/a</loc></url><url><loc>http://other.example/c</loc></url></urlset>',
      },
      '/two.xml.gz': { headers: { 'content-type': 'application/gzip' }, body: packed },
      '/a': pageOf('A', 'a'),
      '/b': pageOf('B', 'b'),
    };
    expect(pathsOf(await read())).toEqual(['/a', '/b']);
  });

  it('is read only where its paths are allowed', async () => {
    site.pages = { '/sitemap.xml': site.sitemap('/en/a', '/en/old/b', '/de/c', '/d') };
    for (const path of ['/en/a', '/en/old/b', '/de/c', '/d']) site.pages[path] = pageOf(path, 'words');
    expect(pathsOf(await read({ allow: ['/en/', '/de/'], leaveOut: ['/en/old/'] }))).toEqual(['/en/a', '/de/c']);
  });

  it.each([
    ['for everybody', 'User-agent: *\nDisallow: /private/'],
    ['for this robot', 'User-agent: *\nAllow: /\n\nUser-agent: Threadkeeper\nDisallow: /private/'],
    ['with a pattern', 'User-agent: *\nDisallow: /*ivate/$\nDisallow: /p*e/b'],
  ])('is left alone where robots.txt says so %s', async (_, robots) => {
    site.pages = {
      '/robots.txt': { headers: { 'content-type': 'text/plain' }, body: robots },
      '/sitemap.xml': site.sitemap('/a', '/private/b'),
      '/a': pageOf('A', 'a'),
      '/private/b': pageOf('B', 'b'),
    };
    const reading = await read();
    expect(pathsOf(reading)).toEqual(['/a']);
    expect(reading.leftOut).toEqual([{ path: `${site.url}/private/b`, reason: "robots.txt doesn't allow it" }]);
    expect(site.asked).not.toContain('/private/b');
  });

  it('is not read past a redirect that robots.txt, its paths or its host don’t allow', async () => {
    const to = (location: string) => ({ status: 302, headers: { location } });
    site.pages = {
      '/robots.txt': 'User-agent: *\nDisallow: /private/',
      '/sitemap.xml': site.sitemap('/help/a', '/help/b', '/help/c', '/help/d'),
      '/help/a': to('/private/x'),
      '/help/b': to('/elsewhere'),
      '/help/c': to('http://127.0.0.1:1/'),
      '/help/d': to('/help/e'),
      '/help/e': pageOf('E', 'e'),
      '/private/x': pageOf('X', 'x'),
      '/elsewhere': pageOf('Y', 'y'),
    };
    const reading = await read({ allow: ['/help/'] });
    expect(pathsOf(reading)).toEqual(['/help/e']);
    expect(reading.leftOut).toHaveLength(3);
    expect(site.asked).not.toContain('/private/x');
  });

  it.each([
    ['that can’t be read', { '/robots.txt': { status: 503 } }, /robots\.txt can't be read/],
    ['that forbids the sitemap', { '/robots.txt': 'User-agent: *\nDisallow: /' }, /robots\.txt doesn't allow/],
  ])('with a robots.txt %s is not read', async (_, pages, why) => {
    site.pages = { '/sitemap.xml': site.sitemap('/a'), '/a': pageOf('A', 'a'), ...pages };
    await expect(read()).rejects.toThrow(why);
    expect(site.asked).not.toContain('/a');
  });

  it.each([
    ['is missing', { status: 404 }, true],
    ['is a page', { body: pageOf('Not found', 'x') }, false],
    ['is a bomb', { body: gzipSync(Buffer.alloc(11 * 1024 * 1024)) }, false],
  ])('whose sitemap %s is not read', async (_, page, passes) => {
    site.pages = { '/sitemap.xml': page };
    const failure = await read().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SourceUnreadable);
    expect(failure).toMatchObject({ passes });
  });

  it('with more pages than it may have is not read', async () => {
    site.pages = { '/sitemap.xml': site.sitemap('/a', '/b', '/c') };
    await expect(read({ mostPages: 2 })).rejects.toThrow('lists more than 2 pages, which is mostPages');
  });

  it('of this network is not called', async () => {
    site.pages = { '/sitemap.xml': site.sitemap('/a'), '/a': pageOf('A', 'a') };
    await expect(readSite(source(), { signal })).rejects.toThrow(/not on the internet/);
    expect(site.asked).toEqual([]);
  });

  it('keeps a page that can’t be had just now, and forgets one that is gone', async () => {
    site.pages = {
      '/sitemap.xml': site.sitemap('/a', '/b', '/c', '/d'),
      '/a': pageOf('A', 'a'),
      '/b': { status: 503 },
      '/c': { status: 410 },
      '/d': { status: 500 },
    };
    const old = (path: string): [string, SourceArticle] => [
      `${site.url}${path}`,
      { path: `${site.url}${path}`, text: 'old', title: null, language: null, updated: null },
    ];
    const reading = await read({}, { previous: new Map([old('/b'), old('/c')]) });
    expect(pathsOf(reading)).toEqual(['/a', '/b']);
    expect(reading.leftOut.map(({ path, reason }) => [path.replace(site.url, ''), reason])).toEqual([
      ['/b', "The file's host answered 503"],
      ['/c', "The file's host answered 410"],
      ['/d', "The file's host answered 500"],
    ]);
    expect(site.asked.filter((path) => path === '/b')).toHaveLength(2);
    expect(site.asked.filter((path) => path === '/c')).toHaveLength(1);
  });

  it('gives each article once, however many addresses it has, and nothing of its frame', async () => {
    const paths = Array.from({ length: 8 }, (_, number) => `/${number}`);
    const banner = '<main><p>We use cookies.</p>';
    site.pages = {
      '/sitemap.xml': site.sitemap(...paths, '/0?utm=1'),
      '/image': { headers: { 'content-type': 'image/png' } },
    };
    for (const path of paths) {
      const head = `<head><link rel="canonical" href="ORIGIN${path}"></head>`;
      site.pages[path] = `${head}${banner}<h1>Page ${path}</h1><p>Words of ${path}</p></main>`;
    }
    site.pages['/0?utm=1'] = site.pages['/0'] as string;
    const reading = await read();
    expect(pathsOf(reading)).toEqual(paths);
    expect(reading.articles[3]?.text).toBe('# Page /3\n\nWords of /3');
    expect(site.mostAtOnce).toBeLessThanOrEqual(2);
  });

  it('leaves out what is no page', async () => {
    site.pages = {
      '/sitemap.xml': site.sitemap('/a', '/b'),
      '/a': { headers: { 'content-type': 'application/pdf' }, body: '%PDF' },
      '/b': '<html><body></body></html>',
    };
    expect((await read()).leftOut.map(({ reason }) => reason)).toEqual(['It is no HTML page', 'It holds no text']);
  });

  it('stops when it is told to', async () => {
    site.pages = { '/sitemap.xml': site.sitemap('/a'), '/a': { hangs: true } };
    const stop = new AbortController();
    const reading = read({}, { signal: stop.signal });
    while (!site.asked.includes('/a')) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort(new Error('stopped'));
    await expect(reading).rejects.toThrow('stopped');
  });
});

it.each([
  ['a list of addresses', 'https://a.example/1\nhttps://a.example/2\n', ['https://a.example/1', 'https://a.example/2']],
  [
    'names with a prefix, CDATA and pictures',
    '<s:urlset xmlns:s="x"><s:url><s:loc><![CDATA[https://a.example/?a=1&b=2]]></s:loc>' +
      '<image:image><image:loc>https://a.example/i.png</image:loc></image:image></s:url></s:urlset>',
    ['https://a.example/?a=1&b=2'],
  ],
  [
    'an address with entities',
    '<urlset><url><loc>https://a.example/?a=1&amp;b=2</loc></url></urlset>',
    ['https://a.example/?a=1&b=2'],
  ],
])('a sitemap may be %s', async (_, text, urls) => {
  expect((await readSitemap(Buffer.from(text))).pages.map(({ url }) => url)).toEqual(urls);
  await expect(readSitemap(Buffer.from('hello'))).rejects.toThrow(NoSitemap);
});

describe('a knowledge base of HubSpot’s', () => {
  let simulator: Simulator | undefined;
  afterEach(() => simulator?.close());
  const article = (path: string, more = {}) => ({
    type: 'KNOWLEDGE_ARTICLE',
    url: `${site.url}${path}`,
    title: `About ${path}`,
    language: 'de',
    publishedDate: Date.parse('2026-01-01'),
    ...more,
  });
  const kb = { type: 'hubspot', name: 'kb', portalId: '1' as PortalId, language: null, allowLoss: false } as const;

  it('is listed by HubSpot, page by page, and read where customers read it', async () => {
    simulator = await testSimulator();
    const numbers = Array.from({ length: 120 }, (_, number) => `/${number}`);
    simulator.behaviour.knowledgeArticles = [
      ...numbers.map((path) => article(path)),
      article('/secret', { isPrivate: true }),
      article('/post', { type: 'BLOG_POST' }),
    ];
    for (const path of [...numbers, '/secret']) site.pages[path] = `<main><p>Words of ${path}</p></main>`;
    const http = { apiUrl: simulator.url, accessToken: ACCESS_TOKEN, timeoutMs: 5_000 };
    const base = createKnowledgeBase({ apiVersion: 'v3', ...http });
    const options = { signal, mayConnectTo: () => true, pauseMs: 1 };
    const { articles } = await readKnowledgeBase({ ...kb, domain: null, mostPages: 200 }, base, options);
    expect(pathsOf({ articles })).toEqual(numbers);
    expect(articles[7]).toMatchObject({ title: 'About /7', language: 'de', updated: '2026-01-01T00:00:00.000Z' });
    expect(articles[7]?.text).toContain('Words of /7');
    await expect(readKnowledgeBase({ ...kb, domain: null, mostPages: 100 }, base, options)).rejects.toThrow(
      'more than 100',
    );
    await expect(
      readKnowledgeBase({ ...kb, domain: 'help.example.com', mostPages: 200 }, base, options),
    ).rejects.toThrow(/lists no article of the knowledge base on help\.example\.com/);
    expect(simulator.contractViolations).toEqual([]);
  });
});
