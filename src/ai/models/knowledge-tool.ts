import { tool } from 'ai';
import { z } from 'zod';
import type { Source } from '../backend.ts';
import type { PassageSearch } from '../knowledge/passage-search.ts';
import { asData, cut } from './data.ts';

/** One paragraph may be as long as a whole article: so much of a passage goes to the model, in characters. */
const LONGEST_PASSAGE = 4_000;

/** A search gave the model this, by the id under which it may be named as a source. */
export type FoundSources = Map<string, Source>;

/**
 * The tool with which a model looks into the help articles. What it finds is noted in `found`: an answer can name no
 * other source, and none in other words.
 */
export const searchKnowledgeTool = (search: PassageSearch, found: FoundSources) =>
  tool({
    description:
      'Searches the help articles of the business. Gives, for each query, the passage that fits it best, as ' +
      'data with an id, or nothing. Queries are a few words in the language of the articles.',
    inputSchema: z.object({ queries: z.array(z.string()).describe('One for each thing to look up, at most five') }),
    execute: ({ queries }) => {
      const results = queries.slice(0, 5).map((query) => {
        const match = search(query.slice(0, 500));
        if (!match) return { query: cut(query, 500), found: null };
        const { title, path, text } = match.passage;
        const known = [...found].find(([, source]) => source.title === title && source.path === path);
        const id = known?.[0] ?? `article-${found.size + 1}`;
        found.set(id, { title, path });
        return {
          query: cut(query, 500),
          found: { id, title, text: cut(text, LONGEST_PASSAGE), confidence: match.confidence },
        };
      });
      return asData(results);
    },
  });
