import { linkedDomains } from '../links.ts';
import { type CandidateSearch, createCandidateSearch } from './passage-search.ts';
import { KnowledgeError, loadPassages, type Passage, publishedIn } from './passages.ts';

const passagesIfAny = async (folder: string): Promise<Passage[]> => {
  try {
    return await loadPassages(folder);
  } catch (error) {
    if (error instanceof KnowledgeError) return [];
    throw error;
  }
};

/** The search of a folder's articles for a model; `null` where there is no article (the doctor says so). */
export const searchIn = async (folder: string): Promise<CandidateSearch | null> => {
  const passages = await passagesIfAny(folder);
  return passages.length > 0 ? createCandidateSearch(passages) : null;
};

/** Every domain that a folder's articles lead to: what stands there, a customer may hear. */
export const articleDomains = async (folder: string): Promise<string[]> =>
  linkedDomains((await passagesIfAny(folder)).map(({ text }) => text).join('\n'));

/** All that a folder's articles say. */
export const articleWords = async (folder: string): Promise<string[]> => publishedIn(await passagesIfAny(folder));
