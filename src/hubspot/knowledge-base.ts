import { createHubSpotHttp, type HubSpotHttpOptions } from './http.ts';

/** A published article, as HubSpot's search of web sites lists it. */
export interface ListedArticle {
  url: string;
  title: string | null;
  /** A language tag. */
  language: string | null;
  /** When it was published, as ISO 8601. */
  updated: string | null;
}

/** A portal's knowledge base, as its customers read it. */
export interface KnowledgeBase {
  /**
   * The published articles that everyone may read, at most this many. HubSpot has no stable call for their text: that
   * stands where customers read it. Throws the errors of {@link createHubSpotHttp}; the app needs the scope `content`.
   */
  listArticles(most: number): Promise<ListedArticle[]>;
}

/** HubSpot gives no more at once. */
const PAGE = 100;

export const createKnowledgeBase = (options: HubSpotHttpOptions): KnowledgeBase => {
  const http = createHubSpotHttp(options);
  return {
    async listArticles(most) {
      const found = new Map<string, ListedArticle>();
      for (let offset = 0; found.size < most; offset += PAGE) {
        const { results, total } = await http.call('get', '/cms/v3/site-search/search', {
          query: { type: ['KNOWLEDGE_ARTICLE'], limit: PAGE, offset },
        });
        for (const { url, type, title, language, publishedDate, isPrivate } of results) {
          if (type !== 'KNOWLEDGE_ARTICLE' || isPrivate === true || !URL.canParse(url)) continue;
          found.set(new URL(url).href, {
            url: new URL(url).href,
            title: title ?? null,
            language: language ?? null,
            updated: publishedDate === undefined ? null : new Date(publishedDate).toISOString(),
          });
        }
        if (results.length === 0 || offset + results.length >= total) break;
      }
      return [...found.values()].slice(0, most);
    },
  };
};
