import type { KnowledgeBase, ListedArticle } from '../../../hubspot/knowledge-base.ts';
import { type SourceReading, SourceUnreadable, withinBounds } from './article.ts';
import { readSitePages, type SiteOptions } from './site.ts';
import type { HubSpotSource } from './source.ts';

/**
 * The published articles of a portal's knowledge base: HubSpot's search lists them, and each is read where customers
 * read it.
 * @throws {SourceUnreadable} where HubSpot lists none, or a host's robots.txt can't be read; what HubSpot's API throws
 */
export const readKnowledgeBase = async (
  source: HubSpotSource,
  base: KnowledgeBase,
  options: SiteOptions,
): Promise<SourceReading> => {
  const listed = await base.listArticles(source.mostPages + 1);
  if (listed.length > source.mostPages) {
    throw new SourceUnreadable(
      `HubSpot lists more than ${source.mostPages} articles, which is mostPages: raise it, or name one domain`,
      { passes: false },
    );
  }
  const articles = listed.filter(({ url }) => source.domain === null || new URL(url).hostname === source.domain);
  if (articles.length === 0) {
    const where = source.domain === null ? '' : ` on ${source.domain}`;
    throw new SourceUnreadable(
      `HubSpot's search lists no article of the knowledge base${where}: give its sitemap, as a source of type site`,
      { passes: false },
    );
  }
  const byUrl = new Map(articles.map((article) => [article.url, article]));
  const byHost = Map.groupBy(articles, ({ url }) => new URL(url).origin);
  const reading: SourceReading = { articles: [], leftOut: [] };
  for (const [origin, ofHost] of byHost) {
    const pages = ofHost.map(({ url, updated }: ListedArticle) => ({ url, updated }));
    const { articles: found, leftOut } = await readSitePages(
      async () => pages,
      new URL(origin),
      () => true,
      options,
    );
    for (const article of found) {
      const known = byUrl.get(article.path);
      reading.articles.push({
        ...article,
        title: known?.title ?? article.title,
        language: article.language ?? known?.language ?? null,
      });
    }
    reading.leftOut.push(...leftOut);
  }
  return withinBounds(reading);
};
