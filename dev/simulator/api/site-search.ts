import type { Handlers } from './operations.ts';

const USUAL_PAGE = 10;

export const siteSearchHandlers: Handlers<'searchSite'> = {
  searchSite: (world, { query: { type, limit = USUAL_PAGE, offset = 0 } }) => {
    const found = world.behaviour.knowledgeArticles.filter((article) => type?.some((one) => one === article.type));
    return { status: 200, body: { total: found.length, offset, limit, results: found.slice(offset, offset + limit) } };
  },
};
